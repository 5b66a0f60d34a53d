/*
 * Choices: radio buttons and check boxes, for single and multiple choice, true or false, surveys, and places in a
 * picture. There the list is complete by itself; the picture is one more way to the same boxes.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});
    var SVG = "http://www.w3.org/2000/svg";

    Probity.controls = Probity.controls || {};

    function inputOf(choice) {
        return choice.querySelector("input");
    }

    function feedbackOf(choice) {
        return choice.querySelector(".feedback");
    }

    function plain(element) {
        return element.textContent.replace(/\s+/g, " ").trim();
    }

    /* Regions over the picture; they have no part in the order of focus and say nothing: the list does. */
    function openPicture(form, choices) {
        var place = form.querySelector(".hotspot");
        var picture = place && place.querySelector("img");
        if (!picture) {
            return function () {};
        }
        var frame = document.createElement("span");
        var overlay = document.createElementNS(SVG, "svg");
        var regions = choices.map(function (choice, at) {
            var area = choice.dataset.area.split(" ").map(Number);
            var region = document.createElementNS(SVG, "g");
            var box = document.createElementNS(SVG, "rect");
            var number = document.createElementNS(SVG, "text");
            ["x", "y", "width", "height"].forEach(function (name, which) {
                box.setAttribute(name, area[which] + "%");
            });
            number.setAttribute("x", area[0] + area[2] / 2 + "%");
            number.setAttribute("y", area[1] + area[3] / 2 + "%");
            number.textContent = String(at + 1);
            region.append(box, number);
            region.addEventListener("click", function () {
                if (!inputOf(choice).disabled) {
                    inputOf(choice).click();
                    inputOf(choice).focus();
                }
            });
            overlay.append(region);
            var label = document.createElement("span");
            label.className = "number-of-region";
            label.textContent = String(at + 1);
            choice.querySelector(".words").prepend(label, " ");
            return region;
        });
        overlay.setAttribute("aria-hidden", "true");
        overlay.setAttribute("focusable", "false");
        frame.className = "picture";
        picture.before(frame);
        frame.append(picture, overlay);
        return function () {
            regions.forEach(function (region, at) {
                region.setAttribute("class", inputOf(choices[at]).checked ? "region chosen" : "region");
            });
        };
    }

    function openChoices(form, skeleton, context) {
        var choices = Array.from(form.querySelectorAll(".choice"));
        var list = form.querySelector("fieldset");
        var showRegions = openPicture(form, choices);

        form.addEventListener("change", showRegions);

        return {
            settle: function (learner) {
                if (!skeleton.shuffle) {
                    return;
                }
                Probity.exercise.shuffle(skeleton.id, skeleton.choices, learner).forEach(function (letter) {
                    list.append(
                        choices.find(function (choice) {
                            return choice.dataset.choice === letter;
                        })
                    );
                });
            },
            read: function () {
                var given = choices
                    .filter(function (choice) {
                        return inputOf(choice).checked;
                    })
                    .map(function (choice) {
                        return choice.dataset.choice;
                    })
                    .join("");
                return given
                    ? { given: given }
                    : { problem: "player.question.choose", focus: form.querySelector("fieldset input") };
            },
            write: function (given) {
                choices.forEach(function (choice) {
                    inputOf(choice).checked = given.indexOf(choice.dataset.choice) >= 0;
                });
                showRegions();
            },
            mark: function (permille) {
                choices.forEach(function (choice) {
                    var isShown = permille !== null && inputOf(choice).checked;
                    delete choice.dataset.result;
                    if (isShown) {
                        choice.dataset.result =
                            skeleton.right.indexOf(choice.dataset.choice) >= 0 ? "right" : "wrong";
                    }
                    if (feedbackOf(choice)) {
                        feedbackOf(choice).hidden = !isShown;
                    }
                });
            },
            shownWords: function () {
                return choices
                    .filter(function (choice) {
                        return feedbackOf(choice) && !feedbackOf(choice).hidden;
                    })
                    .map(function (choice) {
                        return plain(feedbackOf(choice));
                    })
                    .join(" ");
            },
            rightWords: function () {
                return context.list(
                    choices
                        .filter(function (choice) {
                            return skeleton.right.indexOf(choice.dataset.choice) >= 0;
                        })
                        .map(function (choice) {
                            return plain(choice.querySelector(".words"));
                        })
                );
            },
            lock: function (isLocked) {
                choices.forEach(function (choice) {
                    inputOf(choice).disabled = isLocked;
                });
            }
        };
    }

    ["single", "multiple", "true-false", "likert", "hotspot"].forEach(function (kind) {
        Probity.controls[kind] = openChoices;
    });
})();
