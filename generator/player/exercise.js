/*
 * What can be known of an exercise from its neutral skeleton (course.js): which answers it can have, how they are
 * kept, and where a path through a case study leads. `given`, an answer, is a text:
 *
 *   single, multiple, true-false, likert, hotspot    letters of choices: "b", "ac"
 *   ordering            letters as the learner placed them: "cab"
 *   matching            a letter of a target for each on the left, "-" for none: "b-a"
 *   fill-in             a line for each blank: "+" (accepted) or "-", and the text: "+gift\n-five"
 *   numeric             "-12.5"
 *   reflection          the text
 *   attestation         "2026-11-21"
 *   scenario            letters of the choices taken, one after the other
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});
    var LETTERS = "abcdefghijklmnopqrstuvwxyz";

    /* Of a blank: bytes of UTF-8 that are kept (generator/package/state.c counts with it). */
    var BLANK_BYTES = 60;
    var VARIABLE_LIMIT = 99;
    /* Moves in a story whose steps lead back to each other, where steps alone would allow fewer. */
    var MOVES_ALWAYS = 40;

    var exercise = (Probity.exercise = {});

    /* ---- Case studies ---- */

    exercise.step = function (scenario, id) {
        return scenario.steps.find(function (step) {
            return step.id === id;
        });
    };

    function choicesOf(step) {
        return (
            step.choices ||
            step.moves.map(function (move) {
                return { move: move };
            })
        );
    }

    var COMPARE = {
        ">=": function (left, right) {
            return left >= right;
        },
        "<=": function (left, right) {
            return left <= right;
        },
        ">": function (left, right) {
            return left > right;
        },
        "<": function (left, right) {
            return left < right;
        },
        "=": function (left, right) {
            return left === right;
        },
        "!=": function (left, right) {
            return left !== right;
        }
    };

    function isOpen(choice, variables) {
        return (choice.test || []).every(function (test) {
            return COMPARE[test[1]](variables.get(test[0]) || 0, test[2]);
        });
    }

    function change(choice, variables) {
        (choice.set || []).forEach(function (set) {
            var before = variables.get(set[0]) || 0;
            var after = set[1] === "+" ? before + set[2] : set[1] === "-" ? before - set[2] : set[2];
            variables.set(set[0], Math.max(-VARIABLE_LIMIT, Math.min(VARIABLE_LIMIT, after)));
        });
    }

    /* Calls visit(step, letter, variables before) for each choice as far as the letters lead, and returns where. */
    function follow(scenario, letters, visit) {
        var step = exercise.step(scenario, scenario.start);
        var variables = new Map();
        for (var at = 0; at < letters.length; at++) {
            var choice = choicesOf(step)[LETTERS.indexOf(letters[at])];
            var next = choice && isOpen(choice, variables) && exercise.step(scenario, choice.move);
            if (!next) {
                break;
            }
            visit(step, letters[at], variables);
            change(choice, variables);
            step = next;
        }
        return { step: step, variables: variables };
    }

    /*
     * [[step, letter], …, [step where one stands]], as far as the letters lead; the letters may come from another
     * version.
     */
    exercise.walk = function (scenario, letters) {
        var walked = [];
        var place = follow(scenario, letters, function (step, letter) {
            walked.push([step.id, letter]);
        });
        walked.push([place.step.id]);
        return walked;
    };

    exercise.path = function (scenario, letters) {
        return exercise.walk(scenario, letters).map(function (part) {
            return part[0];
        });
    };

    /* The letters of the choices that are open where the letters lead. */
    exercise.openChoices = function (scenario, letters) {
        var place = follow(scenario, letters, function () {});
        return choicesOf(place.step)
            .map(function (choice, at) {
                return isOpen(choice, place.variables) ? LETTERS[at] : "";
            })
            .join("");
    };

    /* Where one is at each choice, and at the end: the step, and the variables as one text. */
    function places(scenario, letters) {
        var list = [];
        function add(step, variables) {
            list.push({
                step: step.id,
                variables: Array.from(variables)
                    .filter(function (pair) {
                        return pair[1] !== 0;
                    })
                    .sort()
                    .join()
            });
        }
        var last = follow(scenario, letters, function (step, letter, variables) {
            add(step, variables);
        });
        add(last.step, last.variables);
        return list;
    }

    /*
     * The same story without detours that lead back, change no variable and show nothing that is not also shown
     * elsewhere on the way: what counts are the steps reached and the choices taken there, and a learner who walks in
     * circles must not outgrow what a platform can keep.
     */
    exercise.shorten = function (scenario, letters) {
        var path = places(scenario, letters);
        var counting = new Set();
        scenario.steps.forEach(function (step) {
            choicesOf(step).forEach(function (choice, at) {
                if (choice.points) {
                    counting.add(step.id + "." + LETTERS[at]);
                }
            });
        });
        /* How often each thing stands between two places: the steps, and the choices with points taken there. */
        function count(from, to) {
            var counts = new Map();
            for (var at = from; at < to; at++) {
                var choice = path[at].step + "." + letters[at];
                counts.set(path[at].step, (counts.get(path[at].step) || 0) + 1);
                if (counting.has(choice)) {
                    counts.set(choice, (counts.get(choice) || 0) + 1);
                }
            }
            return counts;
        }
        var all = count(0, path.length);
        for (var from = 0; from < path.length; from++) {
            for (var to = path.length - 1; to > from; to--) {
                if (path[from].step !== path[to].step || path[from].variables !== path[to].variables) {
                    continue;
                }
                var isDetour = Array.from(count(from, to)).every(function (pair) {
                    return all.get(pair[0]) > pair[1];
                });
                if (isDetour) {
                    return exercise.shorten(scenario, letters.slice(0, from) + letters.slice(to));
                }
            }
        }
        return letters;
    };

    /* How many moves are kept; a story with variables can be walked in circles for longer than a platform can keep. */
    exercise.movesLimit = function (scenario) {
        var scored = scenario.steps.reduce(function (sum, step) {
            return (
                sum +
                choicesOf(step).filter(function (choice) {
                    return choice.points;
                }).length
            );
        }, 0);
        var count = scenario.steps.length * (scenario.steps.length + scored + 1);
        var hasVariables = scenario.steps.some(function (step) {
            return choicesOf(step).some(function (choice) {
                return choice.set;
            });
        });
        return hasVariables ? Math.max(count, MOVES_ALWAYS) : count;
    };

    exercise.end = function (scenario, letters) {
        return exercise.step(scenario, exercise.path(scenario, letters).pop()).end || "";
    };

    /* ---- Which answers there can be ---- */

    function isSubset(letters, all) {
        return Array.from(letters).every(function (letter) {
            return all.indexOf(letter) >= 0;
        });
    }

    function areDistinct(letters) {
        return new Set(letters).size === letters.length;
    }

    function acceptsChoices(skeleton, given) {
        var several = skeleton.kind === "multiple" || skeleton.multiple === true;
        return (
            given.length > 0 &&
            (several || given.length === 1) &&
            areDistinct(given) &&
            isSubset(given, skeleton.choices)
        );
    }

    function utf8Length(text) {
        return encodeURIComponent(text).replace(/%../g, "-").length;
    }

    /* At most so many bytes of UTF-8, cut at a character; halves of characters and control characters left out. */
    exercise.cutBytes = function (text, limit) {
        var kept = "",
            size = 0;
        Array.from(String(text)).some(function (letter) {
            if (/^[\ud800-\udfff]$/.test(letter) || /[\u0000-\u0009\u000b-\u001f\u007f]/.test(letter)) {
                return false;
            }
            size += utf8Length(letter);
            kept += size <= limit ? letter : "";
            return size > limit;
        });
        return kept;
    };

    var ACCEPTS = {
        scenario: function (skeleton, given) {
            return (
                given.length <= exercise.movesLimit(skeleton) &&
                exercise.walk(skeleton, given).length === given.length + 1
            );
        },
        ordering: function (skeleton, given) {
            return given.length === skeleton.items.length && areDistinct(given) && isSubset(given, skeleton.items);
        },
        matching: function (skeleton, given) {
            return (
                given.length === skeleton.left.length &&
                /[^-]/.test(given) &&
                isSubset(given, skeleton.targets.concat("-"))
            );
        },
        "fill-in": function (skeleton, given) {
            var lines = given.split("\n");
            return (
                lines.length === skeleton.blanks.length &&
                lines.every(function (line) {
                    return /^[+-]/.test(line) && exercise.cutBytes(line.slice(1), BLANK_BYTES) === line.slice(1);
                })
            );
        },
        numeric: function (skeleton, given) {
            return /^(0|-?(0\.\d{0,5}[1-9]|[1-9]\d{0,9}(\.\d{0,5}[1-9])?))$/.test(given);
        },
        reflection: function (skeleton, given) {
            return given.length > 0 && exercise.cutBytes(given, skeleton.size) === given;
        },
        attestation: function (skeleton, given) {
            return /^\d{4}-\d\d-\d\d$/.test(given);
        }
    };

    /* Whether a stored answer can still be one: the course may have changed since. */
    exercise.accepts = function (skeleton, given) {
        return (ACCEPTS[skeleton.kind] || acceptsChoices)(skeleton, given);
    };

    /* The lines of a fill-in from what was typed: [{text, isAccepted}]. */
    exercise.blanks = function (entries) {
        return entries
            .map(function (entry) {
                return (entry.isAccepted ? "+" : "-") + exercise.cutBytes(entry.text.replace(/\s+/g, " ").trim(), BLANK_BYTES);
            })
            .join("\n");
    };

    /* ---- How answers stand in the state's text ---- */

    var IS_TEXT = { "fill-in": true, numeric: true, reflection: true, attestation: true };
    var BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    exercise.pack = function (skeleton, given) {
        if (!IS_TEXT[skeleton.kind]) {
            return given;
        }
        var packed = "",
            bits = 0,
            count = 0;
        encodeURIComponent(given).replace(/%(..)|([^%])/g, function (all, hex, letter) {
            bits = (bits << 8) | (hex ? parseInt(hex, 16) : letter.charCodeAt(0));
            for (count += 8; count >= 6; count -= 6) {
                packed += BASE64[(bits >> (count - 6)) & 63];
            }
            bits &= 63;
        });
        return count ? packed + BASE64[(bits << (6 - count)) & 63] : packed;
    };

    /* Null for what pack cannot have written. */
    exercise.unpack = function (skeleton, packed) {
        if (!IS_TEXT[skeleton.kind]) {
            return packed;
        }
        var escaped = "",
            bits = 0,
            count = 0;
        for (var at = 0; at < packed.length; at++) {
            bits = (bits << 6) | (BASE64.indexOf(packed[at]) & 63);
            count += 6;
            if (count >= 8) {
                count -= 8;
                escaped += "%" + ((bits >> count) & 255).toString(16).padStart(2, "0");
            }
            bits &= 255;
        }
        try {
            var given = decodeURIComponent(escaped);
            return exercise.pack(skeleton, given) === packed ? given : null;
        } catch (error) {
            return null;
        }
    };

    /* ---- As the rules take it (generator/rules/default/shapes.lua) ---- */

    function choicesForRules(given) {
        return { choices: Array.from(given) };
    }

    var FOR_RULES = {
        ordering: function (given) {
            return { order: Array.from(given) };
        },
        matching: function (given) {
            return { matches: Array.from(given) };
        },
        "fill-in": function (given) {
            return {
                blanks: given.split("\n").map(function (line) {
                    return line[0] === "+";
                })
            };
        },
        numeric: function (given) {
            var parts = given.replace("-", "").split(".");
            var micro = Number(parts[0]) * 1000000 + Number((parts[1] || "").padEnd(6, "0"));
            return { micro: given[0] === "-" ? -micro : micro };
        },
        reflection: function () {
            return { text: true };
        },
        attestation: function (given) {
            return { date: given };
        }
    };

    exercise.forRules = function (skeleton, answer) {
        return Object.assign({ attempts: answer.tries }, (FOR_RULES[skeleton.kind] || choicesForRules)(answer.given));
    };

    /* ---- An order of the learner's own ---- */

    /* The same shuffle at every launch, another in every round; letters and ids stay what they are. */
    exercise.shuffle = function (id, letters, learner) {
        function rank(letter) {
            var text = [id, letter, learner.seed, learner.round].join("\n");
            var hash = 0x811c9dc5;
            for (var at = 0; at < text.length; at++) {
                hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
            }
            hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
            return (hash ^ (hash >>> 13)) >>> 0;
        }
        return Array.from(letters).sort(function (left, right) {
            return rank(left) - rank(right) || (left < right ? -1 : 1);
        });
    };

    /* The order in which an ordering is first shown: never the right one. */
    exercise.firstOrder = function (skeleton, learner) {
        var order = exercise.shuffle(skeleton.id, skeleton.items, learner);
        return order.join("") === skeleton.items.join("") ? order.slice(1).concat(order[0]) : order;
    };
})();
