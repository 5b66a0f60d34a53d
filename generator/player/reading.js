/*
 * Reads what a learner has typed: numbers in any script's digits and with the language's separators, and words as
 * people write them. No document, no time.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var NUMBER_LIMIT_MICRO = 1000000000 * 1000000;
    /* Separators of decimals and of thousands; spaces always separate thousands. */
    var SEPARATORS = { es: [",", "."], fr: [",", ""], ru: [",", ""] };

    var reading = (Probity.reading = {});

    /* 0-9 for every script's digits: their ten stand side by side. */
    function latinDigits(text) {
        return text.replace(/\p{Nd}/gu, function (digit) {
            var first = digit.codePointAt(0);
            while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) {
                first--;
            }
            return String((digit.codePointAt(0) - first) % 10);
        });
    }

    /* Points alone separate decimals in what this returns. */
    function pointsOnly(text, language) {
        var separators = SEPARATORS[language.slice(0, 2)] || [".", ","];
        var points = text.split(".").length - 1,
            commas = text.split(",").length - 1;
        if (points && commas) {
            var decimal = text.lastIndexOf(".") > text.lastIndexOf(",") ? "." : ",";
            return text.split(decimal === "." ? "," : ".").join("").replace(decimal, ".");
        }
        var sign = points ? "." : ",";
        var isGrouped =
            points + commas > 1 ||
            (sign === separators[1] && new RegExp("^-?[1-9]\\d{0,2}[" + sign + "]\\d{3}$").test(text));
        return isGrouped ? text.split(sign).join("") : text.replace(",", ".");
    }

    /* "-12.5" for "−١٢٫٥", or null where it is no number that can be an answer. */
    reading.number = function (typed, language) {
        var text = latinDigits(typed.normalize("NFKC"))
            .replace(/[\u2212\u2010-\u2015]/g, "-")
            .replace(/[\s\u066c'’_\u200e\u200f\u061c]/g, "")
            .replace(/\u066b/g, ".")
            .replace(/،/g, ",")
            .replace(/^\+/, "")
            .replace(/[^\d]+$/, "");
        var match = /^(-?)(\d*)(?:\.(\d+))?$/.exec(pointsOnly(text, language));
        if (!match || !(match[2] || match[3])) {
            return null;
        }
        var micro =
            Number(match[2]) * 1000000 + Math.round(Number("0." + (match[3] || "0").slice(0, 9)) * 1000000);
        if (!(micro <= NUMBER_LIMIT_MICRO)) {
            return null;
        }
        return reading.fromMicro(match[1] ? -micro : micro);
    };

    /* -12500000 gives "-12.5" */
    reading.fromMicro = function (micro) {
        var digits = String(Math.abs(micro)).padStart(7, "0");
        var fraction = digits.slice(-6).replace(/0+$/, "");
        return (micro < 0 ? "-" : "") + digits.slice(0, -6) + (fraction ? "." + fraction : "");
    };

    function plainQuotes(text) {
        return text.replace(/[\u2018\u2019\u201a\u201b\u02bc\u2032]/g, "'").replace(/[\u201c-\u201f\u2033«»„]/g, '"');
    }

    function folded(text, doesCaseCount) {
        var plain = plainQuotes(text)
            .normalize("NFKC")
            /* tatweel and the marks of short vowels, which people write or leave out */
            .replace(/[\u0640\u064b-\u0652\u0670]/g, "")
            .replace(/[\u200e\u200f\u061c\u00ad]/g, "")
            .replace(/\s+/g, " ")
            .trim();
        return doesCaseCount ? plain : plain.toLowerCase();
    }

    /* Whether what was typed is one of the accepted words. */
    reading.isAccepted = function (typed, words, doesCaseCount) {
        var given = folded(typed, doesCaseCount);
        return words.some(function (word) {
            return given !== "" && folded(word, doesCaseCount) === given;
        });
    };

    /* A reflection: {given}, or {problem: a message's key}. Nothing is taken away behind the learner's back. */
    reading.text = function (typed, sizeBytes) {
        var text = typed.trim();
        var kept = Probity.exercise.cutBytes(text, sizeBytes);
        if (!text) {
            return { problem: "player.question.write" };
        }
        return kept.length < text.length ? { problem: "player.question.too-long" } : { given: kept };
    };

    /* The answer to a fill-in from the texts of its blanks, in the skeleton's order. */
    reading.blanks = function (skeleton, accepted, texts) {
        return Probity.exercise.blanks(
            skeleton.blanks.map(function (key, at) {
                return {
                    text: texts[at],
                    isAccepted: reading.isAccepted(texts[at], (accepted && accepted[key]) || [], skeleton.case)
                };
            })
        );
    };
})();
