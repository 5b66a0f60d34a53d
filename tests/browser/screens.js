/*
 * How a course looks and reads: every screen, and every state of its questions, through axe-core (WCAG 2.2 AA) in light and dark, narrow and
 * wide, from left and from right. With SCREENSHOTS=folder each is also kept as a picture.
 */
"use strict";
const fs = require("fs");
const path = require("path");
const { check, equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const packages = require("./lib/packages");
const site = require("./lib/site");
const { Learner } = require("./lib/learner");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const LOOKS = [
    { language: "en", colorScheme: "light", width: 1280 },
    { language: "en", colorScheme: "dark", width: 320 },
    { language: "ar", colorScheme: "light", width: 320 },
    { language: "ar", colorScheme: "dark", width: 1280 },
    { language: "zh", colorScheme: "light", width: 1280 },
    { language: "zh", colorScheme: "dark", width: 320 }
];

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
let server, chrome;

class Looker {
    constructor(learner, look) {
        this.learner = learner;
        this.name = `${look.language} ${look.colorScheme} ${look.width} px`;
        this.problems = [];
        this.looked = 0;
    }

    async look(what) {
        const { frame, page } = this.learner;
        const place = (await this.learner.place()).replace("/", "-");
        const found = await frame.evaluate(async (tags) => {
            const result = await window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
            return {
                violations: result.violations.map((entry) => [entry.id, entry.nodes[0].html.slice(0, 150)]),
                overflow: document.documentElement.scrollWidth - window.innerWidth
            };
        }, TAGS);
        this.looked++;
        for (const violation of found.violations) {
            this.problems.push([place, what].concat(violation));
        }
        if (found.overflow > 0) {
            this.problems.push([place, what, "wider than the window", found.overflow]);
        }
        if (process.env.SCREENSHOTS) {
            const file = `${this.name}-${String(this.looked).padStart(2, "0")}-${place}-${what}.png`.replace(
                / /g,
                "-"
            );
            await page.screenshot({ path: path.join(process.env.SCREENSHOTS, file) });
        }
    }
}

/* The course fills the window, as it does on a platform that opens a window of its own. */
async function testLook(look) {
    const address = server.strict("scorm2004", null, {}, `/packages/scorm2004-${look.language}/index.html`, true);
    const learner = await Learner.open(chrome, address, {
        viewport: { width: look.width, height: 900 },
        colorScheme: look.colorScheme,
        reducedMotion: "reduce"
    });
    const looker = new Looker(learner, look);
    await learner.frame.evaluate(axe);
    const course = await learner.courseData();
    for (;;) {
        await looker.look("first");
        for (const exercise of await learner.exercisesHere(course)) {
            await learner.answerByMouse(exercise, false);
            await looker.look("wrong");
            await learner.answerByMouse(exercise, true);
            await looker.look("right");
        }
        if ((await learner.place()) === "_result") {
            break;
        }
        await learner.course.locator("#course-next").click();
    }
    await learner.saved();
    await learner.course.locator("nav summary").evaluate((element) => {
        element.parentElement.open = true;
    });
    await looker.look("contents");
    await learner.leave();
    await looker.look("left");
    equal(`${looker.name}: no violation and nothing too wide in ${looker.looked} states`, looker.problems, []);
    equal(`${looker.name}: nothing blocked by the content security policy`, learner.errors, []);
    await learner.close();
}

/* Everything can be read where no script runs. */
async function testWithoutScript() {
    const context = await chrome.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(server.address + "/packages/scorm12-en/index.html");
    const sections = await page.locator("section[data-place]:visible").count();
    check("without script every screen is there", sections >= 12, sections);
    check("and says that nothing is recorded", await page.locator("noscript .notice").isVisible());
    check("and every step of the case study", (await page.locator(".step:visible").count()) >= 5);
    check("and every explanation", (await page.locator(".feedback:visible").count()) >= 10);
    await context.close();
}

exports.run = async () => {
    server = await site.open();
    chrome = await browser.launch();
    const made = packages.make(server);
    try {
        /* Two at a time: browsers wait a good deal. */
        const waiting = LOOKS.slice();
        const lookOn = async () => {
            while (waiting.length) {
                const look = waiting.shift();
                await run(JSON.stringify(look), () => testLook(look));
            }
        };
        await Promise.all([lookOn(), lookOn()]);
        await run("without script", testWithoutScript);
    } finally {
        await chrome.close();
        await server.close();
        made.remove();
    }
};
