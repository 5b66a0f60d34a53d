/*
 * What learners see seldom: a platform that does not save and the receipt for it, leaving all the same, an earlier
 * attempt on the device, the second window, a review, a damaged state. Each is read, reached by keyboard, and looked
 * at (lib/looker.js), with the system's own colours, too.
 */
"use strict";
const { check, equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const packages = require("./lib/packages");
const site = require("./lib/site");
const { Learner } = require("./lib/learner");
const { Looker } = require("./lib/looker");

const LOOKS = [
    { language: "en", colorScheme: "dark", width: 320 },
    { language: "ar", colorScheme: "light", width: 320 },
    { language: "zh", colorScheme: "light", width: 1280 },
    { language: "en", colorScheme: "light", width: 1280, forcedColors: "active" },
    { language: "ar", colorScheme: "dark", width: 320, forcedColors: "active" }
];

let server, chrome;

class Visit {
    constructor(look) {
        this.options = {
            viewport: { width: look.width, height: 900 },
            colorScheme: look.colorScheme,
            forcedColors: look.forcedColors || "none",
            reducedMotion: "reduce"
        };
        const colors = look.forcedColors ? "forced colours" : look.colorScheme;
        this.looker = new Looker(null, `notices ${look.language} ${colors} ${look.width} px`);
        this.name = this.looker.name;
        this.frame = `/packages/scorm12-${look.language}/index.html`;
    }

    address(memory, faults) {
        return server.strict("scorm12", memory, faults, this.frame, true);
    }

    /* A new device. */
    async open(memory, faults) {
        this.learner = this.looker.learner = await Learner.open(chrome, this.address(memory, faults), this.options);
        return this.learner;
    }

    look(what) {
        return this.looker.look(what, this.options.forcedColors === "active");
    }
}

async function answerFirst(learner) {
    const course = await learner.courseData();
    for (;;) {
        const [exercise] = await learner.exercisesHere(course);
        if (exercise) {
            await learner.answerByMouse(exercise, true);
            return exercise;
        }
        await learner.course.locator("#course-next").click();
    }
}

const isAnswered = (learner, exercise) =>
    learner.course.locator(`[data-exercise='${exercise.id}'] input:checked`).count();

async function testUnsaved(visit) {
    const { name } = visit;
    const learner = await visit.open(null, { commit: true, terminate: true });
    await answerFirst(learner);
    await learner.course.locator("#course-save[data-status=failed]").waitFor({ timeout: 30000 });
    await visit.look("could not be saved");
    await learner.press("#course-receipt-take");
    const receipt = await learner.course.locator("#course-receipt-text").inputValue();
    check(`${name}: the receipt holds the state`, /^state: \S{10,}/m.test(receipt), receipt);
    await visit.look("receipt");
    await learner.page.keyboard.press("Escape");
    check(`${name}: Escape closes the receipt`, !(await learner.course.locator("#course-receipt").isVisible()));
    check(`${name}: and the focus is where it was`, await learner.isFocused("#course-receipt-take"));
    await learner.press("#course-leave");
    const notice = learner.course.locator("#course-notice");
    await notice.waitFor();
    equal(`${name}: leaving unsaved is warned of`, await notice.textContent(), await learner.words("player.leave.unsaved"));
    await visit.look("leave unsaved");
    await learner.press("#course-leave");
    await learner.left();
    equal(
        `${name}: and told truthfully`,
        await learner.text("#course-left-words"),
        await learner.words("player.left.unsaved")
    );
    await visit.look("left unsaved");
    await learner.close();
}

async function testFormer(visit) {
    const { name } = visit;
    const learner = await visit.open(null, { terminate: true });
    const exercise = await answerFirst(learner);
    await learner.saved();
    await learner.page.close({ runBeforeUnload: false });
    await learner.launch(visit.address(null, {}));
    await learner.course.locator("#course-former").waitFor();
    check(`${name}: nothing is taken up unasked`, (await isAnswered(learner, exercise)) === 0);
    await visit.look("former attempt");
    await learner.press("#course-former-use");
    check(`${name}: taken up, the answer is back`, (await isAnswered(learner, exercise)) > 0);
    check(`${name}: and the focus goes on with the text`, await learner.isFocused("#course-text"));
    await learner.saved();
    await learner.close();
}

async function testSecondWindow(visit) {
    const { name } = visit;
    const learner = await visit.open(null, {});
    await learner.saved();
    const first = learner.page;
    await learner.launch(visit.address(null, {}), "waiting");
    equal(
        `${name}: the second window says why nothing can be answered`,
        await learner.text("#course-notice"),
        await learner.words("player.other-window")
    );
    check(
        `${name}: above everything else that could be read`,
        (await learner.course.locator("#course-notice").boundingBox()).y < 400
    );
    check(
        `${name}: and calls no platform`,
        (await learner.page.evaluate(() => window.platform.calls.length)) === 0
    );
    await visit.look("second window");
    await first.close();
    await learner.course.locator("html[data-player=on]").waitFor({ state: "attached" });
    check(`${name}: it goes on when the first is closed`, !(await learner.course.locator("#course-notice").isVisible()));
    await answerFirst(learner);
    await learner.saved();
    await learner.close();
}

async function testTold(visit) {
    const { name } = visit;
    const notices = [
        ["review", { "cmi.core.lesson_mode": "review" }, "player.review"],
        ["damaged", { "cmi.core.lesson_status": "incomplete", "cmi.suspend_data": "???" }, "player.damaged"]
    ];
    for (const [what, values, word] of notices) {
        const learner = await visit.open({ values, interactions: [] }, {});
        equal(`${name}: ${what} is told`, await learner.text("#course-notice"), await learner.words(word));
        await visit.look(what);
        await learner.close();
    }
}

/* Right, wrong and the place reached are told apart by more than colours, which the system has taken. */
async function testForced(visit) {
    const learner = await visit.open(null, {});
    const course = await learner.courseData();
    const exercise = await answerFirst(learner);
    await visit.look("right");
    await learner.answerByMouse(exercise, false);
    await visit.look("wrong");
    const marks = await learner.frame.evaluate(
        (id) =>
            Array.from(document.querySelectorAll(`[data-exercise='${id}'] [data-result]`)).map(
                (element) => element.textContent.trim() || getComputedStyle(element, "::after").content
            ),
        exercise.id
    );
    check(`${visit.name}: a result has words or a mark`, marks.length > 0 && marks.every(Boolean), marks);
    await learner.playByMouse(() => true);
    await visit.look("result");
    equal(`${visit.name}: played to the end`, course.exercises.length > 0 && learner.errors, []);
    await learner.close();
}

async function testLook(look) {
    const visit = new Visit(look);
    await testUnsaved(visit);
    await testFormer(visit);
    await testSecondWindow(visit);
    await testTold(visit);
    if (look.forcedColors) {
        await testForced(visit);
    }
    const { looked, problems } = visit.looker;
    equal(`${visit.name}: no violation and nothing too wide in ${looked} states`, problems, []);
}

exports.run = async () => {
    server = await site.open();
    chrome = await browser.launch();
    const made = packages.make(server);
    try {
        for (const look of LOOKS) {
            await run(JSON.stringify(look), () => testLook(look));
        }
    } finally {
        await chrome.close();
        await server.close();
        made.remove();
    }
};
