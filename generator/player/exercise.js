/*
 * What can be known of a question or a case study from its neutral skeleton (course.js): which answers it can have,
 * and where a path through a case study leads. Answers are letters of choices: "b"; "ac" for several; for a case
 * study those taken, one after the other.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});
    var LETTERS = "abcdefghijklmnopqrstuvwxyz";

    var exercise = (Probity.exercise = {});

    exercise.step = function (scenario, id) {
        return scenario.steps.find(function (step) {
            return step.id === id;
        });
    };

    /*
     * [[step, letter], …, [step where one stands]], as far as the letters lead; the letters may come from another
     * version.
     */
    exercise.walk = function (scenario, letters) {
        var step = exercise.step(scenario, scenario.start);
        var walked = [];
        for (var at = 0; at < letters.length; at++) {
            var move = step.moves[LETTERS.indexOf(letters[at])];
            var next = move && exercise.step(scenario, move);
            if (!next) {
                break;
            }
            walked.push([step.id, letters[at]]);
            step = next;
        }
        walked.push([step.id]);
        return walked;
    };

    exercise.path = function (scenario, letters) {
        return exercise.walk(scenario, letters).map(function (part) {
            return part[0];
        });
    };

    /*
     * The same story without detours that lead back and show nothing that is not also shown elsewhere on the way:
     * what counts are the steps reached, and a learner who walks in circles must not outgrow what a platform can
     * keep.
     */
    exercise.shorten = function (scenario, letters) {
        var path = exercise.path(scenario, letters);
        for (var from = 0; from < path.length; from++) {
            for (var to = path.length - 1; to > from; to--) {
                var outside = path.slice(0, from + 1).concat(path.slice(to));
                var isDetour =
                    path[from] === path[to] &&
                    path.slice(from, to).every(function (id) {
                        return outside.indexOf(id) >= 0;
                    });
                if (isDetour) {
                    return exercise.shorten(scenario, letters.slice(0, from) + letters.slice(to));
                }
            }
        }
        return letters;
    };

    exercise.end = function (scenario, letters) {
        return exercise.step(scenario, exercise.path(scenario, letters).pop()).end || "";
    };

    /* Whether a stored answer can still be one: the course may have changed since. */
    exercise.accepts = function (skeleton, letters) {
        if (skeleton.kind === "scenario") {
            return exercise.walk(skeleton, letters).length === letters.length + 1;
        }
        return (
            letters.length > 0 &&
            (skeleton.kind === "multiple" || letters.length === 1) &&
            new Set(letters).size === letters.length &&
            Array.from(letters).every(function (letter) {
                return skeleton.choices.indexOf(letter) >= 0;
            })
        );
    };
})();
