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

function question(i) {
    const kind = pick(["single", "multiple", "multiple", "true-false"]);
    const choices = range(kind === "true-false" ? 2 : 2 + random(7), (c) => String.fromCharCode(97 + c));
    let right = kind === "multiple" ? some(choices, 50) : [pick(choices)];
    right = right.length ? right : [choices[0]];
    return { id: id("q", i), kind, choices, right, points: random(6) };
}

function scenario(i) {
    const names = range(1 + random(12), (s) => "s" + (s + 1));
    const steps = names.map((name, s) => {
        const end = s > 0 && chance(30) ? pick(["good", "fair", "poor"]) : null;
        const moves = end ? [] : some(names, 25).concat(pick(names)).filter((move) => chance(40) || move > name);
        return { id: name, points: random(4), moves, end };
    });
    return { id: id("s", i), kind: "scenario", start: "s1", points: random(6), steps };
}

function course() {
    const exercises = range(random(9), (i) => (chance(30) ? scenario(i) : question(i)));
    return {
        id: "course", pass_permille: 100 * (1 + random(10)), completion: pick(["screens", "passed"]),
        screens: range(random(6), (i) => "module/" + id("screen", i)), exercises,
    };
}

function damaged() {
    return pick([null, true, 7, "x", [], {}, [["a"]], { choices: 7 }, { choices: [] }, { choices: [7, {}] }, { attempts: 2 }]);
}

function path(exercise) {
    const steps = Object.fromEntries(exercise.steps.map((step) => [step.id, step]));
    const walked = [];
    let here = exercise.start;
    while (walked.length < 30 && here) {
        walked.push(chance(2) ? "nowhere" : here);
        here = chance(95) && steps[here] ? pick(steps[here].moves) : undefined;
    }
    return walked;
}

function state(exercises, screens) {
    const answers = {}, paths = {};
    for (const exercise of some(exercises, 85)) {
        if (exercise.kind === "scenario") {
            paths[exercise.id] = chance(3) ? damaged() : path(exercise);
        } else if (chance(3)) {
            answers[exercise.id] = damaged();
        } else {
            const right = chance(50) ? exercise.right.slice() : some(exercise.choices, 40);
            const choices = chance(10) ? right.concat(pick(["z", right[0] || "a", exercise.choices[0]])) : right;
            answers[exercise.id] = { choices, attempts: 1 + random(3) };
        }
    }
    const whole = { seen: some(screens, 90), answers, paths };
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
        console.log("score_question\t" + spelled([q, { choices: some(q.choices.concat("z"), 50), attempts: 1 }]));
        console.log("score_scenario\t" + spelled([s, path(s)]));
        console.log("best_points\t" + spelled([s]));
        console.log("identity\t" + spelled([{ list: strange, [pick(strange)]: random(2 ** 31) * pick([1, -1]), deep: [[], {}, [{ b: [true, false] }]] }]));
        console.log("identity\t" + pick(broken));
    }
}
