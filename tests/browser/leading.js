/*
 * The course with the longest case study, from its first screen to its result by keyboard alone, in three languages:
 * every screen before and after its questions, every step of the case study and every ending goes through axe-core
 * (lib/looker.js), and the strict platform rejects nothing.
 */
"use strict";
const { check, equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const packages = require("./lib/packages");
const site = require("./lib/site");
const { Learner } = require("./lib/learner");
const { Looker } = require("./lib/looker");

const COURSE = { course: "leading-with-integrity", mount: "/leading/" };
const JOURNEYS = [
    { standard: "scorm12", language: "en", width: 1280, colorScheme: "dark" },
    { standard: "scorm2004", language: "ar", width: 320, colorScheme: "light" },
    { standard: "scorm12", language: "zh", width: 360, colorScheme: "dark" }
];

let server, chrome;

/* Few ways through a case study that together pass every step, the best one last: [[letter, …], …]. */
function coveringPaths(learner, scenario, best) {
    return learner.frame.evaluate(
        ([skeleton, last]) => {
            const { exercise } = window.Probity;
            const stepsOf = (letters) => exercise.walk(skeleton, letters).map(([id]) => id);
            const shortest = new Map();
            let open = [""];
            while (open.length) {
                const next = [];
                for (const letters of open) {
                    const steps = stepsOf(letters);
                    if (exercise.end(skeleton, letters)) {
                        steps.filter((id) => !shortest.has(id)).forEach((id) => shortest.set(id, letters));
                    } else if (new Set(steps).size === steps.length) {
                        next.push(...Array.from(exercise.openChoices(skeleton, letters)).map((letter) => letters + letter));
                    }
                }
                open = next;
            }
            const paths = Array.from(new Set(shortest.values())).filter((path) => path !== last);
            const missing = skeleton.steps.map((step) => step.id).filter((id) => !shortest.has(id));
            return { paths: paths.concat(last), missing };
        },
        [scenario, best]
    );
}

async function playStory(learner, looker, scenario) {
    const root = `[data-exercise='${scenario.id}']`;
    const best = await learner.bestPath(scenario, true);
    const { paths, missing } = await coveringPaths(learner, scenario, best);
    equal(`${looker.name}: every step can be reached`, missing, []);
    const seen = new Set();
    const lookAtStep = async () => {
        const id = await learner.frame.evaluate(
            (name) => Array.from(document.querySelectorAll(`${name} .step:not([hidden])`)).pop().dataset.step,
            root
        );
        if (!seen.has(id)) {
            seen.add(id);
            await looker.look(`step ${id}`);
        }
    };
    for (const path of paths) {
        if (await learner.course.locator(`${root} .again`).isVisible()) {
            await learner.press(`${root} .again`);
        }
        for (const letter of path) {
            await lookAtStep();
            await learner.press(`${root} .step:not([hidden]) [data-choice=${letter}] .move`);
        }
        await lookAtStep();
    }
    equal(`${looker.name}: all ${scenario.steps.length} steps were looked at`, seen.size, scenario.steps.length);
    check(`${looker.name}: a long case study`, scenario.steps.length >= 12);
    await looker.look("debrief");
}

async function testJourney({ standard, language, width, colorScheme }) {
    const address = server.strict(standard, null, {}, `${COURSE.mount}${standard}-${language}/index.html`, true);
    const learner = await Learner.open(chrome, address, { viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
    const looker = new Looker(learner, `leading ${standard} ${language} ${width} px`);
    const course = await learner.courseData();
    const answered = new Set();
    for (;;) {
        const place = await learner.place();
        await looker.look(place);
        for (const exercise of await learner.exercisesHere(course)) {
            if (exercise.kind === "scenario") {
                await playStory(learner, looker, exercise);
            } else {
                await learner.answerByKeyboard(exercise, true);
            }
            answered.add(exercise.kind);
        }
        await looker.look(`${place} answered`);
        if (place === "_result") {
            break;
        }
        await learner.press("#course-next");
    }
    await learner.saved();
    const kinds = Array.from(new Set(course.exercises.map((exercise) => exercise.kind))).sort();
    equal(`${looker.name}: every kind of the course was answered`, Array.from(answered).sort(), kinds);
    await learner.press("#course-leave");
    await learner.left();
    await looker.look("left");
    const { rejected, values } = await learner.page.evaluate(() => ({
        rejected: window.platform.rejected,
        values: window.platform.committed.values
    }));
    equal(`${looker.name}: nothing rejected`, rejected, []);
    check(`${looker.name}: passed`, Object.values(values).includes("passed"), values);
    equal(`${looker.name}: no violation and nothing too wide in ${looker.looked} states`, looker.problems, []);
    equal(`${looker.name}: no errors in the page`, learner.errors, []);
    await learner.close();
}

exports.run = async () => {
    server = await site.open();
    chrome = await browser.launch();
    const made = packages.make(server, COURSE);
    try {
        for (const journey of JOURNEYS) {
            await run(JSON.stringify(journey), () => testJourney(journey));
        }
    } finally {
        await chrome.close();
        await server.close();
        made.remove();
    }
};
