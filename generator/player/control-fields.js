/* Answers that are picked from a list or typed: matching, blanks, numbers, reflections; and the box of an attestation. */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.controls = Probity.controls || {};

    function plain(element) {
        return element.textContent.replace(/\s+/g, " ").trim();
    }

    /* A word behind each field that says whether it is right. */
    function openMarks(fields, say) {
        var told = fields.map(function (field, at) {
            var word = document.createElement("span");
            word.className = "told";
            word.id = (field.name || "field") + "-told-" + at;
            (field.parentElement.querySelector(".unit") || field).after(word);
            field.setAttribute(
                "aria-describedby",
                ((field.getAttribute("aria-describedby") || "") + " " + word.id).trim()
            );
            return word;
        });
        return function (results) {
            fields.forEach(function (field, at) {
                var mark = results ? (results[at] ? "right" : "wrong") : "";
                field.dataset.result = told[at].dataset.result = mark;
                told[at].textContent = mark ? say("player.mark." + mark) : "";
                field.setAttribute("aria-invalid", String(mark === "wrong"));
            });
        };
    }

    function lockFields(fields) {
        return function (isLocked) {
            fields.forEach(function (field) {
                field.disabled = isLocked;
            });
        };
    }

    function nothing() {
        return "";
    }

    Probity.controls.matching = function (form, skeleton, context) {
        var fields = skeleton.left.map(function (letter) {
            return form.querySelector("[data-left='" + letter + "'] select");
        });
        var mark = openMarks(fields, context.say);
        return {
            settle: nothing,
            read: function () {
                var empty = fields.find(function (field) {
                    return !field.value;
                });
                return empty
                    ? { problem: "player.question.choose-each", focus: empty }
                    : {
                          given: fields
                              .map(function (field) {
                                  return field.value;
                              })
                              .join("")
                      };
            },
            write: function (given) {
                fields.forEach(function (field, at) {
                    field.value = given && given[at] !== "-" ? given[at] : "";
                });
            },
            mark: function (permille) {
                mark(
                    permille === null
                        ? null
                        : fields.map(function (field, at) {
                              return field.value === skeleton.right[at];
                          })
                );
            },
            shownWords: nothing,
            rightWords: function () {
                return context.list(
                    fields.map(function (field, at) {
                        var left = field.closest(".pair").querySelector(".words");
                        var target = field.querySelector("option[value='" + skeleton.right[at] + "']");
                        return plain(left) + " – " + plain(target);
                    })
                );
            },
            lock: lockFields(fields)
        };
    };

    Probity.controls["fill-in"] = function (form, skeleton, context) {
        var fields = skeleton.blanks.map(function (key) {
            return Array.from(form.querySelectorAll(".blank")).find(function (field) {
                return field.dataset.blank === key;
            });
        });
        var mark = openMarks(fields, context.say);
        function read() {
            return Probity.reading.blanks(
                skeleton,
                context.accepted,
                fields.map(function (field) {
                    return field.value;
                })
            );
        }
        return {
            settle: nothing,
            read: function () {
                var empty = fields.find(function (field) {
                    return !field.value.trim();
                });
                return empty ? { problem: "player.question.fill-each", focus: empty } : { given: read() };
            },
            write: function (given) {
                var lines = given.split("\n");
                fields.forEach(function (field, at) {
                    field.value = (lines[at] || "").slice(1);
                });
            },
            mark: function (permille) {
                mark(
                    permille === null
                        ? null
                        : read()
                              .split("\n")
                              .map(function (line) {
                                  return line[0] === "+";
                              })
                );
            },
            shownWords: nothing,
            rightWords: function () {
                return context.list(
                    skeleton.blanks.map(function (key) {
                        return ((context.accepted && context.accepted[key]) || [""])[0];
                    })
                );
            },
            lock: lockFields(fields)
        };
    };

    Probity.controls.numeric = function (form, skeleton, context) {
        var field = form.querySelector(".number input");
        var mark = openMarks([field], context.say);
        return {
            settle: nothing,
            read: function () {
                var given = Probity.reading.number(field.value, context.language);
                return given === null
                    ? { problem: "player.question.not-a-number", focus: field }
                    : { given: given };
            },
            write: function (given) {
                field.value = given ? context.formatNumber(Number(given)) : "";
            },
            mark: function (permille) {
                mark(permille === null ? null : [permille === 1000]);
            },
            shownWords: nothing,
            rightWords: function () {
                var unit = form.querySelector(".unit");
                return context.formatNumber(skeleton.answer_micro / 1000000) + (unit ? " " + plain(unit) : "");
            },
            lock: lockFields([field])
        };
    };

    Probity.controls.reflection = function (form, skeleton) {
        var field = form.querySelector("textarea");
        return {
            settle: nothing,
            read: function () {
                return Object.assign(Probity.reading.text(field.value, skeleton.size), { focus: field });
            },
            write: function (given) {
                field.value = given;
            },
            mark: nothing,
            shownWords: nothing,
            rightWords: nothing,
            lock: lockFields([field])
        };
    };

    Probity.controls.attestation = function (form, skeleton, context) {
        var field = form.querySelector("input[type='checkbox']");
        return {
            settle: nothing,
            read: function () {
                return field.checked
                    ? { given: context.today() }
                    : { problem: "player.question.confirm-first", focus: field };
            },
            write: function (given) {
                field.checked = Boolean(given);
            },
            mark: nothing,
            shownWords: nothing,
            rightWords: nothing,
            lock: lockFields([field])
        };
    };
})();
