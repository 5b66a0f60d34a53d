/*
 * Joins the parts of a course that is being taken: places, exercises, what is kept, and what the learner sees of it.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.play = function (course, say, keeper, navigation) {
        var widgets = {},
            placesOf = {};
        var language = document.documentElement.lang;
        var world = Probity.world;
        var taking = Probity.openTaking(world, course, keeper, language);
        var modules = Probity.openModules(course, say, navigation);
        var showResult;

        function refresh() {
            modules.show(keeper.learner, keeper.grade, placesOf);
            course.exercises.forEach(function (exercise) {
                var widget = widgets[exercise.id];
                if (widget) {
                    widget.root.hidden = keeper.grade.drawn.indexOf(exercise.id) < 0;
                }
            });
            showResult(keeper);
        }

        function tellPassed(wasPassed) {
            if (!wasPassed && keeper.learner.passed) {
                Probity.announce(say("player.result.passed"));
            }
        }

        /* What question.js shows of an answer. */
        function verdictOf(id) {
            return {
                permille: keeper.grade.results[id].permille,
                feedback: keeper.grade.feedback[id],
                attemptsLeft: keeper.grade.attempts_left[id],
                isFinal: taking.isFinal(id)
            };
        }

        function answered(id, given, words) {
            var wasPassed = keeper.learner.passed,
                wasSkipped = keeper.grade.skipped.length;
            taking.answered(id, given, words);
            refresh();
            tellPassed(wasPassed);
            if (keeper.grade.skipped.length > wasSkipped) {
                modules.tellSkipped(placesOf[id]);
            }
            return verdictOf(id);
        }

        function moved(id, given, words) {
            taking.moved(id, given, words);
            refresh();
        }

        function restoreAll() {
            course.exercises.forEach(function (skeleton) {
                if (widgets[skeleton.id]) {
                    widgets[skeleton.id].restore(
                        keeper.learner,
                        keeper.learner.answers[skeleton.id],
                        verdictOf(skeleton.id)
                    );
                }
            });
        }

        /* A locked screen is not read, so it is not seen. */
        function shown(id) {
            refresh();
            if (taking.isOpen(id)) {
                taking.shown(id);
                refresh();
            }
        }

        function open(root, skeleton) {
            if (skeleton.kind === "scenario") {
                return Probity.openScenario(root, skeleton, say, moved, function () {
                    return keeper.bestPath(skeleton);
                });
            }
            return Probity.openQuestion(root, skeleton, {
                say: say,
                language: language,
                accepted: course.accepted && course.accepted[skeleton.id],
                list: formats.list,
                formatNumber: formats.number,
                formatDate: formats.date,
                today: function () {
                    return Probity.format.day(world.now());
                },
                answered: answered
            });
        }

        var formats = Probity.openFormats(language);
        showResult = Probity.openResult(
            course,
            say,
            function (id) {
                return placesOf[id];
            },
            navigation,
            taking,
            {
                certificate: function () {
                    return Probity.certificate(course, say, keeper, formats);
                },
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
                widgets[skeleton.id] = open(root, skeleton);
                widgets[skeleton.id].root = root;
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
