/*
 * What platforms are told of a course's objectives: with the screen and not with the answer, in the order of the
 * standard, under the index that a former launch or the manifest gave them, and never less than before.
 */
"use strict";
const { Journey } = require("./lib/journey");
const PROFILES = require("./lib/profiles");
const Strict = require("../../generator/preview/console/strict");

const PARTS = [
    ["first", "route", 1],
    ["second", "route", 1],
    ["third", "listen", 1],
    ["fourth", "speak", 0],
    ["fifth", null, 1]
];

function courseOf(profile) {
    return {
        id: "course",
        pass_permille: 800,
        completion: "screens",
        screens: ["m/one", "m/two"],
        places: ["_about", "m/one", "m/two", "_result"],
        profile,
        language: "ar",
        objectives: ["route", "listen", "speak", "unused"],
        objective_titles: { route: "اختيار الخطوات", listen: "x".repeat(300), speak: "{lang=en}[,]", unused: "" },
        exercises: PARTS.map(([id, objective, points]) => ({
            id,
            kind: "single",
            points,
            attempts: 0,
            shuffle: false,
            hints: 0,
            choices: ["a", "b"],
            right: ["a"],
            ...(objective && { objective })
        }))
    };
}

const see = (screen) => (taking) => taking.shown(screen);
const answer = (id, given) => (taking) => taking.answered(id, given, "Words");
const end = (_, keeper) => keeper.end();
const again = (_, keeper) => keeper.restart();

function standing(standard, objectives) {
    return (objectives || []).map((entry) =>
        standard === "scorm12"
            ? [entry.id, entry.status, entry["score.raw"]].join()
            : [entry.id, entry.completion_status, entry.success_status, entry["score.scaled"]].join()
    );
}

const EXPECTED = {
    scorm12: {
        first: ["route,incomplete,", "speak,completed,"],
        second: ["route,passed,100", "speak,completed,", "listen,incomplete,"],
        ended: ["route,passed,100", "speak,completed,", "listen,failed,0"],
        better: ["route,passed,100", "speak,completed,", "listen,passed,100"]
    },
    scorm2004: {
        first: ["course_pass,,,", "listen,,,", "route,incomplete,,", "speak,completed,,"],
        second: ["course_pass,,,", "listen,incomplete,,", "route,completed,passed,1", "speak,completed,,"],
        ended: ["course_pass,,,", "listen,completed,failed,0", "route,completed,passed,1", "speak,completed,,"],
        better: ["course_pass,,,", "listen,completed,passed,1", "route,completed,passed,1", "speak,completed,,"]
    }
};
/* [what is expected, answers that belong to objectives, acts]; a wrong answer alone is no failure: it can be answered again. */
const LAUNCHES = [
    ["first", 2, [see("m/one"), answer("first", "a"), answer("fourth", "b"), see("m/two")]],
    ["second", 2, [answer("second", "a"), answer("third", "b"), see("m/one")]],
    ["ended", 0, [answer("fifth", "b"), end]],
    ["ended", 2, [again, answer("first", "b"), answer("second", "b"), see("m/two")]],
    ["better", 1, [answer("third", "a"), see("m/one")]]
];

async function testJourney(standard, complain) {
    const told = standard === "scorm12" ? [] : ["course_pass", "listen"].map((id) => ({ id }));
    const journey = new Journey(standard, { values: {}, interactions: [], objectives: told });
    for (const [name, links, act] of LAUNCHES) {
        const { objectives, steps, calls: all } = await journey.launch(courseOf(PROFILES.generic), act);
        const seen = standing(standard, objectives).join(" ");
        if (seen !== EXPECTED[standard][name].join(" ")) {
            complain(`${standard}, ${name}: ${seen}`);
        }
        const linked = all.filter((call) => /^set cmi\.interactions\.\d+\.objectives\.0\.id/.test(call)).length;
        if (linked !== links) {
            complain(`${standard}, ${name}: ${linked} answers name their objectives, and not ${links}`);
        }
        steps.forEach((calls) => {
            const isAnswer = calls.some((call) => /interactions\.\d+\.id/.test(call));
            const brief = calls.slice(0, calls.findIndex((call) => /^commit/.test(call)) + 2);
            if (isAnswer && (brief.length > 12 || brief.some((call) => /objectives/.test(call)))) {
                complain(`${standard}, ${name}: an answer costs ${brief.length} calls: ${brief.join("; ")}`);
            }
        });
    }
    journey.problems.forEach((problem) => complain(`${standard}: ${problem}`));
}

async function testWithout(standard, profile, complain) {
    const journey = new Journey(standard);
    const { calls } = await journey.launch(courseOf(profile), LAUNCHES[0][2]);
    const isTold = calls.some((call) => /cmi\.objectives/.test(call));
    if (isTold !== (standard === "scorm2004" || profile.sends_optional)) {
        complain(`${standard} ${profile.name}: objectives are ${isTold ? "" : "not "}told`);
    }
    journey.problems.forEach((problem) => complain(`${standard} ${profile.name}: ${problem}`));
}

/* The model must be able to say no. */
const WRONG = {
    scorm12: [
        [["0.status", "passed"]],
        [["1.id", "a"]],
        [["0.id", "a b"]],
        [["0.id", "a"], ["0.id", "b"]],
        [["0.id", "a"], ["1.id", "a"]],
        [["0.id", "a"], ["0.score.raw", "101"]],
        [["0.id", "a"], ["0.status", "passed"]],
        [["0.id", "a"], ["0.status", "unknown"]],
        [["0.id", "a"], ["0.success_status", "passed"]],
        [["0.id", "a"], ["0.score.raw", "50"], ["0.status", "passed"], ["0.status", "incomplete"]],
        [["0.id", "a"], ["0.score.raw", "50"], ["0.score.raw", "40"]]
    ],
    scorm2004: [
        [["0.completion_status", "completed"]],
        [["1.id", "a"]],
        [["0.id", "a b"]],
        [["0.id", "a"], ["0.id", "b"]],
        [["0.id", "a"], ["1.id", "a"]],
        [["0.id", "a"], ["0.score.scaled", "1.1"]],
        [["0.id", "a"], ["0.success_status", "passed"]],
        [["0.id", "a"], ["0.status", "passed"]],
        [["0.id", "a"], ["0.description", "no language"]],
        [["0.id", "a"], ["0.description", `{lang=en}${"x".repeat(251)}`]],
        [["0.id", "a"], ["0.completion_status", "completed"], ["0.completion_status", "incomplete"]]
    ]
};

function testStrictness(standard, complain) {
    for (const values of WRONG[standard]) {
        const platform = Strict[standard]();
        const { api } = platform;
        (api.LMSInitialize || api.Initialize)("");
        values.forEach(([key, value]) => (api.LMSSetValue || api.SetValue)(`cmi.objectives.${key}`, value));
        if (platform.rejected.length !== 1) {
            complain(`${standard}: ${JSON.stringify(values)}: ${platform.rejected.length} rejected`);
        }
    }
}

async function run() {
    const failures = [];
    const complain = (words) => failures.push(words);
    let count = 0;
    for (const standard of ["scorm12", "scorm2004"]) {
        await testJourney(standard, complain);
        for (const profile of Object.values(PROFILES)) {
            await testWithout(standard, profile, complain);
            count++;
        }
        testStrictness(standard, complain);
        count += 1 + WRONG[standard].length;
    }
    return { count, failures };
}

module.exports = { run };
