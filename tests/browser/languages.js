/*
 * Packages of all languages: which language opens, going from one to another half-way with one launch of the platform,
 * and the stand-alone course from a server and from a folder.
 */
"use strict";
const fs = require("fs");
const path = require("path");
const { check, equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const packages = require("./lib/packages");
const site = require("./lib/site");
const { Learner } = require("./lib/learner");

const NAMES = {
    scorm12: {
        preference: "cmi.student_preference.language",
        time: "cmi.core.session_time",
        first: "LMSInitialize",
        last: "LMSFinish",
        status: "cmi.core.lesson_status",
        done: "passed",
        mode: "cmi.core.lesson_mode"
    },
    scorm2004: {
        preference: "cmi.learner_preference.language",
        time: "cmi.session_time",
        first: "Initialize",
        last: "Terminate",
        status: "cmi.success_status",
        done: "passed",
        mode: "cmi.mode"
    }
};

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

let server, chrome, folder;

/* Of 00:01:02.30 or PT1M2.3S; no test is as long as an hour. */
const seconds = (text) => {
    const parts = /^(?:\d+:(\d+):|PT(?:(\d+)M)?)([\d.]*)S?$/.exec(text);
    return Number(parts[1] || parts[2] || 0) * 60 + Number(parts[3]);
};

/* A learner whose course stands in the shell's frame. */
async function launch(address, options) {
    const learner = new Learner();
    learner.context = await chrome.newContext(Object.assign({ viewport: { width: 1280, height: 1000 } }, options));
    learner.page = await learner.context.newPage();
    learner.errors = [];
    learner.page.on("pageerror", (error) => learner.errors.push(String(error)));
    await learner.page.goto(address);
    learner.course = learner.page.frameLocator("#course").frameLocator(".shell-frame");
    await settle(learner);
    return learner;
}

/* Until the page in the inner frame plays, in `language` where one is given. */
async function settle(learner, language) {
    await learner.course
        .locator(`html[data-player=on]${language ? `[lang|=${language}]` : ""}`)
        .waitFor({ state: "attached" });
    const outer = learner.page.mainFrame().childFrames()[0];
    learner.frame = outer.childFrames()[0];
    learner.shell = outer;
}

async function change(learner, language) {
    await learner.course.locator(`.languages a[hreflang|=${language}]`).click();
    await settle(learner, language);
}

const language = (learner) => learner.frame.evaluate(() => document.documentElement.lang);
const calls = (learner, name) =>
    learner.page.evaluate((call) => window.platform.calls.filter((entry) => entry[0] === call).length, name);

async function testSwitch(standard) {
    const names = NAMES[standard];
    const learner = await launch(
        server.strict(standard, null, {}, `/packages/${standard}-all/index.html`),
        { locale: "en-GB" }
    );
    equal(`${standard}: the browser's language`, await language(learner), "en");
    const course = await learner.courseData();
    const half = course.exercises[Math.floor(course.exercises.length / 2)];
    await learner.playByMouse(() => true, half.id);
    await learner.saved();
    const place = await learner.place();
    const before = await learner.page.evaluate((name) => window.platform.values[name], names.time);

    await change(learner, "ar");
    equal(`${standard}: from right to left`, await learner.frame.evaluate(() => document.documentElement.dir), "rtl");
    equal(`${standard}: the shell's, too`, await learner.shell.evaluate(() => document.documentElement.dir), "rtl");
    equal(
        `${standard}: the frame is called as the course`,
        await learner.shell.evaluate(() => document.querySelector("iframe").title),
        await learner.frame.evaluate(() => document.title)
    );
    equal(`${standard}: the same screen`, await learner.place(), place);
    check(`${standard}: the same answer`, await learner.isAnswered(half.id, half.right));
    equal(`${standard}: it is saved`, await learner.course.locator("#course-save").getAttribute("data-status"), "saved");

    await change(learner, "zh");
    await learner.playByMouse(() => true);
    await learner.saved();
    equal(`${standard}: one launch until now`, [await calls(learner, names.first), await calls(learner, names.last)], [1, 0]);
    await learner.leave();
    equal(`${standard}: one launch in all`, [await calls(learner, names.first), await calls(learner, names.last)], [1, 1]);
    const seen = await learner.page.evaluate(() => ({
        rejected: window.platform.rejected,
        values: window.platform.committed.values,
        ids: window.platform.committed.interactions.map((entry) => entry.id)
    }));
    equal(`${standard}: nothing rejected`, seen.rejected, []);
    equal(`${standard}: passed`, seen.values[names.status], names.done);
    equal(`${standard}: the platform learns the language`, seen.values[names.preference], "zh-Hans");
    /* The one before the first change was given again, as this learner does on the screen that opens. */
    equal(`${standard}: every answer`, seen.ids.sort(), course.exercises.map((entry) => entry.id).concat(half.id).sort());
    check(
        `${standard}: time goes on`,
        seconds(seen.values[names.time]) >= seconds(before),
        [before, seen.values[names.time]]
    );
    check(
        `${standard}: nothing more to choose`,
        !(await learner.course.locator(".languages").isVisible())
    );
    equal(`${standard}: no errors in the page`, learner.errors, []);
    await learner.close();
}

/* The platform's word, then the device's, then the browser's, then the source language. */
async function testChoice(standard) {
    const names = NAMES[standard];
    const frame = `/packages/${standard}-all/index.html`;
    const of = (value) => ({ values: value === null ? {} : { [names.preference]: value }, interactions: [] });
    for (const [value, locale, expected] of [
        ["ar", "fr-FR", "ar"],
        ["zh-CN", "fr-FR", "zh-Hans"],
        ["Español", "fr-FR", "es"],
        ["tlh", "fr-FR", "fr"],
        [null, "ru-RU", "ru"],
        [null, "de-DE", "en"]
    ]) {
        const learner = await launch(server.strict(standard, of(value), {}, frame), { locale });
        equal(`${standard}: ${value} on a device in ${locale}`, await language(learner), expected);
        if (locale === "de-DE") {
            await change(learner, "fr");
            await learner.page.goto(server.strict(standard, of(null), {}, frame));
            await settle(learner);
            equal(`${standard}: what was chosen last`, await language(learner), "fr");
        }
        await learner.close();
    }
}

/* The window closes, and nobody has pressed a button. */
async function testGone(standard) {
    const names = NAMES[standard];
    const learner = await launch(server.strict(standard, null, {}, `/packages/${standard}-all/index.html`));
    await change(learner, "es");
    await learner.page.evaluate(() => document.getElementById("course").remove());
    await learner.page.waitForFunction(
        (name) => window.platform.calls.some((entry) => entry[0] === name),
        names.last
    );
    equal(`${standard}: gone: one end`, [await calls(learner, names.first), await calls(learner, names.last)], [1, 1]);
    equal(`${standard}: gone: nothing rejected`, await learner.page.evaluate(() => window.platform.rejected), []);
    await learner.close();
}

async function testReview(standard) {
    const names = NAMES[standard];
    const memory = { values: { [names.mode]: "review", [names.preference]: "en" }, interactions: [] };
    const learner = await launch(server.strict(standard, memory, {}, `/packages/${standard}-all/index.html`));
    await change(learner, "fr");
    await learner.leave();
    const sets = await learner.page.evaluate(() => window.platform.calls.filter((call) => /SetValue/.test(call[0])));
    equal(`${standard}: a review writes nothing`, sets, []);
    await learner.close();
}

async function testWithoutPlatform(standard) {
    const learner = new Learner();
    learner.context = await chrome.newContext();
    learner.page = await learner.context.newPage();
    await learner.page.goto(`${server.address}/packages/${standard}-all/index.html`);
    const course = learner.page.frameLocator(".shell-frame");
    await course.locator("html[data-player=on]").waitFor({ state: "attached" });
    check(`${standard}: without a platform it says so`, await course.locator("#course-notice").isVisible());
    await learner.close();
}

/* The shell and the list of languages on the page, wide and narrow, light and dark. */
async function testAccessible() {
    for (const [width, colorScheme] of [
        [1280, "light"],
        [320, "dark"]
    ]) {
        const learner = await launch(server.strict("scorm12", null, {}, "/packages/scorm12-all/index.html", true), {
            viewport: { width, height: 720 },
            colorScheme
        });
        await change(learner, "ar");
        for (const frame of [learner.shell, learner.frame]) {
            await frame.evaluate(axe);
            const found = await frame.evaluate(
                (tags) => window.axe.run(document, { runOnly: tags, resultTypes: ["violations"], iframes: false }),
                TAGS
            );
            equal(
                `${width} px, ${colorScheme}: axe`,
                found.violations.map((violation) => [violation.id, violation.nodes.map((node) => node.html)]),
                []
            );
        }
        const isWide = await learner.frame.evaluate(
            () => document.documentElement.scrollWidth > document.documentElement.clientWidth
        );
        check(`${width} px: nothing to scroll sideways`, !isWide);
        if (process.env.LOOK) {
            await learner.page.screenshot({ path: path.join(process.env.LOOK, `languages-${width}.png`) });
        }
        await learner.close();
    }
}

async function testWithoutScript() {
    const context = await chrome.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${server.address}/packages/scorm12-all/index.html`);
    equal("without script: six languages", await page.locator("a[hreflang]").count(), 6);
    await page.locator("a[hreflang=ru]").click();
    equal("without script: a page in its language", await page.locator("html").getAttribute("lang"), "ru");
    await page.locator("a[hreflang=fr]").click();
    equal("without script: and another", await page.locator("html").getAttribute("lang"), "fr");
    await context.close();
}

/* `address`: of the package's folder, on the web or on the disk. */
async function testWeb(name, address) {
    const context = await chrome.newContext({ locale: "en-GB" });
    const learner = new Learner();
    learner.page = await context.newPage();
    learner.errors = [];
    learner.page.on("pageerror", (error) => learner.errors.push(String(error)));
    const settled = async (code) => {
        await learner.page.locator(`html[data-player=on][lang|=${code}]`).waitFor({ state: "attached" });
        learner.course = learner.page;
        learner.frame = learner.page.mainFrame();
    };
    await learner.page.goto(address + "index.html");
    await settled("en");
    equal(
        `${name}: says that nothing is reported`,
        await learner.text("#course-notice"),
        await learner.words("player.practice")
    );
    const course = await learner.courseData();
    const half = course.exercises[Math.floor(course.exercises.length / 2)];
    await learner.playByMouse(() => true, half.id);
    await learner.course.locator("#course-save[data-status=local]").waitFor();
    const place = await learner.place();
    await learner.page.locator(".languages a[hreflang=ar]").click();
    await settled("ar");
    equal(`${name}: the same screen in Arabic`, await learner.place(), place);
    check(`${name}: the same answer`, await learner.isAnswered(half.id, half.right));
    await learner.page.goto(address + "index.html");
    await settled("ar");
    await learner.playByMouse(() => true);
    equal(
        `${name}: passed`,
        await learner.text("#course-result .verdict"),
        await learner.words("player.result.passed")
    );
    equal(`${name}: no errors in the page`, learner.errors, []);
    await context.close();
}

exports.run = async () => {
    server = await site.open();
    chrome = await browser.launch();
    const made = packages.make(server);
    folder = made.folder;
    try {
        for (const standard of Object.keys(NAMES)) {
            for (const test of [testSwitch, testChoice, testGone, testReview, testWithoutPlatform]) {
                await run(`${standard}: ${test.name}`, () => test(standard));
            }
        }
        await run("axe", testAccessible);
        await run("without script", testWithoutScript);
        await run("web", () => testWeb("web", `${server.address}/packages/web-all/`));
        await run("from a folder", () => testWeb("from a folder", `file://${path.join(folder, "web-all")}/`));
    } finally {
        await chrome.close();
        await server.close();
        made.remove();
    }
};
