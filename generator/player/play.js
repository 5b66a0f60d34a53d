/*
 * Joins the parts of a course that is being taken: places, exercises, what is kept, and what the learner sees of it.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.play = function (course, say, keeper, navigation) {
        var widgets = {},
            placesOf = {};
        var shownAt = performance.now();
        var language = document.documentElement.lang;
        var skeletons = {};
        var showResult;

        function record(skeleton, given, words) {
            var now = performance.now();
            var seconds = (now - shownAt) / 1000;
            shownAt = now;
            return {
                id: skeleton.id,
                kind: skeleton.kind,
                weight: skeleton.points,
                at: Date.now(),
                seconds: seconds,
                given: skeleton.kind === "scenario" ? Probity.exercise.walk(skeleton, given).slice(0, -1) : given,
                right: skeleton.right ? skeleton.right.join("") : "",
                words: words,
                language: language
            };
        }

        function markPlaces() {
            course.screens.forEach(function (id) {
                var open = course.exercises.some(function (exercise) {
                    return placesOf[exercise.id] === id && !keeper.grade.results[exercise.id].answered;
                });
                navigation.mark(id, !keeper.learner.seen[id] ? "" : open ? "open" : "seen");
            });
        }

        function refresh() {
            markPlaces();
            showResult(keeper);
        }

        function tellPassed(wasPassed) {
            if (!wasPassed && keeper.learner.passed) {
                Probity.announce(say("player.result.passed"));
            }
        }

        function answered(id, given, words) {
            var wasPassed = keeper.learner.passed;
            var before = keeper.learner.answers[id];
            keeper.learner.answers[id] = { tries: before ? before.tries + 1 : 1, given: given };
            keeper.change(record(skeletons[id], given, words));
            refresh();
            tellPassed(wasPassed);
            return keeper.grade.results[id];
        }

        function moved(id, given, words) {
            var before = keeper.learner.answers[id];
            var tries = before ? before.tries + (given === "" ? 1 : 0) : 1;
            keeper.learner.answers[id] = { tries: tries, given: given };
            keeper.change(Probity.exercise.end(skeletons[id], given) ? record(skeletons[id], given, words) : null);
            refresh();
        }

        function restoreAll() {
            course.exercises.forEach(function (skeleton) {
                if (widgets[skeleton.id]) {
                    widgets[skeleton.id].restore(
                        keeper.learner.answers[skeleton.id],
                        keeper.grade.results[skeleton.id].permille
                    );
                }
            });
        }

        function shown(id) {
            var learner = keeper.learner;
            shownAt = performance.now();
            var isNew = course.screens.indexOf(id) >= 0 && !learner.seen[id];
            if (isNew) {
                learner.seen[id] = true;
            }
            if (isNew || learner.screen !== id) {
                learner.screen = id;
                keeper.change();
            }
            refresh();
        }

        showResult = Probity.openResult(
            course,
            say,
            function (id) {
                return placesOf[id];
            },
            navigation,
            {
                restart: function () {
                    keeper.restart();
                    restoreAll();
                    navigation.show(course.screens[0]);
                },
                end: function () {
                    keeper.end();
                    refresh();
                    document.querySelector("#course-result").parentElement.querySelector("h2").focus();
                }
            }
        );
        course.exercises.forEach(function (skeleton) {
            var root = document.querySelector("[data-exercise='" + skeleton.id + "']");
            skeletons[skeleton.id] = skeleton;
            if (root) {
                placesOf[skeleton.id] = root.closest("[data-place]").dataset.place;
                widgets[skeleton.id] =
                    skeleton.kind === "scenario"
                        ? Probity.openScenario(root, skeleton, say, moved)
                        : Probity.openQuestion(root, skeleton, say, answered);
            }
        });
        restoreAll();
        navigation.whenShown(shown);
        navigation.show(keeper.learner.screen, true);
    };
})();
