/*
 * Chromium, killed at random moments while a learner answers, and opened again with the same profile: what the journal
 * had said it has must be there. The platform never confirms anything, so that this device is all there is.
 */
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const browser = require("../browser/lib/browser");
const site = require("../browser/lib/site");

const KILLS = 50;
const LONGEST_MS = 700;
const EXERCISES = ["truth", "several", "one-only"];

/* In the page: answers one exercise after the other, and says how many tries of each stand in the journal. */
function startAnswering(ids) {
    const kept = {};
    window.kept = kept;
    let at = 0;
    const database = new Promise((resolve) => {
        const request = indexedDB.open("probity", 1);
        request.onsuccess = () => resolve(request.result);
    });
    const look = async () => {
        const store = (await database).transaction("journal").objectStore("journal");
        const request = store.get("fixture/scorm12/learner-1");
        request.onsuccess = () => {
            const { course, state } = window.Probity;
            const learner = request.result && state.read(course, request.result.state);
            for (const id of Object.keys((learner && learner.answers) || {})) {
                kept[id] = learner.answers[id].tries;
            }
            console.log("kept " + JSON.stringify(kept));
            answer();
        };
    };
    const answer = () => {
        const form = document.querySelector(`[data-exercise='${ids[at++ % ids.length]}']`);
        form.querySelector("input").checked = true;
        form.querySelector("button.check").click();
        setTimeout(look, 5);
    };
    answer();
}

async function open(folder, address) {
    const context = await browser.launchIn(folder);
    const page = await context.newPage();
    const seen = { kept: {} };
    page.on("console", (message) => {
        if (message.text().startsWith("kept ")) {
            seen.kept = JSON.parse(message.text().slice(5));
        }
    });
    await page.goto(address);
    await page.frameLocator("#course").locator("html[data-player=on]").waitFor({ state: "attached" });
    return { context, frame: page.frames()[1], seen };
}

/* The processes that run with this profile. */
function kill(folder) {
    for (const id of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        try {
            if (fs.readFileSync(`/proc/${id}/cmdline`, "utf8").includes(folder)) {
                process.kill(Number(id), "SIGKILL");
            }
        } catch (error) {
            /* Gone meanwhile. */
        }
    }
}

/* `report(isGood, words)` */
async function run(report) {
    const server = await site.open();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "probity-kills-"));
    const address = server.strict("scorm12", null, { commit: true, terminate: true });
    let expected = {},
        lost = 0,
        answers = 0;
    for (let count = 0; count <= KILLS; count++) {
        const { context, frame, seen } = await open(folder, address);
        const has = await frame.evaluate(() => {
            const tries = {};
            for (const form of document.querySelectorAll("[data-exercise]")) {
                tries[form.dataset.exercise] = form.querySelectorAll("input:checked").length;
            }
            return tries;
        });
        lost += Object.keys(expected).filter((id) => !has[id]).length;
        if (count === KILLS) {
            await context.close();
            break;
        }
        await frame.evaluate(startAnswering, EXERCISES);
        await new Promise((resolve) => {
            setTimeout(resolve, (count * 137) % LONGEST_MS);
        });
        kill(folder);
        await context.close().catch(() => {});
        const tries = (kept) => Object.values(kept).reduce((sum, number) => sum + number, 0);
        lost += tries(seen.kept) && tries(seen.kept) < tries(expected) ? 1 : 0;
        answers = Math.max(answers, tries(seen.kept));
        expected = tries(seen.kept) ? seen.kept : expected;
    }
    await server.close();
    fs.rmSync(folder, { recursive: true, force: true });
    report(lost === 0 && answers > 0, `${lost} answers lost in ${KILLS} kills, ${answers} given`);
    console.log(`${KILLS} kills of the browser, ${answers} answers in the journal, ${lost} lost`);
}

module.exports = { run };
