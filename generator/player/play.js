/*
 * Joins the parts of a course that is being taken: places, exercises, what is kept, and what the learner sees of it.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.play = function (course, say, keeper, navigation) {
        var widgets = {},
            placesOf = {};
        var taking = Probity.openTaking(Probity.world, course, keeper, document.documentElement.lang);
        var showResult;

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
            var result = taking.answered(id, given, words);
            refresh();
            tellPassed(wasPassed);
            return result;
        }

        function moved(id, given, words) {
            taking.moved(id, given, words);
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
            taking.shown(id);
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
            if (root) {
                placesOf[skeleton.id] = root.closest("[data-place]").dataset.place;
                widgets[skeleton.id] =
                    skeleton.kind === "scenario"
                        ? Probity.openScenario(root, skeleton, say, moved)
                        : Probity.openQuestion(root, skeleton, say, answered);
            }
        });
        restoreAll();
        keeper.whenReplaced = function () {
            restoreAll();
            refresh();
        };
        navigation.whenShown(shown);
        navigation.show(keeper.learner.screen, true);
    };
})();
