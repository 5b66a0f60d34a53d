/*
 * The packages as the build makes them, in Chromium, under scorm-again (a tolerant platform with a server behind it) and under the
 * strict one: by mouse and by keyboard alone; passed, failed and tried again, left half-way and resumed; and what the platform
 * recorded of it.
 */
"use strict";
const { check, equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const packages = require("./lib/packages");
const site = require("./lib/site");
const { Learner } = require("./lib/learner");

let server, chrome;

/* What the platform's server was sent last, in neutral words. */
function recorded(standard, address) {
    const name = new URL(address).pathname + "/commit";
    const posts = server.posts.filter((post) => post.name === name);
    const { cmi } = JSON.parse(posts[posts.length - 1].body);
    const list = Object.values(cmi.interactions.childArray || cmi.interactions);
    const common = { posts: posts.length, memory: { cmi }, state: cmi.suspend_data };
    if (standard === "scorm12") {
        return Object.assign(common, {
            status: cmi.core.lesson_status,
            raw: String(cmi.core.score.raw),
            location: cmi.core.lesson_location,
            exit: cmi.core.exit,
            interactions: list.map((entry) => ({
                id: entry.id,
                type: entry.type,
                response: entry.student_response,
                result: entry.result,
                weighting: String(entry.weighting),
                latency: entry.latency
            }))
        });
    }
    return Object.assign(common, {
        status: cmi.completion_status,
        success: cmi.success_status,
        raw: String(cmi.score.raw),
        scaled: String(cmi.score.scaled),
        location: cmi.location,
        exit: cmi.exit,
        progress: String(cmi.progress_measure),
        interactions: list.map((entry) => ({
            id: entry.id,
            type: entry.type,
            response: entry.learner_response,
            result: entry.result,
            weighting: String(entry.weighting),
            latency: entry.latency,
            description: entry.description
        }))
    });
}

/* What a learner who answers everything right is reported to have answered, the case study aside. */
function rightResponses(standard, course) {
    const separator = standard === "scorm12" ? "," : "[,]";
    const truths = standard === "scorm12" ? { a: "t", b: "f" } : { a: "true", b: "false" };
    return course.exercises
        .filter((exercise) => exercise.kind !== "scenario")
        .map((exercise) => [
            exercise.id,
            exercise.kind === "true-false" ? truths[exercise.right[0]] : exercise.right.join(separator),
            "correct"
        ]);
}

function checkPassed(name, standard, data, course) {
    if (standard === "scorm12") {
        equal(`${name}: recorded as passed`, [data.status, data.raw], ["passed", "100"]);
    } else {
        equal(
            `${name}: recorded as passed`,
            [data.status, data.success, data.raw, data.scaled, data.progress],
            ["completed", "passed", "100", "1", "1"]
        );
    }
    check(`${name}: state is kept`, /^2\./.test(data.state) && data.state.length < 500, data.state);
}

async function testPass(standard, language) {
    const name = `${standard} ${language} by mouse`;
    const address = server.tolerant(standard, null, `/packages/${standard}-${language}/index.html`);
    const learner = await Learner.open(chrome, address);
    const course = await learner.courseData();
    await learner.playByMouse(() => true);
    check(
        `${name}: the learner is told`,
        (await learner.text("#course-result .verdict")) === (await learner.words("player.result.passed"))
    );
    await learner.saved();
    const data = recorded(standard, address);
    checkPassed(name, standard, data, course);
    equal(
        `${name}: every answer is recorded`,
        data.interactions
            .filter((entry) => entry.type !== "performance")
            .map((entry) => [entry.id, entry.response, entry.result]),
        rightResponses(standard, course)
    );
    const story = data.interactions.find((entry) => entry.type === "performance");
    check(`${name}: and the case study`, story && story.result === "correct" && story.response.length > 0, story);
    equal(
        `${name}: weights are the points`,
        data.interactions.map((entry) => entry.weighting).sort(),
        course.exercises.map((exercise) => String(exercise.points)).sort()
    );
    equal(`${name}: location`, data.location, "_result");
    if (standard === "scorm2004") {
        check(
            `${name}: questions in words`,
            data.interactions.every((entry) => /^\{lang=[a-zA-Z-]+\}./.test(entry.description))
        );
    }
    await learner.leave();
    equal(`${name}: no errors in the page`, learner.errors, []);
    await learner.close();
}

async function testKeyboard(standard, language) {
    const name = `${standard} ${language} by keyboard`;
    const address = server.tolerant(standard, null, `/packages/${standard}-${language}/index.html`);
    const learner = await Learner.open(chrome, address);
    const course = await learner.courseData();
    await learner.playByKeyboard(() => false);
    await learner.saved();
    let data = recorded(standard, address);
    check(
        `${name}: nothing is failed while it can be tried again`,
        data.status !== "failed" && data.success !== "failed",
        data
    );
    await learner.press("#course-result .end");
    await learner.saved();
    data = recorded(standard, address);
    equal(`${name}: ended below the mark`, standard === "scorm12" ? data.status : data.success, "failed");
    check(`${name}: with its score`, Number(data.raw) < 80, data.raw);
    await learner.press("#course-result .restart");
    await learner.playByKeyboard(() => true);
    await learner.saved();
    checkPassed(name, standard, recorded(standard, address), course);
    await learner.press("#course-leave");
    await learner.left();
    equal(`${name}: no errors in the page`, learner.errors, []);
    await learner.close();
}

async function testResume(standard, language) {
    const name = `${standard} ${language} resumed`;
    const frame = `/packages/${standard}-${language}/index.html`;
    const address = server.tolerant(standard, null, frame);
    const learner = await Learner.open(chrome, address);
    const course = await learner.courseData();
    const half = course.exercises[Math.floor(course.exercises.length / 2)].id;
    await learner.playByMouse(() => true, half);
    await learner.saved();
    await learner.page.evaluate(() => document.getElementById("course").remove());
    const data = recorded(standard, address);
    equal(`${name}: half-way it is incomplete`, [data.status, data.exit], ["incomplete", "suspend"]);
    await learner.close();

    const again = server.tolerant(standard, data.memory, frame);
    const other = await Learner.open(chrome, again);
    equal(`${name}: the same screen`, await other.place(), data.location);
    check(
        `${name}: the same answers`,
        await other.isAnswered(half, course.exercises.find((exercise) => exercise.id === half).right)
    );
    await other.playByMouse(() => true);
    await other.saved();
    checkPassed(name, standard, recorded(standard, again), course);
    equal(`${name}: no errors in the page`, other.errors, []);
    await other.close();
}

async function testStrict(standard, language) {
    const name = `${standard} ${language} strict`;
    const learner = await Learner.open(
        chrome,
        server.strict(standard, null, {}, `/packages/${standard}-${language}/index.html`)
    );
    await learner.playByMouse(() => false);
    await learner.course.locator("#course-result .restart").click();
    await learner.playByMouse(() => true);
    await learner.saved();
    await learner.leave();
    const seen = await learner.page.evaluate(() => ({
        rejected: window.platform.rejected,
        calls: window.platform.calls.length,
        values: window.platform.committed.values
    }));
    equal(`${name}: nothing rejected in ${seen.calls} calls`, seen.rejected, []);
    check(`${name}: passed`, Object.values(seen.values).includes("passed"));
    await learner.close();
}

/* Two learners at a time: most of a journey is waiting. */
async function testStandard(standard) {
    for (const language of packages.LANGUAGES) {
        await run(`${standard} ${language} by mouse`, () => testPass(standard, language));
        await run(`${standard} ${language} by keyboard`, () => testKeyboard(standard, language));
        await run(`${standard} ${language} resumed`, () => testResume(standard, language));
        await run(`${standard} ${language} strict`, () => testStrict(standard, language));
    }
}

exports.run = async () => {
    server = await site.open();
    chrome = await browser.launch();
    const made = packages.make(server);
    try {
        await Promise.all(packages.STANDARDS.map(testStandard));
    } finally {
        await chrome.close();
        await server.close();
        made.remove();
    }
};
