/*
 * The words that the player says. They come with the page, in its language, as ICU message patterns: {0}, {0,
 * number}, {0, number, percent}, {0, plural, =0 {…} one {…} other {# …}}, {0, select, …}, and apostrophes as ICU
 * reads them.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.openWords = function (patterns, language) {
        /* The digits 0-9 in every language, as on the rest of the site (generator/model/language.c). */
        var numbers = new Intl.NumberFormat(language, { numberingSystem: "latn" });
        var percents = new Intl.NumberFormat(language, {
            numberingSystem: "latn",
            style: "percent",
            maximumFractionDigits: 1
        });
        var plurals = new Intl.PluralRules(language);

        /* The position of the brace that closes the one at `from`. */
        function closing(pattern, from) {
            for (var at = from, depth = 0; at < pattern.length; at++) {
                if (pattern[at] === "'" && /[{}#]/.test(pattern[at + 1])) {
                    at = pattern.indexOf("'", at + 1);
                    if (at < 0) {
                        break;
                    }
                } else if (pattern[at] === "{") {
                    depth++;
                } else if (pattern[at] === "}" && --depth === 0) {
                    return at;
                }
            }
            return pattern.length;
        }

        function choose(branches, value, isPlural) {
            var found = {};
            for (var at = branches.indexOf("{"); at >= 0; at = branches.indexOf("{", at)) {
                var end = closing(branches, at);
                found[branches.slice(0, at).trim().split(/\s/).pop()] = branches.slice(at + 1, end);
                branches = branches.slice(end + 1);
                at = 0;
            }
            var branch = found[isPlural ? "=" + value : value];
            if (branch === undefined && isPlural) {
                branch = found[plurals.select(value)];
            }
            return branch === undefined ? found.other || "" : branch;
        }

        function argument(inside, values) {
            var parts = /^\s*(\w+)\s*(?:,\s*(\w+)\s*(?:,\s*([\s\S]*))?)?$/.exec(inside);
            var value = parts ? values[parts[1]] : undefined;
            if (value === undefined) {
                return "";
            }
            if (parts[2] === "plural") {
                return fill(choose(parts[3], value, true), values, numbers.format(value));
            }
            if (parts[2] === "select") {
                return fill(choose(parts[3], value, false), values);
            }
            if (typeof value === "number") {
                return (parts[3] && parts[3].trim() === "percent" ? percents : numbers).format(value);
            }
            return String(value);
        }

        function fill(pattern, values, hash) {
            var text = "";
            for (var at = 0; at < pattern.length; at++) {
                var letter = pattern[at];
                if (letter === "'" && pattern[at + 1] === "'") {
                    text += "'";
                    at++;
                } else if (letter === "'" && /[{}#]/.test(pattern[at + 1] || "")) {
                    var quoteEnd = pattern.indexOf("'", at + 1);
                    quoteEnd = quoteEnd < 0 ? pattern.length : quoteEnd;
                    text += pattern.slice(at + 1, quoteEnd);
                    at = quoteEnd;
                } else if (letter === "#" && hash !== undefined) {
                    text += hash;
                } else if (letter === "{") {
                    var end = closing(pattern, at);
                    text += argument(pattern.slice(at + 1, end), values);
                    at = end;
                } else {
                    text += letter;
                }
            }
            return text;
        }

        /* A key without words shows itself: a gap that is seen is mended. */
        return function (key) {
            return patterns[key] === undefined
                ? key
                : fill(patterns[key], Array.prototype.slice.call(arguments, 1));
        };
    };
})();
