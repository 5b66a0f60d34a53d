/*
 * What a platform is told of a course's outcome under each profile, launch by launch, by the player's own files against
 * the strict model; and that it is never taken back, whatever the course has become since.
 */
"use strict";
const { Journey } = require("./lib/journey");
const PROFILES = require("./lib/profiles");

function courseOf(profile, isGraded) {
    return {
        id: "course",
        pass_permille: 800,
        completion: "screens",
        screens: ["m/one"],
        places: ["_about", "m/one", "_result"],
        profile,
        exercises: ["first", "last"].map((id) => ({
            id,
            kind: "single",
            points: isGraded ? 1 : 0,
            attempts: 0,
            shuffle: false,
            hints: 0,
            choices: ["a", "b"],
            right: ["a"]
        }))
    };
}

const see = (taking) => taking.shown("m/one");
const answer = (first, last) => [see, (taking) => taking.answered("first", first, ""), (taking) => taking.answered("last", last, "")];
const end = (_, keeper) => keeper.end();
const again = (_, keeper) => keeper.restart();

/* {element: value}, of a standard. */
function outcome(standard, values) {
    return standard === "scorm12"
        ? [values["cmi.core.lesson_status"], values["cmi.core.score.raw"], values["cmi.core.exit"]]
        : [values["cmi.completion_status"], values["cmi.success_status"], values["cmi.score.scaled"], values["cmi.exit"]];
}

/* profile: what a learner has who is half-way, below the mark, has ended below it, has passed; and who has finished an ungraded course. */
const EXPECTED = {
    scorm12: {
        generic: ["incomplete,,suspend", "incomplete,,suspend", "failed,50,suspend", "passed,100,suspend", "completed,,suspend"],
        moodle: ["incomplete,,suspend", "incomplete,,suspend", "incomplete,,suspend", "passed,100,suspend", "completed,,suspend"],
        cornerstone: ["incomplete,,suspend", "incomplete,,suspend", "incomplete,,suspend", "completed,100,suspend", "completed,,suspend"],
        successfactors: ["incomplete,,suspend", "incomplete,,suspend", "failed,50,suspend", "passed,100,suspend", "completed,,suspend"],
        strict: ["incomplete,,suspend", "incomplete,,suspend", "failed,50,", "passed,100,", "completed,,"]
    },
    scorm2004: {
        generic: ["incomplete,,,suspend", "completed,,,suspend", "completed,failed,0.5,suspend", "completed,passed,1,suspend", "completed,,,suspend"],
        moodle: ["incomplete,,,suspend", "incomplete,,,suspend", "incomplete,,,suspend", "completed,passed,1,suspend", "completed,,,suspend"],
        cornerstone: ["incomplete,,,suspend", "incomplete,,,suspend", "incomplete,,,suspend", "completed,passed,1,suspend", "completed,,,suspend"],
        successfactors: ["incomplete,,,suspend", "incomplete,,,suspend", "incomplete,failed,0.5,suspend", "completed,passed,1,suspend", "completed,,,suspend"],
        strict: ["incomplete,,,suspend", "completed,,,suspend", "completed,failed,0.5,normal", "completed,passed,1,normal", "completed,,,normal"]
    }
};

async function testOutcomes(standard, name, complain) {
    const graded = courseOf(PROFILES[name], true);
    const journeys = [
        [graded, [see]],
        [graded, answer("a", "b")],
        [graded, answer("a", "b").concat(end)],
        [graded, answer("a", "a")],
        [courseOf(PROFILES[name], false), answer("a", "b")]
    ];
    for (const [at, [course, act]] of journeys.entries()) {
        const journey = new Journey(standard);
        const { values, calls } = await journey.launch(course, act);
        const seen = outcome(standard, values).join();
        const expected = EXPECTED[standard][name][at];
        if (seen !== expected) {
            complain(`${standard} ${name}, case ${at}: ${seen} instead of ${expected}`);
        }
        if (standard === "scorm12" && !PROFILES[name].sends_optional && calls.some((call) => /^set .*(interactions|objectives|score\.m)/.test(call))) {
            complain(`${standard} ${name}: an element that platforms need not have`);
        }
        const isCommitted = /^commit/.test(calls[calls.length - 2]);
        if (isCommitted !== (standard === "scorm12" && PROFILES[name].commits_before_finish)) {
            complain(`${standard} ${name}: ${calls.slice(-2)}`);
        }
        /* Whoever begins anew has not yet ended. */
        const { values: later } = await journey.launch(course, [again, see]);
        if (/normal/.test(later["cmi.exit"]) || later["cmi.core.exit"] === "") {
            complain(`${standard} ${name}, case ${at}: the attempt is ended while the learner is in it`);
        }
        journey.problems.forEach((problem) => complain(`${standard} ${name}, case ${at}: ${problem}`));
    }
}

/* What was reached stays: under another profile, and when nothing was graded before. */
async function testNothingTakenBack(standard, complain) {
    const steps = [
        ["graded now", courseOf(PROFILES.generic, false), answer("a", "b"), courseOf(PROFILES.generic, true), answer("b", "b").concat(end)],
        ["graded no more", courseOf(PROFILES.generic, true), answer("a", "a"), courseOf(PROFILES.generic, false), answer("b", "b")],
        ["for Cornerstone now", courseOf(PROFILES.generic, true), answer("a", "a"), courseOf(PROFILES.cornerstone, true), answer("b", "b")],
        ["failed, then for Moodle", courseOf(PROFILES.generic, true), answer("b", "b").concat(end), courseOf(PROFILES.moodle, true), [see]]
    ];
    for (const [name, before, first, after, second] of steps) {
        const journey = new Journey(standard);
        const reached = outcome(standard, (await journey.launch(before, first)).values);
        const kept = outcome(standard, (await journey.launch(after, [again].concat(second))).values);
        if (reached[0] !== kept[0]) {
            complain(`${standard}, ${name}: ${reached} became ${kept}`);
        }
        if (standard === "scorm12" && reached[0] === "completed" && kept[1] !== undefined) {
            complain(`${standard}, ${name}: a score of which a platform makes a failure`);
        }
        journey.problems.forEach((problem) => complain(`${standard}, ${name}: ${problem}`));
    }
}

async function run() {
    const failures = [];
    for (const standard of ["scorm12", "scorm2004"]) {
        for (const name of Object.keys(PROFILES)) {
            await testOutcomes(standard, name, (words) => failures.push(words));
        }
        await testNothingTakenBack(standard, (words) => failures.push(words));
    }
    return { count: 2 * (Object.keys(PROFILES).length + 1), failures };
}

module.exports = { run };
