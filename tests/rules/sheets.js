// Writes random courses and answer sheets as lines for evaluate.c and in-browser.js: sheets.js COUNT SEED
// A new course every 20 sheets, with every kind of exercise, loops in case studies, damaged and foreign answers; and between them single
// calls and JSON with many ways to write the same.
"use strict";
const [count, seed] = process.argv.slice(2).map(Number);

let word = seed >>> 0;
function random(limit) { // mulberry32
    word = (word + 0x6d2b79f5) >>> 0;
    let t = Math.imul(word ^ (word >>> 15), word | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
}
const chance = (percent) => random(100) < percent;
const pick = (list) => list[random(list.length)];
const some = (list, percent) => list.filter(() => chance(percent));
const range = (length, make) => Array.from({ length }, (_, i) => make(i));
const strange = ["", "ä", "行为", "سلوك", "😀", "a\"b\\c", "\u0000", "\n", "constructor", "__proto__", "x".repeat(200)];
const id = (prefix, i) => (chance(3) ? pick(strange) + i : prefix + i);

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const letters = (count) => LETTERS.slice(0, count).split("");

function shuffled(list) {
    const rest = list.slice(), result = [];
    while (rest.length) {
        result.push(...rest.splice(random(rest.length), 1));
    }
    return result;
}

// What each kind has of its own in the skeleton.
const KINDS = {
    single: () => ticked(2 + random(7), 1),
    "true-false": () => ticked(2, 1),
    multiple: () => ticked(2 + random(7), 8),
    hotspot: () => (chance(50) ? { ...ticked(2 + random(5), 1), multiple: false } : { ...ticked(2 + random(5), 8), multiple: true }),
    likert: () => ({ choices: letters(2 + random(10)), points: 0 }),
    ordering: () => ({ items: letters(2 + random(11)) }),
    matching: () => {
        const left = letters(2 + random(11)), targets = letters(1 + random(16));
        return { left, targets, right: left.map(() => pick(targets)) };
    },
    "fill-in": () => ({ blanks: range(1 + random(10), (i) => String(i + 1)) }),
    numeric: () => ({ answer_micro: number(), tolerance_micro: pick([0, 0, 1, random(2000000)]) }),
    reflection: () => ({ size: 60 + random(2941), points: 0 }),
    attestation: () => ({ points: 0 }),
};

function number() {
    return (random(2000001) - 1000000) * pick([1, 1000, 1000000, 1000000000]);
}

function ticked(count, most) {
    const choices = letters(count);
    const right = most > 1 ? some(choices, 50) : [pick(choices)];
    return { choices, right: right.length ? right : [choices[0]] };
}

function question(i) {
    const kind = pick(Object.keys(KINDS));
    return {
        id: id("q", i), kind, points: random(6), attempts: pick([0, 0, 1, 3, 9]), shuffle: chance(30), hints: random(3),
        feedback: some(["right", "partly", "wrong", "any"], 30), ...KINDS[kind]()
    };
}

function consequences() {
    const names = ["trust", "told", "x"];
    const choice = {};
    if (chance(25)) {
        choice.points = random(4);
    }
    if (chance(40)) {
        choice.set = range(1 + random(2), () => [pick(names), pick(["+", "-", "="]), random(200) - 99]);
    }
    if (chance(30)) {
        choice.test = range(1 + random(2), () => [pick(names), pick([">=", "<=", ">", "<", "=", "!="]), random(5) - 2]);
    }
    return choice;
}

function scenario(i) {
    const names = range(1 + random(12), (s) => "s" + (s + 1));
    const isPlain = chance(40);
    const steps = names.map((name, s) => {
        const end = s > 0 && chance(30) ? pick(["good", "fair", "poor"]) : null;
        const moves = end ? [] : some(names, 25).concat(pick(names)).filter((move) => chance(40) || move > name);
        const step = { id: name, points: random(4), moves, end };
        return isPlain ? step : { ...step, choices: moves.map((move) => ({ move, ...consequences() })) };
    });
    return { id: id("s", i), kind: "scenario", start: "s1", points: random(6), steps };
}

// Modules with screens; exercises stand on them, some of them in banks.
function course() {
    const objectives = ["integrity", "openness"];
    const modules = range(random(5), (m) => ({
        id: "m" + m, screens: range(1 + random(4), (s) => "m" + m + "/" + id("screen", s)),
        after: chance(40) ? [pick(["m0", "m1", "m2", "m9"])] : []
    }));
    for (const module of modules) {
        if (chance(40)) {
            Object.assign(module, { pretest: pick(module.screens), pretest_permille: pick([1000, 800, 0, 500]) });
        }
    }
    const exercises = range(random(12), (i) => {
        const exercise = chance(25) ? scenario(i) : question(i);
        const module = modules.length ? pick(modules) : null;
        return {
            ...exercise, ...(module ? { module: module.id, screen: pick(module.screens) } : {}),
            ...(chance(30) ? { objective: pick(objectives) } : {})
        };
    });
    const questions = exercises.filter((exercise) => exercise.kind !== "scenario").map((exercise) => exercise.id);
    const banks = chance(50) && questions.length > 2
        ? [{ id: "bank", draw: 1 + random(questions.length - 2), exercises: questions.slice(0, 2 + random(questions.length - 2)) }] : [];
    const whole = {
        id: "course", pass_permille: 100 * (1 + random(10)), completion: pick(["screens", "passed"]),
        screens: modules.flatMap((module) => module.screens), exercises
    };
    return chance(10) ? whole : { ...whole, modules, banks, objectives, retakes: 3, certificate: true, audience: "all" };
}

function damaged() {
    return pick([null, true, 7, "x", [], {}, [["a"]], { choices: 7 }, { choices: [] }, { choices: [7, {}] }, { attempts: 2 }, { order: [7] },
        { matches: {} }, { blanks: ["x"] }, { micro: "1" }, { text: 1 }, { date: true }, { order: ["a"], choices: ["a"], micro: 0, text: true }]);
}

// A way through a case study: its steps and the letters of its choices.
function way(exercise) {
    const steps = Object.fromEntries(exercise.steps.map((step) => [step.id, step]));
    const walked = [], taken = [];
    let here = exercise.start;
    while (walked.length < 30 && here) {
        walked.push(chance(2) ? "nowhere" : here);
        const moves = chance(95) && steps[here] ? steps[here].moves : [];
        const at = moves.length ? random(moves.length) : 0;
        taken.push(chance(2) ? "z" : LETTERS[at]);
        here = moves[at];
    }
    return [walked, taken.slice(0, -1)];
}

// What a learner gives: right about as often as not.
const GIVEN = {
    ordering: (q) => ({ order: chance(50) ? q.items : shuffled(q.items).slice(0, chance(90) ? 12 : 1) }),
    matching: (q) => ({ matches: chance(50) ? q.right : q.left.map(() => pick(q.targets.concat("-"))) }),
    "fill-in": (q) => ({ blanks: q.blanks.map(() => chance(70)) }),
    numeric: (q) => ({ micro: chance(50) ? q.answer_micro + pick([0, 1, -1]) * q.tolerance_micro : number() }),
    reflection: () => ({ text: chance(90) }),
    attestation: () => ({ date: "2026-11-" + (10 + random(20)) }),
};

function tick(q) {
    const right = chance(50) && q.right ? q.right.slice() : some(q.choices, 40);
    return { choices: chance(10) ? right.concat(pick(["z", (q.right || ["a"])[0], q.choices[0]])) : right };
}

const given = (q) => ({ ...(GIVEN[q.kind] || tick)(q), attempts: 1 + random(3) });

function state(exercises, screens) {
    const answers = {}, paths = {}, moves = {};
    for (const exercise of some(exercises, 85)) {
        if (exercise.kind === "scenario") {
            const [walked, taken] = way(exercise);
            paths[exercise.id] = chance(3) ? damaged() : walked;
            if (chance(80)) {
                moves[exercise.id] = chance(3) ? damaged() : taken;
            }
        } else {
            answers[exercise.id] = chance(3) ? damaged() : given(exercise);
        }
    }
    const whole = { seen: some(screens, 90), answers, paths, moves, seed: random(1048576), round: random(4) };
    return chance(2) ? damaged() : whole;
}

// The same value in another spelling: spaces, escapes, whole numbers written as fractions.
function spelled(value) {
    if (Array.isArray(value)) {
        return "[" + (chance(10) ? " " : "") + value.map(spelled).join(chance(10) ? " , " : ",") + "]";
    }
    if (value && typeof value === "object") {
        return "{" + Object.keys(value).map((key) => JSON.stringify(key) + (chance(10) ? " :\t" : ":") + spelled(value[key])).join(",") + "}";
    }
    if (typeof value === "number") {
        return value + pick(["", "", "", ".0", "e0", ".00E+0"]);
    }
    const text = JSON.stringify(value);
    return typeof value !== "string" || chance(90) ? text : text.replace(/[^\x20-\x7e]|a/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
}

const broken = ["[", "[1,]", "[0.5]", "[1e400]", "[\"\\ud800\"]", "{}", "[[[", "[\"\u0001\"]", "[null]", "[1]]", "[9007199254740993]", "", "[{\"a\":1,\"a\":1}]"];

let current = course();
for (let i = 0; i < count; i++) {
    if (i % 20 === 0) {
        current = course();
    }
    console.log("evaluate\t" + spelled([current, state(current.exercises, current.screens)]));
    if (i % 10 === 0) {
        const q = question(i), s = scenario(i);
        console.log("score_question\t" + spelled([q, given(q)]));
        console.log("score_scenario\t" + spelled([s, ...way(s)]));
        console.log("best_points\t" + spelled([s]));
        console.log("identity\t" + spelled([{ list: strange, [pick(strange)]: random(2 ** 31) * pick([1, -1]), deep: [[], {}, [{ b: [true, false] }]] }]));
        console.log("identity\t" + pick(broken));
    }
}
