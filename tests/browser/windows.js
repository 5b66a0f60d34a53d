/*
 * Two windows of one course in one browser, each under scorm-again: one talks to the platform, the other can be read and
 * waits; when the first is closed, or dies, the second goes on with the first's answers. Also where the browser's
 * storage is out of order, so that only the windows themselves can tell each other.
 */
"use strict";
const { check, equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const site = require("./lib/site");

const LEARNER = {
    scorm12: { cmi: { core: { student_id: "learner-1", student_name: "Learner" } } },
    scorm2004: { cmi: { learner_id: "learner-1", learner_name: "Learner" } }
};
const API = { scorm12: "API", scorm2004: "API_1484_11" };

let server, chrome;

class Window {
    static async open(context, standard) {
        const window = new Window();
        window.standard = standard;
        window.address = server.tolerant(standard, LEARNER[standard], `/fixture/${standard}.html`);
        window.page = await context.newPage();
        window.errors = [];
        window.page.on("pageerror", (error) => window.errors.push(String(error)));
        await window.page.goto(window.address);
        window.course = window.page.frameLocator("#course");
        return window;
    }

    is(state) {
        return this.course.locator(`html[data-player=${state}]`).waitFor({ state: "attached", timeout: 30000 });
    }

    /* Whether the course has begun to talk to this window's platform. */
    talks() {
        return this.page.evaluate((name) => window[name].isInitialized(), API[this.standard]);
    }

    /* What this window's platform has sent to its server. */
    get posts() {
        const name = new URL(this.address).pathname + "/commit";
        return server.posts.filter((post) => post.name === name).map((post) => JSON.parse(post.body).cmi);
    }

    async answer(id, letter) {
        await this.course.locator(`[data-exercise=${id}] [value=${letter}]`).check();
        await this.course.locator(`[data-exercise=${id}] button.check`).click();
        await this.course.locator("#course-save[data-status=saved]").waitFor({ timeout: 30000 });
    }

    isChecked(id, letter) {
        return this.course.locator(`[data-exercise=${id}] [value=${letter}]`).isChecked();
    }
}

async function testTwo(standard, hasStorage, end) {
    const name = `${standard}, ${hasStorage ? "storage" : "no storage"}, the first ${end.word}`;
    const context = await chrome.newContext();
    if (!hasStorage) {
        await context.addInitScript(() =>
            Object.defineProperty(window, "indexedDB", {
                get() {
                    throw new DOMException("blocked", "SecurityError");
                }
            })
        );
    }
    const first = await Window.open(context, standard);
    await first.is("on");
    const second = await Window.open(context, standard);
    await second.is("waiting");
    check(`${name}: the first talks to the platform`, await first.talks());
    check(`${name}: the second does not`, !(await second.talks()) && second.posts.length === 0, second.posts.length);
    check(
        `${name}: the second says why`,
        (await second.course.locator("#course-notice").textContent()) === "player.other-window"
    );
    check(
        `${name}: the second can be read, and not answered`,
        (await second.course.locator("[data-exercise=truth] .stem").isVisible()) &&
            (await second.course.locator("[data-exercise=truth]").evaluate((form) => form.inert))
    );

    await first.answer("truth", "a");
    await first.course.locator("#course-next").click();
    await first.answer("one-only", "b");
    check(`${name}: the first goes on meanwhile`, first.posts.length > 0);
    check(`${name}: the second still waits`, !(await second.talks()) && second.posts.length === 0);

    await end.act(first);
    await second.is("on");
    check(`${name}: then the second talks`, await second.talks());
    check(
        `${name}: with the answers of the first`,
        (await second.isChecked("truth", "a")) && (await second.isChecked("one-only", "b"))
    );
    check(
        `${name}: where the first was`,
        await second.course.locator("[data-place='first/two']").isVisible()
    );
    await second.course.locator("#course-back").click();
    await second.answer("several", "a");
    const last = second.posts.pop();
    const codes = await second.page
        .frames()[1]
        .evaluate(() => ["truth", "one-only", "several"].map((id) => window.Probity.state.code(id)));
    equal(
        `${name}: the second's platform has all of it`,
        codes.map((code) => last.suspend_data.includes(code)),
        [true, true, true]
    );
    equal(`${name}: no errors`, first.errors.concat(second.errors), []);
    await context.close();
}

const CLOSED = { word: "closed", act: (window) => window.page.close({ runBeforeUnload: false }) };
const LEFT = {
    word: "left",
    act: async (window) => {
        await window.course.locator("#course-leave").click();
        await window.is("left");
    }
};
/* Its renderer dies: nothing runs there any more, no pagehide, no call. */
const CRASHED = {
    word: "crashed",
    act: (window) =>
        Promise.all([window.page.waitForEvent("crash"), window.page.goto("chrome://crash").catch(() => {})])
};

exports.run = async () => {
    server = await site.open();
    chrome = await browser.launch();
    try {
        for (const standard of ["scorm12", "scorm2004"]) {
            for (const end of [CLOSED, LEFT, CRASHED]) {
                await run(`${standard} two windows`, () => testTwo(standard, true, end));
            }
            await run(`${standard} two windows without storage`, () => testTwo(standard, false, CLOSED));
        }
    } finally {
        await chrome.close();
        await server.close();
    }
};
