/*
 * What the learner sees of modules: which are locked and what is missing, what a passed pre-test makes unnecessary,
 * how far each has come; in the list of contents and on the pages themselves.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.openModules = function (course, say, navigation) {
        var modules = course.modules || [];
        var locked = {},
            notes = {};

        function placesOf(module) {
            return [module.id].concat(module.screens).filter(function (id) {
                return navigation.ids.indexOf(id) >= 0;
            });
        }

        function headOf(module) {
            var first = document.querySelector("nav [data-goto='" + module.screens[0] + "']");
            var item = first && first.closest("ol").closest("li");
            return item && item.querySelector(".module");
        }

        function titleOf(id) {
            var module = modules.find(function (other) {
                return other.id === id;
            });
            var head = module && headOf(module);
            var words = head && (head.querySelector("span") || head.firstChild);
            return words ? words.textContent.trim() : id;
        }

        /* A note at the head of a page; "" takes it away. */
        function note(id, words, links) {
            var section = document.querySelector("[data-place='" + id + "']");
            if (!notes[id]) {
                notes[id] = document.createElement("div");
                notes[id].className = "notice module-note";
                section.querySelector("h2").after(notes[id]);
            }
            notes[id].hidden = !words;
            notes[id].textContent = "";
            if (words) {
                var paragraph = document.createElement("p");
                paragraph.textContent = words;
                notes[id].append(paragraph);
            }
            if (links && links.length) {
                var list = document.createElement("ul");
                links.forEach(function (missing) {
                    var item = document.createElement("li");
                    item.textContent = titleOf(missing);
                    list.append(item);
                });
                notes[id].append(list);
            }
        }

        /* How many of the pages that count are done. */
        function showProgress(module, grade, isPageDone) {
            var head = headOf(module);
            if (!head) {
                return;
            }
            var pages = module.screens.filter(function (id) {
                return grade.required.screens.indexOf(id) >= 0;
            });
            var label = head.querySelector(".module-progress");
            if (!label) {
                label = document.createElement("span");
                label.className = "module-progress";
                head.append(" ", label);
            }
            label.textContent = locked[module.id]
                ? say("player.mark.locked")
                : grade.modules_done.indexOf(module.id) >= 0
                  ? say("player.mark.done")
                  : say("player.module.progress", pages.filter(isPageDone).length, pages.length);
        }

        return {
            tellSkipped: function (id) {
                note(id, say("player.module.pretest-passed"));
                Probity.announce(say("player.module.pretest-passed"));
            },

            /* `placeOf`: exercise id: screen. */
            show: function (learner, grade, placeOf) {
                function isPageDone(id) {
                    return (
                        learner.seen[id] &&
                        grade.required.exercises.every(function (exercise) {
                            return placeOf[exercise] !== id || grade.results[exercise].answered;
                        })
                    );
                }
                locked = {};
                modules.forEach(function (module) {
                    var isLocked = grade.open.indexOf(module.id) < 0;
                    var missing = (module.after || []).filter(function (id) {
                        return grade.modules_done.indexOf(id) < 0;
                    });
                    locked[module.id] = isLocked;
                    placesOf(module).forEach(function (id) {
                        locked[id] = isLocked;
                        var section = document.querySelector("[data-place='" + id + "']");
                        section.querySelector(".prose").hidden = isLocked;
                        var isSkipped = grade.skipped.indexOf(id) >= 0;
                        var isPretest = id === module.pretest && grade.skipped.indexOf(module.screens.find(function (screen) {
                            return screen !== module.pretest;
                        })) >= 0;
                        note(
                            id,
                            isLocked
                                ? say(missing.length ? "player.module.locked" : "player.module.closed")
                                : isSkipped
                                  ? say("player.module.skipped")
                                  : isPretest
                                    ? say("player.module.pretest-passed")
                                    : "",
                            isLocked ? missing : []
                        );
                    });
                    showProgress(module, grade, isPageDone);
                });
                course.screens.forEach(function (id) {
                    var isSkipped = grade.skipped.indexOf(id) >= 0;
                    navigation.mark(
                        id,
                        locked[id]
                            ? "locked"
                            : isPageDone(id)
                              ? "seen"
                              : isSkipped
                                ? "skipped"
                                : learner.seen[id]
                                  ? "open"
                                  : ""
                    );
                });
            }
        };
    };
})();
