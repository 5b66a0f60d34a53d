/*
 * The calls of an ordinary launch against those that generator/player/README.md documents, standard for standard; and
 * how many an answer costs.
 */
"use strict";
const fs = require("fs");
const path = require("path");
const { Clock } = require("./lib/clock");
const { Disk, Locks, Channels } = require("./lib/storage");
const { Platform } = require("./lib/platform");
const { load } = require("./lib/player");
const profiles = require("./lib/profiles");

const README = path.join(__dirname, "../../generator/player/README.md");
const COURSE = {
    id: "course",
    pass_permille: 800,
    completion: "screens",
    profile: profiles.generic,
    screens: ["m/one", "m/two"],
    places: ["_about", "m/one", "m/two", "_result"],
    exercises: [
        { id: "first", kind: "single", points: 1, attempts: 0, shuffle: false, hints: 0, choices: ["a", "b"], right: ["a"] },
        { id: "last", kind: "single", points: 1, attempts: 0, shuffle: false, hints: 0, choices: ["a", "b"], right: ["a"] }
    ]
};
/* What the learner does, in the words of the document. */
const ACTS = [
    ["a launch", null],
    ["a screen", (taking) => taking.shown("m/one")],
    ["an answer", (taking) => taking.answered("first", "a", "Words")],
    ["another screen", (taking) => taking.shown("m/two")],
    ["the answer that decides", (taking) => taking.answered("last", "a", "Words")],
    ["leaving", (_, player) => player.leave(false)]
];

async function trace(standard) {
    const clock = new Clock(Date.UTC(2026, 10, 21, 10));
    const problems = [];
    const platform = new Platform(standard, clock, (problem) => problems.push(problem));
    const window = {};
    const launch = platform.launch(null, false);
    const world = {
        view: launch.view,
        now: () => clock.now(),
        monotonic: () => clock.monotonic,
        random: () => 0.5,
        token: () => "token",
        setTimeout: (action, delay) => clock.after(delay, action, window),
        clearTimeout: (event) => clock.cancel(event),
        indexedDB: new Disk(clock, () => 1).for(window),
        locks: new Locks(clock).for(window),
        channel: new Channels(clock, () => 1).for(window),
        whenOnline: () => {},
        whenHidden: () => {},
        whenGone: () => {}
    };
    const probity = load()(world);
    const course = JSON.parse(JSON.stringify(COURSE));
    const { names } = platform;
    let taking = null;
    const player = probity.launch(world, course, probity[standard], {
        tell: () => {},
        wait: () => {},
        lead: () => {},
        attached: () => {},
        begin: (keeper) => {
            taking = probity.openTaking(world, course, keeper, "en");
        }
    });
    const parts = [];
    for (const [name, act] of ACTS) {
        if (act) {
            act(taking, player);
        }
        await clock.run(10000);
        const calls = launch.log.splice(0).map(([action, element]) => `${names[action]} ${element}`.trim());
        parts.push({ name, calls });
    }
    return { parts, problems };
}

function asText(parts) {
    return parts.map(({ name, calls }) => [`${name}:`].concat(calls.map((call) => `    ${call}`)).join("\n")).join("\n") + "\n";
}

/* What differs, or nothing. */
async function run() {
    const documented = fs.readFileSync(README, "utf8");
    const failures = [];
    for (const standard of ["scorm12", "scorm2004"]) {
        const { parts, problems } = await trace(standard);
        const block = new RegExp("```" + standard + "\n([\\s\\S]*?)```").exec(documented);
        if (!block || block[1] !== asText(parts)) {
            failures.push(`${standard}: README.md documents other calls than these:\n${asText(parts)}`);
        }
        const answer = parts.find(({ name }) => name === "an answer").calls.length;
        if (answer > 12) {
            failures.push(`${standard}: an answer costs ${answer} calls`);
        }
        failures.push(...problems.map((problem) => `${standard}: ${problem}`));
    }
    return { count: 2, failures };
}

module.exports = { run, trace, asText };
