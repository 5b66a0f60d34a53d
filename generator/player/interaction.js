/*
 * Answers as both SCORM standards report them. What differs between the two is in the table that a dialect gives:
 * separators, the words for true and false, limits, how a text is marked with its language.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var PAIRS_LIMIT = 250;

    var TYPES = {
        likert: "likert",
        ordering: "sequencing",
        matching: "matching",
        "fill-in": "fill-in",
        numeric: "numeric",
        attestation: "true-false",
        "true-false": "true-false",
        scenario: "performance"
    };

    /* Such a learner is neither right nor wrong. */
    var IS_NEUTRAL = { likert: true, reflection: true, attestation: true };

    /* As many of the parts as fit, whole. */
    function joinWithin(parts, separator, limit) {
        var text = "";
        parts.every(function (part) {
            var longer = text ? text + separator + part : part;
            var fits = longer.length <= limit;
            text = fits ? longer : text;
            return fits;
        });
        return text;
    }

    /*
     * `table`: {separator, between: of a pair, truth: {a, b}, pairsLimit: characters, reflection: its type,
     * text(texts, language): a fill-in's answer, long(text, language): a reflection's, range(from, to): a number's}
     */
    Probity.openInteractions = function (table) {
        function pairs(list) {
            return joinWithin(
                list.slice(0, PAIRS_LIMIT).map(function (pair) {
                    return pair[0] + table.between + pair[1];
                }),
                table.separator,
                table.pairsLimit
            );
        }

        function matches(left, given) {
            return pairs(
                left
                    .map(function (letter, at) {
                        return [letter, given[at]];
                    })
                    .filter(function (pair) {
                        return pair[1] !== "-";
                    })
            );
        }

        var GIVEN = {
            "true-false": function (record) {
                return table.truth[record.given];
            },
            attestation: function () {
                return table.truth.a;
            },
            scenario: function (record) {
                return pairs(Probity.exercise.walk(record.skeleton, record.given).slice(0, -1));
            },
            matching: function (record) {
                return matches(record.skeleton.left, record.given);
            },
            "fill-in": function (record) {
                return table.text(
                    record.given.split("\n").map(function (line) {
                        return line.slice(1);
                    }),
                    record.language
                );
            },
            numeric: function (record) {
                return record.given;
            },
            reflection: function (record) {
                return table.long(record.given, record.language);
            }
        };

        var RIGHT = {
            "true-false": function (record) {
                return table.truth[record.skeleton.right[0]];
            },
            attestation: function () {
                return table.truth.a;
            },
            ordering: function (record) {
                return record.skeleton.items.join(table.separator);
            },
            matching: function (record) {
                return matches(record.skeleton.left, record.skeleton.right);
            },
            "fill-in": function (record) {
                return record.accepted
                    ? table.pattern(
                          record.skeleton.blanks.map(function (key) {
                              return (record.accepted[key] || [""])[0];
                          }),
                          record.language,
                          record.skeleton.case
                      )
                    : "";
            },
            numeric: function (record) {
                var answer = record.skeleton.answer_micro,
                    tolerance = record.skeleton.tolerance_micro;
                return table.range(
                    Probity.reading.fromMicro(answer),
                    Probity.reading.fromMicro(answer - tolerance),
                    Probity.reading.fromMicro(answer + tolerance)
                );
            }
        };

        function letters(list) {
            return Array.from(list).join(table.separator);
        }

        return {
            type: function (record) {
                return record.kind === "reflection" ? table.reflection : TYPES[record.kind] || "choice";
            },
            given: function (record) {
                return GIVEN[record.kind] ? GIVEN[record.kind](record) : letters(record.given);
            },
            /* "" where nothing is right, or nothing can be said of it. */
            right: function (record) {
                return RIGHT[record.kind] ? RIGHT[record.kind](record) : letters(record.skeleton.right || "");
            },
            result: function (record) {
                return IS_NEUTRAL[record.kind]
                    ? "neutral"
                    : record.permille === 1000
                      ? "correct"
                      : record.permille === 0
                        ? table.wrong
                        : Probity.format.ratio(record.permille);
            }
        };
    };
})();
