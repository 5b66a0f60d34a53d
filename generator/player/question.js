/*
 * A question on its screen. The learner chooses, checks, reads why, and may choose again as often as wanted; nothing
 * is ever locked, and the right answer is not shown before it is found.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    /* `answered(id, letters, words)` keeps an answer and returns its result {permille}. */
    Probity.openQuestion = function (form, skeleton, say, answered) {
        var choices = Array.from(form.querySelectorAll(".choice"));
        var stem = form.querySelector(".stem");
        var result = document.createElement("p");
        var button = document.createElement("button");

        function inputOf(choice) {
            return choice.querySelector("input");
        }

        function feedbackOf(choice) {
            return choice.querySelector(".feedback");
        }

        function letters() {
            return choices
                .filter(function (choice) {
                    return inputOf(choice).checked;
                })
                .map(function (choice) {
                    return choice.dataset.choice;
                })
                .join("");
        }

        function clear() {
            result.textContent = "";
            delete result.dataset.result;
            choices.forEach(function (choice) {
                delete choice.dataset.result;
                if (feedbackOf(choice)) {
                    feedbackOf(choice).hidden = true;
                }
            });
        }

        function show(permille) {
            clear();
            result.dataset.result = permille === 1000 ? "right" : permille > 0 ? "partly" : "wrong";
            result.textContent = say("player.question." + result.dataset.result, permille / 1000);
            choices
                .filter(function (choice) {
                    return inputOf(choice).checked;
                })
                .forEach(function (choice) {
                    choice.dataset.result = skeleton.right.indexOf(choice.dataset.choice) >= 0 ? "right" : "wrong";
                    if (feedbackOf(choice)) {
                        feedbackOf(choice).hidden = false;
                    }
                });
        }

        function wordsShown() {
            return [result.textContent]
                .concat(
                    choices
                        .filter(function (choice) {
                            return feedbackOf(choice) && !feedbackOf(choice).hidden;
                        })
                        .map(function (choice) {
                            return feedbackOf(choice).textContent.trim();
                        })
                )
                .join(" ");
        }

        form.addEventListener("submit", function (event) {
            event.preventDefault();
            var given = letters();
            if (!given) {
                clear();
                result.textContent = say("player.question.choose");
                Probity.announce(result.textContent);
                inputOf(choices[0]).focus();
                return;
            }
            show(answered(skeleton.id, given, stem.textContent.replace(/\s+/g, " ").trim()).permille);
            Probity.announce(wordsShown());
        });
        form.addEventListener("change", clear);

        button.type = "submit";
        button.className = "button check";
        button.textContent = say("player.question.check");
        result.className = "result";
        form.append(button, result);
        clear();

        return {
            /* Shows what the learner had answered before, or nothing. */
            restore: function (answer, permille) {
                choices.forEach(function (choice) {
                    inputOf(choice).checked = Boolean(answer) && answer.given.indexOf(choice.dataset.choice) >= 0;
                });
                clear();
                if (answer) {
                    show(permille);
                }
            }
        };
    };
})();
