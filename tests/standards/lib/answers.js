/*
 * Ways to answer an exercise, right ones and the strangest: the longest, words that look like a format's own, every
 * script, the ends of every range. Each is {given}, as the player keeps it.
 */
"use strict";

const ARABIC = "سأسأل مكتب الأخلاقيات قبل أن أقبل أي هدية، مهما صغرت؛ ثم أدوّن ما حدث. ";
const WORDS = [
    "[,]",
    "a[.]b[,]c[:]d",
    "[[,]],[[.]],(,]",
    "{lang=ar}{case_matters=true}{order_matters=false}",
    "\"quoted\", 'twice', « thrice » <b>&amp;</b> \\ ; {}",
    ARABIC.repeat(5),
    "😀".repeat(70),
    "a,b.c:d",
    "5",
    "两\t行\n一  句"
];
const NUMBERS = ["0", "-0.000001", "-12.5", "1000000000", "-999999999.999999", "123456789.123456", "0.1"];
const DATES = ["2026-11-21", "1999-12-31"];

/* All ways; the walks through a case study are drawn by `random`. */
exports.of = (probity, skeleton, accepted, random) => {
    const { exercise, reading } = probity;
    const all = (list) => list.join("");
    const blanks = (textFor) => reading.blanks(skeleton, accepted, skeleton.blanks.map(textFor));
    const walk = () => {
        let letters = "";
        for (let count = exercise.movesLimit(skeleton); count > 0 && !exercise.end(skeleton, letters); count--) {
            const open = exercise.openChoices(skeleton, letters);
            letters += open[random(open.length)];
        }
        return letters;
    };
    const fit = (text) => exercise.cutBytes(text.trim(), skeleton.size);
    const KINDS = {
        ordering: () => [all(skeleton.items), all(skeleton.items.slice().reverse())],
        matching: () => [all(skeleton.right), ...skeleton.targets.map((target) => target.repeat(skeleton.left.length)), "-".repeat(skeleton.left.length - 1) + skeleton.targets[0]],
        "fill-in": () => [blanks((key) => accepted[key][0])].concat(WORDS.map((word) => blanks(() => word)), blanks((key, at) => WORDS[at % WORDS.length])),
        numeric: () => [reading.fromMicro(skeleton.answer_micro)].concat(NUMBERS),
        reflection: () => WORDS.map(fit).concat(fit(ARABIC.repeat(60)), fit("😀".repeat(2000)), fit("x[,]".repeat(2000))),
        attestation: () => DATES,
        scenario: () => Array.from({ length: 6 }, walk)
    };
    const choices = () =>
        skeleton.kind === "multiple" || skeleton.multiple
            ? [all(skeleton.right), all(skeleton.choices), skeleton.choices[0]]
            : skeleton.choices;
    return (KINDS[skeleton.kind] || choices)();
};
