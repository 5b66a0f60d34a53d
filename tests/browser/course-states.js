/*
 * What platforms keep of learners, for each course that there is: full states of it come back as they were, no bit changes unnoticed,
 * and the longest that a learner can make of it fits the smallest platform. STATES=100000 tries that many (some minutes).
 */
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { execFileSync } = require("child_process");
const { check, equal } = require("./lib/report");
const packages = require("./lib/packages");
const site = require("./lib/site");
const chance = require("./lib/random");

global.window = global;
for (const name of ["api", "format", "interaction", "exercise", "reading", "state"]) {
    require(path.join(site.root, "generator/player", name + ".js"));
}
const { Probity } = global;
const { random, answer: randomAnswer, learner: randomLearner } = chance.open(Probity, 20261121);
const { canonical } = chance;

const program = process.env.PROBITY || path.join(site.root, "build/probity");
const PROJECTS = [process.env.PROBITY_PROJECT || site.root, packages.KINDS.project];
const COUNT = Number(process.env.STATES || 5000); /* of each course */
const LIMIT = 4096; /* SCORM 1.2 */

/* Every version of every course, with the places that its page has. */
function readCourses(folder) {
    const courses = [];
    PROJECTS.forEach((project, number) => {
        const output = path.join(folder, String(number));
        execFileSync(program, ["-C", project, "build", "--target", "web", "--output", output], { stdio: "pipe" });
        const made = fs.readdirSync(path.join(output, "packages"), { recursive: true }).filter((name) => name.endsWith("-all-web.zip"));
        for (const name of made.sort()) {
            const read = (file) =>
                execFileSync("python3", ["-c", "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))",
                    path.join(output, "packages", name), file], { encoding: "utf8", maxBuffer: 1 << 26 });
            const window = {};
            new Function("window", read("en.js"))(window);
            const places = Array.from(read("en.html").matchAll(/data-place="([^"]*)"/g), (match) => match[1]);
            courses.push(Object.assign(window.Probity.course, { name, places }));
        }
    });
    return courses;
}

/* Everything seen and answered, as often as it is counted. */
function fill(course, learner) {
    course.screens.forEach((id) => {
        learner.seen[id] = true;
    });
    course.exercises.forEach((skeleton) => {
        learner.answers[skeleton.id] = learner.answers[skeleton.id] || { tries: 1 + random(35), given: randomAnswer(skeleton) };
    });
    return learner;
}

/* As long as each field and answer can be. */
function worstOf(course) {
    const worst = Object.assign(fill(course, randomLearner(course)), {
        round: 100000, seed: (1 << 20) - 1, change: 36 ** 6 - 1, passed: true, completed: true, ended: true, bestPermille: 1000,
        screen: course.places.reduce((longest, id) => (id.length > longest.length ? id : longest))
    });
    for (const skeleton of course.exercises) {
        const given = {
            matching: () => skeleton.left.map(() => skeleton.targets[0]).join(""),
            "fill-in": () => Probity.exercise.blanks(skeleton.blanks.map(() => ({ text: "行".repeat(90), isAccepted: true }))),
            numeric: () => "-999999999.999999",
            reflection: () => "行".repeat(Math.floor(skeleton.size / 3)),
            multiple: () => skeleton.choices.join(""),
            hotspot: () => (skeleton.multiple ? skeleton.choices.join("") : skeleton.choices[0])
        }[skeleton.kind];
        worst.answers[skeleton.id] = { tries: 99, given: given ? given() : worst.answers[skeleton.id].given };
    }
    return worst;
}

function testCourse(course) {
    const { state } = Probity;
    let different = 0, undetected = 0, flips = 0, longest = 0;
    for (let i = 0; i < COUNT; i++) {
        const learner = fill(course, randomLearner(course));
        const text = state.write(course, learner);
        const read = state.read(course, text);
        longest = Math.max(longest, text.length);
        different += read === null || canonical(read) !== canonical(learner) || !/^[\x21-\x7e]*$/.test(text);
        /* Of some every bit, of all one. */
        const isWhole = i % Math.ceil(COUNT / 10) === 0;
        for (let bit = isWhole ? 0 : random(text.length * 8), end = isWhole ? text.length * 8 : bit + 1; bit < end; bit++, flips++) {
            const at = bit >> 3, flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << (bit & 7)));
            undetected += state.read(course, text.slice(0, at) + flipped + text.slice(at + 1)) !== null;
        }
    }
    equal(`${course.name}: ${COUNT} full states come back as they were`, different, 0);
    equal(`${course.name}: each of ${flips} flipped bits is noticed`, undetected, 0);
    const worst = state.write(course, worstOf(course));
    check(`${course.name}: the worst case fits`, worst.length <= LIMIT, worst.length);
    check(`${course.name}: nothing by chance is longer than the worst case`, longest <= worst.length, [longest, worst.length]);
    equal(`${course.name}: the worst case comes back`, canonical(state.read(course, worst)), canonical(worstOfRead(course, worst)));
    console.log(`${course.name}: ${COUNT} full states, at most ${longest} characters; worst case ${worst.length} of ${LIMIT}; ${flips} flipped bits`);
}

/* Written and read once more: what is cut is cut once. */
function worstOfRead(course, text) {
    return Probity.state.read(course, Probity.state.write(course, Probity.state.read(course, text)));
}

exports.run = async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "probity-states-"));
    try {
        const courses = readCourses(folder);
        check("there are the courses of both projects", courses.length >= 3, courses.length);
        courses.forEach(testCourse);
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
};
