/* Courses, answers and learners by chance: every kind, every shape that the skeleton allows. The same on every run. */
"use strict";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const KINDS = [
    "single",
    "multiple",
    "true-false",
    "likert",
    "hotspot",
    "ordering",
    "matching",
    "fill-in",
    "numeric",
    "reflection",
    "attestation",
    "scenario"
];
const WORDS = ["gift", "مال", "礼物", "подарок", "Straße", "\u{1F600}", "l’été", "a b", "", "x".repeat(90), "{lang=en}", "a[,]b"];

exports.KINDS = KINDS;

exports.open = (Probity, start) => {
    let seed = start;
    const random = (limit) => {
        seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x297a2d39) | 0;
        return ((seed ^ (seed >>> 13)) >>> 0) % limit;
    };
    const pick = (list) => list[random(list.length)];
    const letters = (count) => LETTERS.slice(0, count).split("");
    const range = (count, make) => Array.from({ length: count }, (_, at) => make(at));

    function consequences() {
        const choice = {};
        if (!random(3)) {
            choice.set = [[pick(["trust", "told"]), pick(["+", "-", "="]), random(5)]];
        }
        if (!random(4)) {
            choice.test = [[pick(["trust", "told"]), pick([">=", "<", "!="]), random(3)]];
        }
        if (!random(4)) {
            choice.points = 1 + random(3);
        }
        return choice;
    }

    function steps() {
        const count = 3 + random(8);
        const hasVariables = random(2);
        return range(count, (at) => {
            const moves = at === count - 1 ? [] : range(1 + random(4), () => `s${random(count)}`);
            const step = { id: `s${at}`, points: at === count - 1 ? 1 : 0, moves };
            step.choices = moves.map((move) => Object.assign({ move }, hasVariables ? consequences() : {}));
            return at === count - 1 ? Object.assign(step, { end: "good" }) : step;
        });
    }

    function details(kind) {
        const choices = letters(kind === "true-false" ? 2 : 2 + random(9));
        switch (kind) {
            case "scenario":
                return { start: "s0", steps: steps() };
            case "multiple":
                return { choices, right: choices.slice(0, 2) };
            case "hotspot":
                return random(2)
                    ? { choices, right: choices.slice(0, 2), multiple: true }
                    : { choices, right: ["a"], multiple: false };
            case "likert":
                return { choices, points: 0 };
            case "ordering":
                return { items: letters(2 + random(11)) };
            case "matching": {
                const left = letters(2 + random(11)),
                    targets = letters(1 + random(16));
                return { left, targets, right: left.map(() => pick(targets)) };
            }
            case "fill-in":
                return { blanks: range(1 + random(10), (at) => String(at + 1)), case: random(2) === 1 };
            case "numeric":
                return { answer_micro: random(2000000000) - 1000000000, tolerance_micro: random(1000000) };
            case "reflection":
                return { size: 60 + random(400), points: 0 };
            case "attestation":
                return { points: 0 };
            default:
                return { choices, right: [pick(choices)] };
        }
    }

    function course(count, kinds = KINDS) {
        const screens = [];
        const exercises = range(count, (at) => {
            screens.push(`module-${at >> 3}/screen-${at}`);
            const kind = pick(kinds);
            const screen = screens[at];
            return Object.assign({ id: `${kind}-${at}`, kind, points: 1 + random(5), screen }, random(3) ? {} : { objective: "integrity" }, details(kind));
        });
        return { id: "a-course", places: ["start"].concat(screens, "result"), screens, exercises };
    }

    function text(limit) {
        return Probity.exercise.cutBytes(
            range(random(12), () => pick(WORDS))
                .join(" ")
                .trim(),
            limit
        );
    }

    function walk(skeleton) {
        let given = "";
        for (let moves = random(12); moves > 0; moves--) {
            const open = Probity.exercise.openChoices(skeleton, given);
            if (!open) {
                break;
            }
            given += open[random(open.length)];
        }
        return given;
    }

    /* What a learner may have given; for a case study it may be "": nothing chosen yet. */
    function answer(skeleton) {
        const { exercise, reading } = Probity;
        switch (skeleton.kind) {
            case "scenario":
                return walk(skeleton);
            case "ordering":
                return exercise.shuffle("x", skeleton.items, { seed: random(1000), round: 0 }).join("");
            case "matching": {
                const given = skeleton.left.map(() => pick(skeleton.targets.concat("-")));
                return given.some((letter) => letter !== "-") ? given.join("") : "a" + given.slice(1).join("");
            }
            case "fill-in":
                return exercise.blanks(skeleton.blanks.map(() => ({ text: text(200), isAccepted: random(2) === 1 })));
            case "numeric":
                return reading.fromMicro((random(2000001) - 1000000) * pick([1, 1000, 1000000, 1000000000]));
            case "reflection":
                return text(skeleton.size) || "a";
            case "attestation":
                return "2026-11-" + (10 + random(20));
            default: {
                const some = skeleton.choices.filter(() => random(2));
                return skeleton.kind === "multiple" || skeleton.multiple
                    ? (some.length ? some : ["a"]).join("")
                    : pick(skeleton.choices);
            }
        }
    }

    function learner(of) {
        const who = Object.assign(Probity.state.create(), {
            round: random(4),
            seed: random(1 << 20),
            change: random(5000),
            screen: pick(of.places),
            passed: random(2) === 1,
            completed: random(2) === 1,
            ended: random(2) === 1,
            bestPermille: random(1001)
        });
        for (const screen of of.screens) {
            if (random(3)) {
                who.seen[screen] = true;
            }
        }
        for (const skeleton of of.exercises) {
            if (random(4)) {
                who.answers[skeleton.id] = { tries: 1 + random(35), given: answer(skeleton) };
            }
        }
        return who;
    }

    return { random, pick, course, answer, learner };
};

/* One text for all that a learner has done, whatever the order in which it was done. */
exports.canonical = (learner) => {
    const sorted = (object) =>
        Object.keys(object)
            .sort()
            .map((key) => [key, object[key]]);
    return JSON.stringify(
        Object.assign({}, learner, { seen: sorted(learner.seen), answers: sorted(learner.answers) })
    );
};
