/*
 * How a course looks and reads: every screen, and every state of its questions, through axe-core (WCAG 2.2 AA) in light and dark, narrow and
 * wide, from left and from right; see lib/looker.js.
 */
"use strict";
const { check, equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const packages = require("./lib/packages");
const site = require("./lib/site");
const { Learner } = require("./lib/learner");
const { Looker } = require("./lib/looker");

const LOOKS = [
    { language: "en", colorScheme: "light", width: 1280 },
    { language: "en", colorScheme: "dark", width: 320 },
    { language: "ar", colorScheme: "light", width: 320 },
    { language: "ar", colorScheme: "dark", width: 1280 },
    { language: "zh", colorScheme: "light", width: 1280 },
    { language: "zh", colorScheme: "dark", width: 320 }
];

let server, chrome;

/* The course fills the window, as it does on a platform that opens a window of its own. */
async function testLook(look) {
    const address = server.strict("scorm2004", null, {}, `/packages/scorm2004-${look.language}/index.html`, true);
    const learner = await Learner.open(chrome, address, {
        viewport: { width: look.width, height: 900 },
        colorScheme: look.colorScheme,
        reducedMotion: "reduce"
    });
    const looker = new Looker(learner, `${look.language} ${look.colorScheme} ${look.width} px`);
    const lookAt = async (what) => looker.look(`${await learner.place()} ${what}`);
    const course = await learner.courseData();
    for (;;) {
        await lookAt("first");
        for (const exercise of await learner.exercisesHere(course)) {
            await learner.answerByMouse(exercise, false);
            await lookAt("wrong");
            await learner.answerByMouse(exercise, true);
            await lookAt("right");
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
    await lookAt("contents");
    await learner.leave();
    await lookAt("left");
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
