/*
 * The last screen: where the learner stands, what is still to do, and what can be done about it. While the course can
 * still be passed, no platform hears of a failure: that is said only when the learner ends the course below the pass
 * mark.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    function paragraph(text, kind) {
        var element = document.createElement("p");
        element.textContent = text;
        if (kind) {
            element.className = kind;
        }
        return element;
    }

    function button(text, kind, action) {
        var element = document.createElement("button");
        element.type = "button";
        element.className = "button " + kind;
        element.textContent = text;
        element.addEventListener("click", action);
        return element;
    }

    /* `taking`: what may be done; `actions`: {restart, end, certificate()}: an element or null; `placeOf(exercise id)`: the screen that it stands on. */
    Probity.openResult = function (course, say, placeOf, navigation, taking, actions) {
        var place = document.getElementById("course-result");

        function todo(keeper) {
            var list = document.createElement("ul");
            var ids = keeper.grade.required.screens.filter(function (id) {
                return !keeper.learner.seen[id];
            });
            keeper.grade.required.exercises.forEach(function (exercise) {
                var id = placeOf(exercise);
                if (!keeper.grade.results[exercise].answered && ids.indexOf(id) < 0) {
                    ids.push(id);
                }
            });
            course.screens
                .filter(function (id) {
                    return ids.indexOf(id) >= 0;
                })
                .forEach(function (id) {
                    var item = document.createElement("li"),
                        link = document.createElement("a");
                    link.href = navigation.address(id);
                    link.textContent = navigation.title(id);
                    item.append(link);
                    list.append(item);
                });
            return list;
        }

        return function (keeper) {
            var learner = keeper.learner,
                grade = keeper.grade;
            var isGraded = Probity.isGraded(course);
            var missing = todo(keeper);
            place.textContent = "";
            if (isGraded) {
                place.append(
                    paragraph(
                        say("player.result.score", grade.score_permille / 1000, course.pass_permille / 1000),
                        "score"
                    )
                );
                if (learner.bestPermille > grade.score_permille) {
                    place.append(paragraph(say("player.result.best", learner.bestPermille / 1000)));
                }
            }
            if (learner.passed) {
                place.append(paragraph(say("player.result.passed"), "verdict"));
            } else if (grade.completed) {
                place.append(
                    isGraded
                        ? paragraph(say("player.result.below"), "verdict below")
                        : paragraph(say("player.result.completed"), "verdict")
                );
            }
            if (missing.children.length) {
                place.append(paragraph(say("player.result.missing", missing.children.length)), missing);
            }
            var certificate = learner.passed && course.certificate ? actions.certificate() : null;
            if (certificate) {
                place.append(certificate);
            }
            if (taking.mayRestart()) {
                place.append(button(say("player.result.restart"), "restart", actions.restart));
            }
            var retakesLeft = taking.retakesLeft();
            if (isGraded && grade.answered && retakesLeft < Infinity && !learner.passed) {
                place.append(paragraph(say("player.result.retakes", retakesLeft), "hint"));
            }
            var platform = document.documentElement.dataset.platform;
            var isFailureTold = platform === "cmi5" || (platform !== "web" && course.profile.tells_failure);
            if (isFailureTold && taking.mayEnd()) {
                place.append(
                    button(say("player.result.end"), "end", actions.end),
                    paragraph(say("player.result.end-means"), "hint")
                );
            } else if (learner.ended && !learner.passed) {
                place.append(paragraph(say("player.result.ended"), "hint"));
            }
        };
    };
})();
