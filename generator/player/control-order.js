/*
 * Ordering: every item has two buttons that move it by one place, and can be drawn by its handle as well. The focus
 * stays on the button that was pressed, and the new place is said.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.controls = Probity.controls || {};

    Probity.controls.ordering = function (form, skeleton, context) {
        var say = context.say;
        var list = form.querySelector(".items");
        var items = {};
        var isLocked = false;
        var first = skeleton.items;

        function placed() {
            return Array.from(list.children);
        }

        function wordsOf(item) {
            return item.querySelector(".words").textContent.replace(/\s+/g, " ").trim();
        }

        /* The first cannot go up, the last not down; a button that lost its use keeps the focus. */
        function nameButtons() {
            placed().forEach(function (item, at, all) {
                [
                    [".up", at === 0, "player.question.up"],
                    [".down", at === all.length - 1, "player.question.down"]
                ].forEach(function (part) {
                    var button = item.querySelector(part[0]);
                    button.setAttribute("aria-disabled", String(part[1] || isLocked));
                    button.setAttribute("aria-label", say(part[2], wordsOf(item)));
                });
            });
        }

        function moved(item) {
            nameButtons();
            form.dispatchEvent(new Event("input"));
            Probity.announce(
                say("player.question.place", wordsOf(item), placed().indexOf(item) + 1, placed().length)
            );
        }

        function move(item, by) {
            var other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
            if (!other || isLocked) {
                return;
            }
            if (by < 0) {
                item.after(other);
            } else {
                item.before(other);
            }
            moved(item);
        }

        function drag(item, handle) {
            handle.addEventListener("pointerdown", function (event) {
                if (isLocked) {
                    return;
                }
                event.preventDefault();
                handle.setPointerCapture(event.pointerId);
                item.dataset.dragged = "";
            });
            handle.addEventListener("pointermove", function (event) {
                if (item.dataset.dragged === undefined) {
                    return;
                }
                var before = item.previousElementSibling,
                    after = item.nextElementSibling;
                if (before && event.clientY < before.getBoundingClientRect().bottom - before.offsetHeight / 2) {
                    item.after(before);
                } else if (after && event.clientY > after.getBoundingClientRect().top + after.offsetHeight / 2) {
                    item.before(after);
                }
            });
            ["pointerup", "pointercancel"].forEach(function (name) {
                handle.addEventListener(name, function () {
                    if (item.dataset.dragged !== undefined) {
                        delete item.dataset.dragged;
                        moved(item);
                    }
                });
            });
        }

        function moveButton(item, className, sign, by) {
            var button = document.createElement("button");
            button.type = "button";
            button.className = "move-item " + className;
            button.textContent = sign;
            button.addEventListener("click", function () {
                move(item, by);
            });
            return button;
        }

        placed().forEach(function (item) {
            var handle = document.createElement("span");
            var told = document.createElement("span");
            items[item.dataset.item] = item;
            handle.className = "handle";
            handle.setAttribute("aria-hidden", "true");
            told.className = "told";
            item.prepend(handle);
            item.append(told, moveButton(item, "up", "↑", -1), moveButton(item, "down", "↓", 1));
            drag(item, handle);
        });

        return {
            settle: function (learner) {
                first = Probity.exercise.firstOrder(skeleton, learner);
            },
            read: function () {
                return {
                    given: placed()
                        .map(function (item) {
                            return item.dataset.item;
                        })
                        .join("")
                };
            },
            write: function (given) {
                (given ? Array.from(given) : first).forEach(function (letter) {
                    list.append(items[letter]);
                });
                nameButtons();
            },
            mark: function (permille) {
                placed().forEach(function (item, at) {
                    delete item.dataset.result;
                    item.querySelector(".told").textContent = "";
                    if (permille !== null) {
                        item.dataset.result = skeleton.items[at] === item.dataset.item ? "right" : "wrong";
                        item.querySelector(".told").textContent = say("player.mark." + item.dataset.result);
                    }
                });
            },
            shownWords: function () {
                return "";
            },
            rightWords: function () {
                return skeleton.items
                    .map(function (letter, at) {
                        return at + 1 + ". " + wordsOf(items[letter]);
                    })
                    .join(" ");
            },
            lock: function (isNowLocked) {
                isLocked = isNowLocked;
                nameButtons();
            }
        };
    };
})();
