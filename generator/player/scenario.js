/*
 * A case study on its screen: one step at a time, what the learner chose last above it, and at an ending the way back
 * to the beginning, and what the learner did beside what was best.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    /* `moved(id, letters, words)` keeps the path so far; `recommend()` gives {moves}: the best path. */
    Probity.openScenario = function (root, skeleton, say, moved, recommend) {
        var steps = {};
        var stem = root.querySelector(".stem");
        var chosen = document.createElement("div");
        var ending = document.createElement("p");
        var again = document.createElement("button");
        var debrief = document.createElement("section");
        var given = "";

        function words() {
            return (stem || root).textContent.replace(/\s+/g, " ").trim();
        }

        /* What is shown of a step: not the choices that are closed, nor what follows from a choice. */
        function wordsOf(step) {
            var copy = step.cloneNode(true);
            Array.from(copy.querySelectorAll("[hidden]")).forEach(function (element) {
                element.remove();
            });
            return copy.textContent;
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

        function choiceWords(part) {
            var move = steps[part[0]].querySelector("[data-choice='" + part[1] + "'] .move");
            return move.textContent.replace(/\s+/g, " ").trim();
        }

        /* For each choice taken: its step, and how often one had come there by then. */
        function visits(walked) {
            var count = new Map();
            return walked.map(function (part) {
                count.set(part[0], (count.get(part[0]) || 0) + 1);
                return part[0] + " " + count.get(part[0]);
            });
        }

        /* The choices in words, in order; each with the recommended one where that is another. */
        function listOf(walked, instead) {
            var list = document.createElement("ol");
            var visit = visits(walked);
            walked.forEach(function (part, at) {
                var item = document.createElement("li");
                var other = instead[visit[at]];
                item.textContent = choiceWords(part);
                if (other && other !== part[1]) {
                    var note = document.createElement("p");
                    note.className = "instead";
                    note.textContent = say("player.debrief.instead", choiceWords([part[0], other]));
                    item.append(note);
                }
                list.append(item);
            });
            return list;
        }

        function showDebrief(walked, end) {
            debrief.textContent = "";
            debrief.hidden = !end;
            var best = end ? recommend().moves : [];
            if (!end || !best.length) {
                debrief.hidden = true;
                return;
            }
            var instead = {};
            var recommended = Probity.exercise.walk(skeleton, best.join("")).slice(0, -1);
            visits(recommended).forEach(function (visit, at) {
                instead[visit] = recommended[at][1];
            });
            var title = document.createElement("h3");
            title.id = "debrief-" + skeleton.id;
            title.textContent = say("player.debrief.title");
            debrief.setAttribute("aria-labelledby", title.id);
            var yours = document.createElement("h4");
            yours.textContent = say("player.debrief.yours");
            debrief.append(title);
            if (best.join("") === given) {
                var praise = document.createElement("p");
                praise.textContent = say("player.debrief.same");
                debrief.append(praise, listOf(walked.slice(0, -1), {}));
                return;
            }
            var theirs = document.createElement("h4");
            theirs.textContent = say("player.debrief.recommended");
            debrief.append(yours, listOf(walked.slice(0, -1), instead), theirs, listOf(recommended, {}));
        }

        function show(hasFocus) {
            var walked = Probity.exercise.walk(skeleton, given);
            var here = walked[walked.length - 1][0];
            var end = Probity.exercise.end(skeleton, given);
            Object.keys(steps).forEach(function (id) {
                steps[id].hidden = id !== here;
            });
            showChosen(walked);
            var open = Probity.exercise.openChoices(skeleton, given);
            var isStuck = !end && (!open || given.length >= Probity.exercise.movesLimit(skeleton));
            Array.from(steps[here].querySelectorAll(".choice")).forEach(function (choice) {
                choice.hidden = isStuck || open.indexOf(choice.dataset.choice) < 0;
            });
            ending.hidden = again.hidden = !end && !isStuck;
            if (isStuck) {
                delete ending.dataset.end;
                ending.textContent = say("player.scenario.stuck");
            }
            if (end) {
                ending.dataset.end = end;
                ending.textContent = say("player.scenario." + end);
            }
            steps[here].before(chosen);
            steps[here].after(ending, debrief, again);
            showDebrief(walked, end);
            steps[here].setAttribute("aria-label", say("player.scenario.step", walked.length));
            if (hasFocus) {
                (chosen.hidden ? steps[here] : chosen).focus();
                Probity.announce(
                    [chosen.textContent, wordsOf(steps[here]), ending.hidden ? "" : ending.textContent]
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
        debrief.className = "debrief";
        again.type = "button";
        again.className = "button again";
        again.textContent = say("player.scenario.again");
        again.addEventListener("click", function () {
            go("");
        });
        show(false);

        return {
            restore: function (learner, answer) {
                given = answer ? answer.given : "";
                show(false);
            }
        };
    };
})();
