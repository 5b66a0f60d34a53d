/* The cmi5 package under a platform that takes nothing that the specification forbids; and that platform itself. */
"use strict";
const { check, equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const packages = require("./lib/packages");
const site = require("./lib/site");
const { Learner } = require("./lib/learner");
const records = require("./lib/lrs");

let server, chrome, lrs;

async function settle(learner, language) {
    learner.course = learner.page.frameLocator(".shell-frame");
    await learner.course
        .locator(`html[data-player=on]${language ? `[lang|=${language}]` : ""}`)
        .waitFor({ state: "attached" });
    learner.frame = learner.page.mainFrame().childFrames()[0];
}

async function launch(options) {
    const launched = lrs.launch(`${server.address}/packages/cmi5-all/index.html`, options || {});
    const learner = new Learner();
    learner.context = await chrome.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en-GB" });
    learner.page = await learner.context.newPage();
    learner.errors = [];
    learner.page.on("pageerror", (error) => learner.errors.push(String(error)));
    await learner.page.goto(launched.address);
    await settle(learner);
    return Object.assign(learner, { launched });
}

const defined = (learner) => lrs.verbs(learner.launched.session).filter((verb) => verb !== "answered");
const answered = (learner) => lrs.verbs(learner.launched.session).filter((verb) => verb === "answered").length;

async function until(holds) {
    for (let count = 0; count < 100 && !holds(); count++) {
        await new Promise((resolve) => {
            setTimeout(resolve, 50);
        });
    }
    return holds();
}

async function testPass() {
    lrs.preferences = { languagePreference: "ar,en", audioPreference: "off" };
    const learner = await launch({ returnTo: `${server.address}/lib/lrs.js` });
    lrs.preferences = null;
    equal("passed: the learner's language", await learner.frame.evaluate(() => document.documentElement.lang), "ar");
    const course = await learner.courseData();
    const half = course.exercises[Math.floor(course.exercises.length / 2)];
    await learner.playByMouse(() => true, half.id);
    await learner.saved();
    const place = await learner.place();
    await learner.course.locator(".languages a[hreflang|=zh]").click();
    await settle(learner, "zh");
    equal("passed: the same screen in another language", await learner.place(), place);
    check("passed: the same answer", await learner.isAnswered(half.id, half.right));
    await learner.playByMouse(() => true);
    await learner.saved();
    equal("passed: what is told", defined(learner).sort(), ["completed", "initialized", "passed"]);
    equal("passed: initialized first", lrs.verbs(learner.launched.session)[0], "initialized");
    check("passed: every answer", answered(learner) >= course.exercises.length, answered(learner));
    const passed = lrs.statements.find((statement) => statement.verb.display.en === "passed");
    equal("passed: its score", passed.result.score, { scaled: 1, raw: 100, min: 0, max: 100 });
    const pattern = lrs.statements.find((statement) => statement.object.id.endsWith("#" + half.id));
    check("passed: answers have their words and their right answer", pattern.object.definition.correctResponsesPattern);
    await learner.leave();
    await learner.page.waitForURL("**/lib/lrs.js");
    check("passed: back to the platform (10.2.6)", true);
    equal("passed: terminated last", lrs.verbs(learner.launched.session).pop(), "terminated");
    equal("passed: nothing rejected", lrs.rejected, []);
    equal("passed: no errors in the page", learner.errors, []);
    const { registration } = learner.launched;
    await learner.close();

    const again = await launch({ registration });
    equal("launched again: the result", await again.place(), "_result");
    await again.leave();
    equal("launched again: nothing is told twice", defined(again), ["initialized", "terminated"]);
    equal("launched again: nothing rejected", lrs.rejected, []);
    await again.close();
}

async function testFail() {
    const learner = await launch();
    await learner.playByMouse(() => false);
    await learner.course.locator("#course-result .end").click();
    await learner.saved();
    check("failed: it is told", defined(learner).includes("failed"), defined(learner));
    await learner.course.locator("#course-result .restart").click();
    await learner.playByMouse(() => true);
    await learner.saved();
    check("failed, then passed: one verdict in a session (9.3)", !defined(learner).includes("passed"));
    await learner.leave();
    const { registration } = learner.launched;
    await learner.close();
    const again = await launch({ registration });
    check("failed, then passed: the pass is told at the next launch", defined(again).includes("passed"), defined(again));
    await again.leave();
    equal("failed, then passed: nothing rejected", lrs.rejected, []);
    await again.close();
}

async function testResume() {
    const learner = await launch();
    const course = await learner.courseData();
    const half = course.exercises[Math.floor(course.exercises.length / 2)];
    await learner.playByMouse(() => true, half.id);
    await learner.saved();
    const place = await learner.place();
    const { registration } = learner.launched;
    await learner.page.close();
    check("resumed: a closed tab is told", await until(() => defined(learner).includes("terminated")), defined(learner));
    await learner.close();
    const again = await launch({ registration });
    equal("resumed: the same screen", await again.place(), place);
    check("resumed: the same answer", await again.isAnswered(half.id, half.right));
    equal("resumed: nothing rejected", lrs.rejected, []);
    await again.close();
}

async function testModes() {
    for (const mode of ["Review", "Browse"]) {
        const learner = await launch({ mode });
        await learner.playByMouse(() => true);
        await learner.leave();
        equal(`${mode}: begun and ended, nothing else (10.2.2)`, lrs.verbs(learner.launched.session), [
            "initialized",
            "terminated"
        ]);
        equal(`${mode}: nothing rejected`, lrs.rejected, []);
        await learner.close();
    }
}

/* The address of the token gives nothing, or the token is not taken. */
async function testToken() {
    for (const faults of [{ fetch: 500 }, { token: true }]) {
        Object.assign(lrs.faults, faults);
        const learner = await launch();
        const name = `no token (${Object.keys(faults)[0]})`;
        equal(`${name}: it says so`, await learner.text("#course-notice"), await learner.words("player.not-recorded"));
        equal(`${name}: nothing is told`, lrs.verbs(learner.launched.session), []);
        lrs.faults = {};
        await learner.close();
    }
    const learner = await launch();
    await learner.page.reload();
    await settle(learner);
    equal(
        "the token's address works once (8.2.3): a page that is loaded again says that nothing is recorded",
        await learner.text("#course-notice"),
        await learner.words("player.not-recorded")
    );
    await learner.close();
}

async function testTrouble() {
    const learner = await launch();
    const course = await learner.courseData();
    for (const [at, name, faults] of [
        [0, "offline", { offline: true }],
        [1, "statements refused", { statements: 503 }],
        [2, "state refused", { state: 503 }]
    ]) {
        Object.assign(lrs.faults, faults);
        /* An answer is both a statement and a new state. */
        await learner.playByMouse(() => true, course.exercises[at].id);
        await learner.course.locator("#course-save:not([data-status=saved])").waitFor();
        check(`${name}: it is not said to be saved`, true);
        lrs.faults = {};
        await learner.page.evaluate(() => window.dispatchEvent(new Event("online")));
        await learner.frame.evaluate(() => window.dispatchEvent(new Event("online")));
        await learner.saved();
    }
    await learner.playByMouse(() => true);
    await learner.saved();
    const told = lrs.statements.filter(
        (statement) => statement.verb.display.en === "answered" && statement.context.registration === learner.launched.registration
    );
    equal(
        "after trouble: every exercise is answered",
        new Set(told.map((statement) => statement.object.id)).size,
        course.exercises.length
    );
    const moments = told.map((statement) => statement.object.id + statement.timestamp);
    equal("after trouble: no answer is told twice", new Set(moments).size, moments.length);
    equal("after trouble: nothing rejected", lrs.rejected, []);
    await learner.close();
}

/* The judge is judged: each change of a sound statement is refused, by its requirement. */
function testJudge() {
    const sound = JSON.parse(JSON.stringify(lrs.statements.find((entry) => entry.verb.display.en === "passed")));
    const context = () => ({
        data: {
            contextTemplate: {
                contextActivities: { grouping: sound.context.contextActivities.grouping },
                extensions: {
                    "https://w3id.org/xapi/cmi5/context/extensions/sessionid":
                        sound.context.extensions["https://w3id.org/xapi/cmi5/context/extensions/sessionid"]
                }
            },
            launchMode: "Normal",
            masteryScore: 0.8
        },
        registration: sound.context.registration,
        session: sound.context.extensions["https://w3id.org/xapi/cmi5/context/extensions/sessionid"],
        activity: sound.object.id,
        actor: sound.actor,
        used: new Set(["initialized"]),
        initialized: true,
        hasReadPreferences: true
    });
    equal("judge: a sound statement", records.fault(context(), new Set(), sound), null);
    const changes = [
        ["9.1.0.0-1", (s) => delete s.id],
        ["8.1.3.0-3", (s) => (s.actor.account.name = "another")],
        ["9.7.0.0-2", (s) => (s.timestamp = "2026-11-21T10:00:00+01:00")],
        ["9.6.1.0-1", (s) => (s.context.registration = "00000000-0000-4000-8000-999999999999")],
        ["9.6.3.1-4", (s) => delete s.context.extensions["https://w3id.org/xapi/cmi5/context/extensions/sessionid"]],
        ["9.6.2.0-1", (s) => (s.context.contextActivities.grouping = [])],
        ["9.6.2.2", (s) => (s.context.contextActivities.category = [{ id: "https://w3id.org/xapi/cmi5/context/categories/cmi5" }])],
        ["9.4.0.0-2", (s) => (s.object.id = "https://example.org/other")],
        ["9.5.2.0-1", (s) => (s.result.success = false)],
        ["9.3.4.0-2", (s) => (s.result.score.scaled = 0.5)],
        ["9.6.3.2-2", (s) => delete s.context.extensions["https://w3id.org/xapi/cmi5/context/extensions/masteryscore"]],
        ["9.5.1.0-3", (s) => delete s.result.score.max],
        ["9.5.4.1", (s) => delete s.result.duration],
        ["9.5.4", (s) => (s.result.duration = "PT1.234S")],
        ["9.5.3.0-1", (s) => (s.result.completion = true)]
    ];
    changes.forEach(([requirement, change]) => {
        const statement = JSON.parse(JSON.stringify(sound));
        change(statement);
        const reason = records.fault(context(), new Set(), statement);
        check(`judge: ${requirement}`, reason && reason.startsWith(requirement), reason);
    });
    const states = [
        ["9.3.0.0-4", { initialized: false }, []],
        ["9.3.0.0-5", { terminated: true }, []],
        ["9.3.0.0-2", { used: new Set(["passed"]) }, []],
        ["9.3.0.0-3", { used: new Set(["failed"]) }, []],
        ["9.3.0.0-7", {}, ["passed"]],
        ["11.0.0.0-3", { hasReadPreferences: false }, []]
    ];
    states.forEach(([requirement, state, registration]) => {
        const reason = records.fault(Object.assign(context(), state), new Set(registration), sound);
        check(`judge: ${requirement}`, reason && reason.startsWith(requirement), reason);
    });
}

exports.run = async () => {
    server = await site.open();
    chrome = await browser.launch();
    lrs = await records.open();
    const made = packages.make(server);
    try {
        for (const test of [testPass, testFail, testResume, testModes, testToken, testTrouble, testJudge]) {
            await run(`cmi5: ${test.name}`, test);
        }
    } finally {
        await chrome.close();
        await server.close();
        await lrs.close();
        made.remove();
    }
};
