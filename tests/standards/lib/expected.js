/*
 * What a platform has to be told of an answer, written down once more from the standards' run-time documents and the
 * data dictionary, and not from the player.
 */
"use strict";

const TYPES = {
    "true-false": "true-false",
    likert: "likert",
    ordering: "sequencing",
    matching: "matching",
    "fill-in": "fill-in",
    numeric: "numeric",
    attestation: "true-false",
    scenario: "performance"
};
const NEUTRAL = ["likert", "reflection", "attestation"];

function micro(value) {
    const text = String(Math.abs(value)).padStart(7, "0");
    const fraction = text.slice(-6).replace(/0+$/, "");
    return (value < 0 ? "-" : "") + text.slice(0, -6) + (fraction && "." + fraction);
}

const FORMATS = {
    scorm12: { comma: ",", point: ".", truth: { a: "t", b: "f" }, wrong: "wrong" },
    scorm2004: { comma: "[,]", point: "[.]", truth: { a: "true", b: "false" }, wrong: "incorrect" }
};

/*
 * {type, response, pattern: text or undefined, result}; response and pattern are undefined where they hold words, which
 * `texts` then lists.
 */
exports.of = (dialect, skeleton, given, accepted, permille) => {
    const format = FORMATS[dialect];
    const list = (letters) => Array.from(letters).join(format.comma);
    const pairs = (right) =>
        skeleton.left
            .map((letter, at) => [letter, right[at]])
            .filter(([, target]) => target !== "-")
            .map((pair) => pair.join(format.point))
            .join(format.comma);
    const expected = {
        type: skeleton.kind === "reflection" ? (dialect === "scorm12" ? "fill-in" : "long-fill-in") : TYPES[skeleton.kind] || "choice",
        response: list(given),
        pattern: skeleton.right ? list(skeleton.right) : undefined,
        texts: null,
        result: NEUTRAL.includes(skeleton.kind) ? "neutral" : permille === 1000 ? "correct" : permille === 0 ? format.wrong : String(permille / 1000)
    };
    if (skeleton.kind === "true-false") {
        Object.assign(expected, { response: format.truth[given], pattern: format.truth[skeleton.right[0]] });
    } else if (skeleton.kind === "attestation") {
        Object.assign(expected, { response: format.truth.a, pattern: format.truth.a });
    } else if (skeleton.kind === "matching") {
        Object.assign(expected, { response: pairs(given), pattern: pairs(skeleton.right) });
    } else if (skeleton.kind === "ordering") {
        expected.pattern = list(skeleton.items);
    } else if (skeleton.kind === "numeric") {
        const { answer_micro: answer, tolerance_micro: tolerance } = skeleton;
        expected.response = given;
        expected.pattern = dialect === "scorm12" ? micro(answer) : `${micro(answer - tolerance)}[:]${micro(answer + tolerance)}`;
    } else if (skeleton.kind === "fill-in") {
        Object.assign(expected, {
            response: undefined,
            pattern: undefined,
            texts: given.split("\n").map((line) => line.slice(1)),
            rightTexts: skeleton.blanks.map((key) => accepted[key][0])
        });
    } else if (skeleton.kind === "reflection") {
        Object.assign(expected, { response: undefined, texts: [given] });
    }
    return expected;
};

/* Whether words were told as they are, or as much of them as the format takes; brackets that it reads as its own stand as others. */
exports.isTold = (dialect, told, texts, language, limit) => {
    const plain = (text) => text.replace(/[[\](){}]/g, "|").replace(/\s+/g, " ");
    const isSame = (mine, theirs) =>
        mine === theirs || (mine.endsWith("…") && mine.length <= limit && mine.length >= limit - 1 && theirs.startsWith(mine.slice(0, -1)));
    if (dialect === "scorm12") {
        return isSame(plain(told), plain(texts.join(", ")));
    }
    const parts = told.split("[,]");
    return (
        parts.length === texts.length &&
        parts.every((part, at) => part.startsWith(`{lang=${language}}`) && isSame(plain(part.slice(language.length + 7)), plain(texts[at])))
    );
};
