/*
 * What a learner's acts do to the state and what of them a platform is told, without a page: play.js calls it for what
 * is clicked, `probity simulate` for what a script says. It draws nothing and looks at no document.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    /* `language`: BCP 47, of the words that go into reports. */
    Probity.openTaking = function (world, course, keeper, language) {
        var skeletons = {};
        var shownAt = world.monotonic();
        var taking = {};

        function record(skeleton, given, words) {
            var now = world.monotonic();
            var seconds = (now - shownAt) / 1000;
            shownAt = now;
            return {
                id: skeleton.id,
                kind: skeleton.kind,
                weight: skeleton.points,
                at: world.now(),
                seconds: seconds,
                given: given,
                skeleton: skeleton,
                accepted: course.accepted && course.accepted[skeleton.id],
                words: words,
                language: language
            };
        }

        /* A screen, or a page around the screens, is before the learner. */
        taking.shown = function (id) {
            var learner = keeper.learner;
            shownAt = world.monotonic();
            var isNew = course.screens.indexOf(id) >= 0 && !learner.seen[id];
            if (isNew) {
                learner.seen[id] = true;
            }
            if (isNew || learner.screen !== id) {
                learner.screen = id;
                keeper.change();
            }
        };

        /* `given`: see state.js; `words`: of the stem. Returns the result {permille, …}. */
        taking.answered = function (id, given, words) {
            var before = keeper.learner.answers[id];
            keeper.learner.answers[id] = { tries: before ? before.tries + 1 : 1, given: given };
            keeper.change(record(skeletons[id], given, words));
            return keeper.grade.results[id];
        };

        /* A choice in a case study: `given` are the letters of all that were taken; "": it begins anew. */
        taking.moved = function (id, given, words) {
            var before = keeper.learner.answers[id];
            var tries = before ? before.tries + (given === "" ? 1 : 0) : 1;
            keeper.learner.answers[id] = { tries: tries, given: given };
            keeper.change(Probity.exercise.end(skeletons[id], given) ? record(skeletons[id], given, words) : null);
        };

        /* ---- What the page offers ---- */

        /* Whether this screen, or this module's own page, can be read. */
        taking.isOpen = function (id) {
            return (course.modules || []).every(function (module) {
                var isOfModule = module.id === id || module.screens.indexOf(id) >= 0;
                return !isOfModule || keeper.grade.open.indexOf(module.id) >= 0;
            });
        };

        /* Whether the answer that stands is the last: what is confirmed, and what is right or out of attempts. */
        taking.isFinal = function (id) {
            var left = keeper.grade.attempts_left[id];
            return (
                Boolean(keeper.learner.answers[id]) &&
                (skeletons[id].kind === "attestation" ||
                    (left !== undefined && (left === 0 || keeper.grade.results[id].permille === 1000)))
            );
        };

        taking.retakesLeft = function () {
            return course.retakes === undefined ? Infinity : Math.max(course.retakes - keeper.learner.round, 0);
        };

        taking.mayRestart = function () {
            return Probity.isGraded(course) && keeper.grade.answered && taking.retakesLeft() > 0;
        };

        /* Ends the course below the pass mark. */
        taking.mayEnd = function () {
            var learner = keeper.learner;
            return Probity.isGraded(course) && keeper.grade.completed && !learner.passed && !learner.ended;
        };

        course.exercises.forEach(function (skeleton) {
            skeletons[skeleton.id] = skeleton;
        });
        return taking;
    };
})();
