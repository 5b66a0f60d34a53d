/*
 * Every kind of question and every feature of courses, on the fixture's own project, in three languages: by mouse and
 * by keyboard alone, under the strict platform of both standards and under scorm-again; wrong, right, with hints,
 * attempts used up, locked, skipped, drawn, resumed; the debrief and the certificate. Every state goes through
 * axe-core; see lib/looker.js.
 */
"use strict";
const { check, equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const packages = require("./lib/packages");
const site = require("./lib/site");
const { Learner } = require("./lib/learner");
const { Looker } = require("./lib/looker");

const JOURNEYS = [
    { standard: "scorm12", language: "en", means: "mouse", width: 1280, colorScheme: "light" },
    { standard: "scorm2004", language: "en", means: "keyboard", width: 320, colorScheme: "dark" },
    { standard: "scorm2004", language: "ar", means: "mouse", width: 360, colorScheme: "light" },
    { standard: "scorm12", language: "ar", means: "keyboard", width: 1280, colorScheme: "dark" },
    { standard: "scorm12", language: "zh", means: "mouse", width: 320, colorScheme: "dark" },
    { standard: "scorm2004", language: "zh", means: "keyboard", width: 360, colorScheme: "light" }
];
let server, chrome;

class Journey {
    constructor(journey) {
        Object.assign(this, journey);
        this.name = `${journey.standard} ${journey.language} ${journey.means} ${journey.width} px`;
        this.looker = new Looker(null, this.name);
    }

    async open(memory) {
        const frame = `/kinds/${this.standard}-${this.language}/index.html`;
        this.learner = await Learner.open(chrome, server.strict(this.standard, memory, {}, frame, true), {
            viewport: { width: this.width, height: 900 },
            colorScheme: this.colorScheme,
            reducedMotion: "reduce"
        });
        this.looker.learner = this.learner;
        this.course = await this.learner.courseData();
    }

    look(what) {
        return this.looker.look(what);
    }

    async answer(id, isRight) {
        const exercise = this.course.exercises.find((entry) => entry.id === id);
        await (this.means === "mouse"
            ? this.learner.answerByMouse(exercise, isRight)
            : this.learner.answerByKeyboard(exercise, isRight));
        await this.look(`${id}-${isRight ? "right" : "wrong"}`);
    }

    async next() {
        await (this.means === "mouse"
            ? this.learner.course.locator("#course-next").click()
            : this.learner.press("#course-next"));
    }

    async goTo(place) {
        while ((await this.learner.place()) !== place) {
            await this.next();
        }
    }

    one(selector) {
        return this.learner.course.locator(selector);
    }

    word(key) {
        return this.learner.words(key);
    }

    async result(id) {
        return this.one(`[data-exercise=${id}] .result`).getAttribute("data-result");
    }
}

async function testChoices(journey) {
    const { name } = journey;
    await journey.goTo("first/choices");
    await journey.look("first");
    const hint = journey.one("[data-exercise=one] .hint");
    await journey.learner.use("[data-exercise=one] .ask-hint", journey.means);
    check(`${name}: one hint at a time`, (await hint.first().isVisible()) && !(await hint.last().isVisible()));
    await journey.look("hint");
    await journey.learner.use("[data-exercise=one] .ask-hint", journey.means);
    check(
        `${name}: the last hint takes the button away`,
        (await hint.last().isVisible()) && !(await journey.one("[data-exercise=one] .ask-hint").isVisible())
    );

    await journey.answer("one", false);
    check(`${name}: feedback for a wrong answer`, await journey.one("[data-exercise=one] [data-for=wrong]").isVisible());
    check(`${name}: attempts are counted`, /1|واحدة|One/.test(await journey.one("[data-exercise=one] .attempts").textContent()));
    await journey.answer("one", true);
    check(
        `${name}: right on the last attempt, and locked`,
        (await journey.result("one")) === "right" && (await journey.one("[data-exercise=one] input").first().isDisabled())
    );
    await journey.answer("several", false);
    await journey.answer("several", true);
    check(`${name}: feedback for any answer`, await journey.one("[data-exercise=several] [data-for=any]").isVisible());
    await journey.answer("truth", true);
    await journey.answer("agree", true);
    equal(`${name}: a survey is neither right nor wrong`, await journey.result("agree"), "kept");
    await journey.answer("desk", false);
    if (journey.means === "mouse") {
        await journey.one("[data-exercise=desk] .region").first().click();
        check(
            `${name}: a click on the picture chooses from the list`,
            await journey.one("[data-exercise=desk] input[value=a]").isChecked()
        );
    }
    await journey.answer("desk", true);
    equal(`${name}: the picture's place is right`, await journey.result("desk"), "right");
}

async function testPlacing(journey) {
    const { name } = journey;
    await journey.goTo("first/placing");
    await journey.look("first");
    check(`${name}: an ordering does not begin right`, (await journey.learner.placed("order")).join("") !== "abcd");
    await journey.answer("order", false);
    await journey.answer("order", true);
    equal(`${name}: in order`, await journey.result("order"), "right");
    await journey.answer("pairs", false);
    const said = await journey.one("[data-exercise=pairs] .result").textContent();
    check(
        `${name}: no attempt left: closed, and the right answer in words`,
        (await journey.one("[data-exercise=pairs] select").first().isDisabled()) && said.includes(" – ")
    );
    const isRunTogether = await journey.one("[data-exercise=pairs]").evaluate(
        (form, text) =>
            Array.from(form.querySelectorAll(".pair .words")).some((left) =>
                Array.from(form.querySelectorAll("option")).some(
                    (target) => target.value && text.includes(target.textContent + left.textContent)
                )
            ),
        said
    );
    check(`${name}: one pair does not run into the next`, !isRunTogether);
    check(`${name}: no gap between Chinese sentences`, journey.language !== "zh" || !said.includes("。 "));
}

async function testWriting(journey) {
    const { name } = journey;
    await journey.goTo("first/writing");
    await journey.answer("blanks", false);
    await journey.answer("blanks", true);
    equal(`${name}: blanks`, await journey.result("blanks"), "right");
    await journey.learner.type("[data-exercise=number] input", "x", journey.means);
    await journey.learner.press("[data-exercise=number] button.check");
    equal(
        `${name}: what is no number is told`,
        await journey.one("[data-exercise=number] .result").textContent(),
        await journey.word("player.question.not-a-number")
    );
    await journey.answer("number", false);
    await journey.answer("number", true);
    equal(`${name}: a number within the tolerance`, await journey.result("number"), "right");
    await journey.answer("thoughts", true);
    await journey.answer("oath", true);
    check(`${name}: an attestation is dated and stays`, await journey.one("[data-exercise=oath] input").isDisabled());
}

async function testModules(journey) {
    const { name } = journey;
    await journey.goTo("third/story");
    check(
        `${name}: a locked module shows what is missing, not its text`,
        (await journey.one("[data-place='third/story'] .module-note li").count()) === 1 &&
            !(await journey.one("[data-place='third/story'] .prose").isVisible())
    );
    await journey.look("locked");
    await journey.learner.frame.evaluate(() => {
        document.querySelector("nav details").open = true;
    });
    check(
        `${name}: and so does the list of contents`,
        (await journey.one("nav [data-goto='third/story'] .mark").textContent()) === (await journey.word("player.mark.locked"))
    );
    await journey.one("nav [data-goto='second/known']").click();
    await journey.answer("pre", true);
    check(`${name}: a passed pre-test is told`, await journey.one("[data-place='second/known'] .module-note").isVisible());
    await journey.goTo("second/skippable");
    await journey.look("skipped");
    await journey.goTo("third/drawn");
    equal(`${name}: two of three are drawn`, await journey.one("[data-place='third/drawn'] [data-exercise]:not([hidden])").count(), 2);
    for (const exercise of await journey.learner.exercisesHere(journey.course)) {
        await journey.answer(exercise.id, true);
    }
    return journey.learner.exercisesHere(journey.course);
}

async function testStory(journey) {
    const { name } = journey;
    await journey.goTo("third/story");
    await journey.look("story");
    await journey.answer("anger", false);
    check(
        `${name}: the debrief tells both paths`,
        (await journey.one("[data-exercise=anger] .debrief ol").count()) === 2
    );
    await journey.answer("anger", true);
    equal(
        `${name}: the recommended path is recognized`,
        await journey.one("[data-exercise=anger] .debrief p").first().textContent(),
        await journey.word("player.debrief.same")
    );
}

async function testCertificate(journey) {
    const { name } = journey;
    await journey.goTo("_result");
    await journey.look("certificate");
    const certificate = journey.one("#course-result .certificate");
    check(`${name}: a certificate`, await certificate.isVisible());
    equal(`${name}: with the learner's name`, await certificate.locator(".name").textContent(), "One Learner");
    await journey.learner.frame.evaluate(() => document.documentElement.classList.add("prints-certificate"));
    await journey.learner.page.emulateMedia({ media: "print" });
    check(
        `${name}: printed alone`,
        (await certificate.isVisible()) &&
            !(await journey.one(".masthead").isVisible()) &&
            !(await journey.one("#course-result .score").first().isVisible())
    );
    await journey.learner.page.emulateMedia({ media: "screen" });
    await journey.learner.frame.evaluate(() => document.documentElement.classList.remove("prints-certificate"));
}

async function testJourney(options) {
    const journey = new Journey(options);
    const { name } = journey;
    await journey.open(null);
    await testChoices(journey);
    await testPlacing(journey);
    await testWriting(journey);
    await journey.learner.saved();

    /* Another launch, another device: everything is as it was left. */
    const shown = () =>
        journey.learner.frame.evaluate(() =>
            JSON.stringify(
                Array.from(document.querySelectorAll("[data-exercise]")).map((form) => [
                    form.dataset.exercise,
                    Array.from(form.querySelectorAll("input, select, textarea")).map((field) =>
                        /radio|checkbox/.test(field.type)
                            ? field.value + field.checked
                            : /* written as the language writes numbers, whatever digits were typed */
                              form.dataset.kind !== "numeric" && field.value.trim()
                    ),
                    Array.from(form.querySelectorAll(".item, .choice")).map((item) => item.dataset.item || item.dataset.choice),
                    form.querySelector(".result") && form.querySelector(".result").textContent,
                    form.hidden
                ])
            )
        );
    const before = await shown();
    const first = await journey.learner.page.evaluate(() => ({
        memory: window.platform.committed,
        rejected: window.platform.rejected
    }));
    equal(`${name}: nothing rejected before the relaunch`, first.rejected, []);
    equal(`${name}: no errors before the relaunch`, journey.learner.errors, []);
    await journey.learner.close();
    await journey.open(first.memory);
    equal(`${name}: everything is as it was left`, await shown(), before);

    await testModules(journey);
    await testStory(journey);
    await testCertificate(journey);
    await journey.learner.saved();
    await journey.learner.leave();
    const seen = await journey.learner.page.evaluate(() => ({
        rejected: window.platform.rejected,
        values: window.platform.committed.values,
        types: Array.from(new Set(window.platform.committed.interactions.map((entry) => entry.type)))
    }));
    equal(`${name}: nothing rejected`, seen.rejected, []);
    check(`${name}: passed`, Object.values(seen.values).includes("passed"), seen.values);
    check(`${name}: every type of interaction`, seen.types.length >= 8, seen.types);
    equal(`${name}: no violation and nothing too wide in ${journey.looker.looked} states`, journey.looker.problems, []);
    equal(`${name}: no errors in the page`, journey.learner.errors, []);
    await journey.learner.close();
}

/* A tolerant platform with a server behind it takes it all as well. */
async function testTolerant(standard, language) {
    const name = `${standard} ${language} scorm-again`;
    const learner = await Learner.open(chrome, server.tolerant(standard, null, `/kinds/${standard}-${language}/index.html`));
    await learner.playByMouse(() => true);
    await learner.saved();
    await learner.leave();
    equal(`${name}: no errors in the page`, learner.errors, []);
    await learner.close();
}

exports.run = async () => {
    server = await site.open();
    chrome = await browser.launch();
    const made = packages.make(server, packages.KINDS);
    try {
        const only = process.env.JOURNEY;
        const waiting = JOURNEYS.filter((journey) => !only || JSON.stringify(journey).includes(only));
        const travel = async () => {
            while (waiting.length) {
                const journey = waiting.shift();
                await run(JSON.stringify(journey), () => testJourney(journey));
            }
        };
        await Promise.all([travel(), travel()]);
        for (const standard of only ? [] : packages.STANDARDS) {
            for (const language of packages.LANGUAGES) {
                await run(`${standard} ${language} scorm-again`, () => testTolerant(standard, language));
            }
        }
    } finally {
        await chrome.close();
        await server.close();
        made.remove();
    }
};
