/*
 * A case study on its screen: one step at a time, what the learner chose last above it, and at an ending the way back
 * to the beginning.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    /* `moved(id, letters, words)` keeps the path so far. */
    Probity.openScenario = function (root, skeleton, say, moved) {
        var steps = {};
        var stem = root.querySelector(".stem");
        var chosen = document.createElement("div");
        var ending = document.createElement("p");
        var again = document.createElement("button");
        var given = "";

        function words() {
            return (stem || root).textContent.replace(/\s+/g, " ").trim();
        }

        /* The choice that led to where the learner stands, with what follows from it at once. */
        function showChosen(walked) {
            var last = walked[walked.length - 2];
            chosen.textContent = "";
            chosen.hidden = !last;
            if (!last) {
                return;
            }
            var choice = steps[last[0]].querySelector("[data-choice='" + last[1] + "']");
            var title = document.createElement("p");
            title.textContent = say("player.scenario.chosen", choice.querySelector(".move").textContent.trim());
            chosen.append(title);
            var feedback = choice.querySelector(".feedback");
            if (feedback) {
                var copy = feedback.cloneNode(true);
                copy.hidden = false;
                chosen.append(copy);
            }
        }

        function show(hasFocus) {
            var walked = Probity.exercise.walk(skeleton, given);
            var here = walked[walked.length - 1][0];
            var end = Probity.exercise.end(skeleton, given);
            Object.keys(steps).forEach(function (id) {
                steps[id].hidden = id !== here;
            });
            showChosen(walked);
            ending.hidden = again.hidden = !end;
            if (end) {
                ending.dataset.end = end;
                ending.textContent = say("player.scenario." + end);
            }
            steps[here].before(chosen);
            steps[here].after(ending, again);
            steps[here].setAttribute("aria-label", say("player.scenario.step", walked.length));
            if (hasFocus) {
                (chosen.hidden ? steps[here] : chosen).focus();
                Probity.announce(
                    [chosen.textContent, steps[here].textContent, end ? ending.textContent : ""]
                        .join(" ")
                        .replace(/\s+/g, " ")
                );
            }
        }

        function go(letters) {
            given = Probity.exercise.shorten(skeleton, letters);
            moved(skeleton.id, given, words());
            show(true);
        }

        Array.from(root.querySelectorAll(".step")).forEach(function (step) {
            steps[step.dataset.step] = step;
            step.tabIndex = -1;
            step.setAttribute("role", "group");
            Array.from(step.querySelectorAll(".choice")).forEach(function (choice) {
                /* Without script a choice is a link to a later paragraph; with it, an action. */
                var link = choice.querySelector(".move");
                var button = document.createElement("button");
                button.type = "button";
                button.className = "move";
                button.append.apply(button, Array.from(link.childNodes));
                link.replaceWith(button);
                button.addEventListener("click", function () {
                    go(given + choice.dataset.choice);
                });
                var feedback = choice.querySelector(".feedback");
                if (feedback) {
                    feedback.hidden = true;
                }
            });
        });
        chosen.className = "chosen";
        chosen.tabIndex = -1;
        ending.className = "ending";
        again.type = "button";
        again.className = "button again";
        again.textContent = say("player.scenario.again");
        again.addEventListener("click", function () {
            go("");
        });
        show(false);

        return {
            restore: function (answer) {
                given = answer ? answer.given : "";
                show(false);
            }
        };
    };
})();
