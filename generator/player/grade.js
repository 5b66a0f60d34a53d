/* Asks the rules (the same Lua as in the compiler) what the learner's answers are worth. */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    /* The learner's state as the rules take it. */
    function stateForRules(course, learner) {
        var state = {
            seen: Object.keys(learner.seen),
            seed: learner.seed,
            round: learner.round,
            answers: {},
            paths: {},
            moves: {}
        };
        course.exercises.forEach(function (exercise) {
            var answer = learner.answers[exercise.id];
            if (answer && exercise.kind === "scenario") {
                state.paths[exercise.id] = Probity.exercise.path(exercise, answer.given);
                state.moves[exercise.id] = Array.from(answer.given);
            } else if (answer) {
                state.answers[exercise.id] = Probity.exercise.forRules(exercise, answer);
            }
        });
        return state;
    }

    /* What rules do not ask for: words, and what belongs to the page. */
    function skeletonOf(course) {
        var skeleton = {};
        Object.keys(course).forEach(function (key) {
            if (["words", "rules", "places", "accepted", "objective_titles", "profile", "language"].indexOf(key) < 0) {
                skeleton[key] = course[key];
            }
        });
        return JSON.stringify(skeleton);
    }

    /*
     * Opens the rules for a course, its own rules.lua included where it has one (`course.rules`). The build has run
     * that file; should it fail here all the same, the default rules decide, and a learner can always finish.
     */
    Probity.openGrade = function (course) {
        var rules = window.ProbityRules.open();
        var skeleton = skeletonOf(course);
        if (course.rules) {
            try {
                rules.load("rules.lua", course.rules);
            } catch (error) {
                console.warn("rules.lua", error.line, error.message);
            }
        }
        function grade(learner) {
            var result = JSON.parse(
                rules.call("evaluate", "[" + skeleton + "," + JSON.stringify(stateForRules(course, learner)) + "]")
            );
            result.fallback.forEach(function (entry) {
                console.warn("rules.lua", entry.function, entry.message);
            });
            return result;
        }
        /* {path, moves, points, exact}: what the rules recommend in a case study. */
        grade.bestPath = function (scenario) {
            return JSON.parse(rules.call("best_points", JSON.stringify([scenario])));
        };
        return grade;
    };

    /* Screens seen and exercises answered, of all that count; the whole is reached by completion alone. */
    Probity.progressPermille = function (course, learner, grade) {
        var required = grade.required;
        var done =
            required.screens.filter(function (screen) {
                return learner.seen[screen];
            }).length +
            required.exercises.filter(function (id) {
                return grade.results[id].answered;
            }).length;
        var all = required.screens.length + required.exercises.length;
        return learner.completed ? 1000 : Math.min(999, Math.floor((1000 * done) / Math.max(all, 1)));
    };
})();
