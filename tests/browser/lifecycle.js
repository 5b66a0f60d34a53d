/*
 * One launch from its first call to its last, on the fixture course, under the strict platform: what is said, in
 * which order, and what remains when the platform or the page fails.
 */
"use strict";
const { check, equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const site = require("./lib/site");

const NAMES = {
    scorm12: {
        status: "cmi.core.lesson_status",
        raw: "cmi.core.score.raw",
        location: "cmi.core.lesson_location",
        exit: "cmi.core.exit",
        commit: "LMSCommit",
        end: "LMSFinish",
        set: "LMSSetValue",
        get: "LMSGetValue",
        result: "student_response",
        passed: "passed"
    },
    scorm2004: {
        status: "cmi.completion_status",
        raw: "cmi.score.raw",
        location: "cmi.location",
        exit: "cmi.exit",
        commit: "Commit",
        end: "Terminate",
        set: "SetValue",
        get: "GetValue",
        result: "learner_response",
        passed: "completed"
    }
};

let server, chrome;

/* A learner's device: what it stores stays from launch to launch. */
class Device {
    static async open() {
        const device = new Device();
        device.context = await chrome.newContext();
        return device;
    }

    async launch(standard, memory, faults) {
        this.page = await this.context.newPage();
        this.errors = [];
        this.page.on("pageerror", (error) => this.errors.push(String(error)));
        this.page.on("console", (message) => {
            if (message.type() === "error") {
                this.errors.push(message.text());
            }
        });
        await this.page.goto(server.strict(standard, memory, faults));
        this.course = this.page.frameLocator("#course");
        await this.course.locator("html[data-player=on]").waitFor({ state: "attached" });
    }

    platform(action) {
        return this.page.evaluate(action);
    }

    async committed() {
        return this.page.evaluate(() => window.platform.committed);
    }

    async saved(status = "saved") {
        await this.course.locator(`#course-save[data-status=${status}]`).waitFor({ timeout: 30000 });
    }

    async check(id, letters) {
        const form = this.course.locator(`[data-exercise=${id}]`);
        for (const input of await form.locator("input").all()) {
            const value = await input.getAttribute("value");
            if (letters.includes(value)) {
                await input.check();
            } else if ((await input.getAttribute("type")) === "checkbox") {
                await input.uncheck();
            }
        }
        await form.locator("button.check").click();
    }

    async move(step, letter) {
        await this.course.locator(`[data-step=${step}] [data-choice=${letter}] .move`).click();
    }

    async answerAll(isRight) {
        await this.check("truth", "a");
        await this.check("several", isRight ? "ac" : "ab");
        await this.course.locator("#course-next").click();
        await this.check("one-only", isRight ? "b" : "a");
        await this.move("begin", isRight ? "a" : "b");
    }

    close() {
        return this.context.close();
    }
}

async function withDevice(action) {
    const device = await Device.open();
    try {
        await action(device);
    } finally {
        await device.close();
    }
}

async function testOrder(standard) {
    const name = NAMES[standard];
    await withDevice(async (device) => {
        await device.launch(standard);
        const first = (await device.platform(() => window.platform.calls)).map((call) =>
            call.slice(0, 3).join(" ")
        );
        const sets = first.filter((call) => call.startsWith(name.set));
        equal(`${standard}: incomplete and exit=suspend come first`, sets.slice(0, 2), [
            `${name.set} ${name.status} incomplete`,
            `${name.set} ${name.exit} suspend`
        ]);
        check(
            `${standard}: and are committed at once`,
            first.indexOf(name.commit + " ") === first.indexOf(sets[1]) + 1,
            first
        );
        await device.saved();

        const before = await device.platform(() => window.platform.calls.length);
        await device.check("several", "ab");
        await device.saved();
        const calls = (await device.platform(() => window.platform.calls)).slice(before);
        check(`${standard}: an answer costs at most 12 calls`, calls.length <= 12, calls);
        equal(
            `${standard}: an answer is committed, and read again`,
            calls.slice(-2).map((call) => call[0]),
            [name.commit, name.get]
        );
        const values = (await device.committed()).values;
        check(
            `${standard}: no score and no verdict on the way`,
            values[name.raw] === undefined && values[name.status] === "incomplete",
            values
        );

        await device.check("several", "ac");
        await device.answerAll(true);
        await device.saved();
        const all = await device.platform(() => window.platform.calls);
        const at = (element) =>
            all.findIndex(
                (call) =>
                    call[0] === name.set &&
                    call[1] === element &&
                    (element !== name.status || call[2] === name.passed)
            );
        check(`${standard}: score before status`, at(name.raw) > 0 && at(name.raw) < at(name.status));
        if (standard === "scorm2004") {
            check(
                "scorm2004: score, then success, then completion",
                at("cmi.score.scaled") < at("cmi.success_status") && at("cmi.success_status") < at(name.status)
            );
        }
        const end = await device.committed();
        equal(
            `${standard}: passed with the full score`,
            [end.values[name.status], end.values[name.raw], end.values[name.location]],
            [name.passed, "100", "first/two"]
        );
        equal(
            `${standard}: every answer is recorded`,
            end.interactions.map((entry) => [entry.id, entry[name.result], entry.result]),
            standard === "scorm12"
                ? [
                      ["several", "a,b", "wrong"],
                      ["several", "a,c", "correct"],
                      ["truth", "t", "correct"],
                      ["several", "a,c", "correct"],
                      ["one-only", "b", "correct"],
                      ["story", "begin.a", "correct"]
                  ]
                : [
                      ["several", "a[,]b", "incorrect"],
                      ["several", "a[,]c", "correct"],
                      ["truth", "true", "correct"],
                      ["several", "a[,]c", "correct"],
                      ["one-only", "b", "correct"],
                      ["story", "begin[.]a", "correct"]
                  ]
        );
        await device.course.locator("#course-leave").click();
        await device.course.locator("#course-left-words").waitFor();
        const after = await device.platform(() => window.platform.calls);
        equal(
            `${standard}: the last call is ${name.end}, once`,
            [after[after.length - 1][0], after.filter((call) => call[0] === name.end).length],
            [name.end, 1]
        );
        await device.page.close({ runBeforeUnload: false });
        equal(`${standard}: nothing rejected`, device.errors.concat(), []);
    });
    await withDevice(async (device) => {
        await device.launch(standard);
        await device.answerAll(true);
        await device.saved();
        equal(`${standard}: no call is rejected`, await device.platform(() => window.platform.rejected), []);
        await device.page.evaluate(() => document.getElementById("course").remove());
        const calls = await device.platform(() => window.platform.calls);
        equal(
            `${standard}: a removed frame ends the launch once`,
            calls.filter((call) => call[0] === name.end).length,
            1
        );
    });
}

async function testRetry(standard) {
    const name = NAMES[standard];
    await withDevice(async (device) => {
        await device.launch(standard);
        await device.answerAll(false);
        await device.saved();
        let values = (await device.committed()).values;
        check(
            `${standard}: below the pass mark nothing is failed while the learner may try again`,
            !/failed/.test(JSON.stringify(values)) && values[name.raw] === undefined,
            values
        );
        await device.course.locator("#course-next").click();
        await device.course.locator("button.end").click();
        await device.saved();
        values = (await device.committed()).values;
        equal(
            `${standard}: ended by the learner it is failed, with the score`,
            [standard === "scorm12" ? values[name.status] : values["cmi.success_status"], values[name.raw]],
            ["failed", "10"]
        );
        await device.course.locator("button.restart").click();
        check(`${standard}: the answers are gone`, (await device.course.locator("input:checked").count()) === 0);
        await device.answerAll(true);
        await device.saved();
        values = (await device.committed()).values;
        equal(
            `${standard}: then passed`,
            [standard === "scorm12" ? values[name.status] : values["cmi.success_status"], values[name.raw]],
            ["passed", "100"]
        );
        await device.course.locator("#course-next").click();
        await device.course.locator("button.restart").click();
        await device.answerAll(false);
        await device.saved();
        values = (await device.committed()).values;
        equal(
            `${standard}: a pass stays, the best score counts`,
            [standard === "scorm12" ? values[name.status] : values["cmi.success_status"], values[name.raw]],
            ["passed", "100"]
        );
        equal(
            `${standard}: no call is rejected in retries`,
            await device.platform(() => window.platform.rejected),
            []
        );
    });
}

async function testResume(standard) {
    await withDevice(async (device) => {
        await device.launch(standard);
        await device.check("several", "ab");
        await device.course.locator("#course-next").click();
        await device.check("one-only", "a");
        await device.saved();
        const memory = await device.committed();
        await device.page.close({ runBeforeUnload: false });

        const other = await Device.open();
        await other.launch(standard, memory);
        check(
            `${standard}: another device opens where the learner left`,
            await other.course.locator("[data-place='first/two']").isVisible()
        );
        check(
            `${standard}: with the answers given`,
            (await other.course.locator("[data-exercise=several] [value=b]").isChecked()) &&
                (await other.course.locator("[data-exercise=one-only] [value=a]").isChecked())
        );
        equal(`${standard}: and the state is not reset`, await other.platform(() => window.platform.rejected), []);
        await other.close();

        for (const bad of [memory.values["cmi.suspend_data"].slice(0, 30), "???"]) {
            const third = await Device.open();
            await third.launch(standard, {
                values: Object.assign({}, memory.values, { "cmi.suspend_data": bad }),
                interactions: memory.interactions
            });
            check(
                `${standard}: a damaged state is told`,
                (await third.course.locator("#course-notice").textContent()) === "player.damaged"
            );
            check(
                `${standard}: and the place is still known`,
                await third.course.locator("[data-place='first/two']").isVisible()
            );
            await third.close();
        }
    });
}

async function testFaults(standard) {
    const name = NAMES[standard];
    await withDevice(async (device) => {
        await device.launch(standard, null, { commit: true, terminate: true });
        await device.check("several", "ac");
        await device.page.waitForTimeout(300);
        equal(
            `${standard}: nothing is called saved that is not`,
            await device.course.locator("#course-save").getAttribute("data-status"),
            "waiting"
        );
        await device.saved("failed");
        await device.page.close({ runBeforeUnload: false });

        await device.launch(standard);
        await device.saved();
        const memory = await device.committed();
        check(
            `${standard}: the next launch brings what was not confirmed`,
            memory.interactions.length === 1 && memory.interactions[0].id === "several",
            memory
        );
        check(
            `${standard}: and shows it`,
            await device.course.locator("[data-exercise=several] [value=c]").isChecked()
        );
        await device.platform(() => {
            window.platform.faults.commit = true;
        });
        await device.check("truth", "a");
        await device.page.waitForTimeout(300);
        await device.platform(() => {
            window.platform.faults.commit = false;
        });
        await device.saved();
        equal(
            `${standard}: a platform that recovers gets everything once`,
            (await device.committed()).interactions.map((entry) => entry.id),
            ["several", "truth"]
        );
    });
    await withDevice(async (device) => {
        await device.launch(standard, null, {});
        await device.platform(() => {
            window.platform.faults.throws = true;
        });
        await device.check("truth", "b");
        await device.course.locator("[data-exercise=truth] .result").waitFor();
        check(
            `${standard}: a platform that throws does not stop the course`,
            device.errors.length === 0,
            device.errors
        );
        await device.course.locator("#course-leave").click();
        check(
            `${standard}: leaving unsaved is told`,
            (await device.course.locator("#course-notice").textContent()) === "player.leave.unsaved"
        );
        await device.course.locator("#course-leave").click();
        check(
            `${standard}: and still possible`,
            (await device.course.locator("#course-left-words").textContent()) === "player.left.unsaved"
        );
    });
    for (const values of standard === "scorm12"
        ? [
              { "cmi.core.lesson_mode": "review" },
              { "cmi.core.lesson_mode": "browse" },
              { "cmi.core.credit": "no-credit" }
          ]
        : [{ "cmi.mode": "review" }, { "cmi.mode": "browse" }, { "cmi.credit": "no-credit" }]) {
        await withDevice(async (device) => {
            await device.launch(standard, { values, interactions: [] });
            await device.answerAll(true);
            await device.saved("review");
            await device.course.locator("#course-leave").click();
            await device.course.locator("#course-left-words").waitFor();
            const calls = await device.platform(() => window.platform.calls);
            check(
                `${standard}: ${JSON.stringify(values)} writes nothing`,
                !calls.some((call) => call[0] === name.set || call[0] === name.commit)
            );
        });
    }
}

/* What a platform may do otherwise than expected. */
async function testOddPlatforms(standard) {
    const name = NAMES[standard];
    await withDevice(async (device) => {
        const mark =
            standard === "scorm12"
                ? { "cmi.student_data.mastery_score": "10" }
                : { "cmi.scaled_passing_score": "0.1" };
        await device.launch(standard, { values: mark, interactions: [] });
        await device.answerAll(false);
        await device.saved();
        const { values } = await device.committed();
        equal(
            `${standard}: the platform's own pass mark holds`,
            values[standard === "scorm12" ? name.status : "cmi.success_status"],
            "passed"
        );
    });
    await withDevice(async (device) => {
        await device.launch(standard, null, { terminate: true });
        await device.check("truth", "a");
        await device.saved();
        /* What the platform has said reaches the device a little later. */
        await device.page.waitForTimeout(500);
        await device.page.close({ runBeforeUnload: false });
        await device.launch(standard);
        check(
            `${standard}: a new attempt begins anew where the platform had everything`,
            (await device.course.locator("input:checked").count()) === 0
        );
        await device.course.locator("#course-former-use").click();
        check(
            `${standard}: and what the device has kept is offered`,
            await device.course.locator("[data-exercise=truth] [value=a]").isChecked()
        );
        await device.saved();
    });
    await withDevice(async (device) => {
        await device.launch(standard, null, { late: 700 });
        await device.check("truth", "a");
        await device.saved();
        check(
            `${standard}: a platform that comes late is found`,
            (await device.committed()).interactions.length === 1
        );
    });
    await withDevice(async (device) => {
        await device.launch(standard, null, { initialize: true });
        check(
            `${standard}: a platform that does not open is told`,
            (await device.course.locator("#course-notice").textContent()) === "player.not-recorded"
        );
        await device.answerAll(true);
        await device.saved("local");
        check(`${standard}: and the course goes on`, device.errors.length === 0, device.errors);
    });
}

async function testWithoutPlatform() {
    await withDevice(async (device) => {
        const page = await device.context.newPage();
        await page.goto(server.address + "/fixture/scorm12.html");
        await page.locator("html[data-player=on]").waitFor({ state: "attached" });
        check(
            "without a platform it says so",
            (await page.locator("#course-notice").textContent()) === "player.not-recorded"
        );
        await page.locator("[data-exercise=truth] [value=a]").check();
        await page.locator("[data-exercise=truth] button.check").click();
        await page.locator("#course-save[data-status=local]").waitFor();
        await page.reload();
        await page.locator("html[data-player=on]").waitFor({ state: "attached" });
        check("and this device remembers", await page.locator("[data-exercise=truth] [value=a]").isChecked());
    });
    await withDevice(async (device) => {
        await device.context.addInitScript(() =>
            Object.defineProperty(window, "indexedDB", {
                get() {
                    throw new DOMException("blocked", "SecurityError");
                }
            })
        );
        await device.launch("scorm12");
        await device.check("truth", "a");
        await device.saved();
        check("blocked storage does not stop the course", device.errors.length === 0, device.errors);
    });
}

exports.run = async () => {
    server = await site.open();
    chrome = await browser.launch();
    try {
        for (const standard of ["scorm12", "scorm2004"]) {
            await run(`${standard} order`, () => testOrder(standard));
            await run(`${standard} retry`, () => testRetry(standard));
            await run(`${standard} resume`, () => testResume(standard));
            await run(`${standard} faults`, () => testFaults(standard));
            await run(`${standard} odd platforms`, () => testOddPlatforms(standard));
        }
        await run("no platform", testWithoutPlatform);
    } finally {
        await chrome.close();
        await server.close();
    }
};
