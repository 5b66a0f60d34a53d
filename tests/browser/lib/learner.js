/* A learner in front of a platform's page with a course in its frame. Right answers come from the course's data. */
"use strict";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const TAB_LIMIT = 200;

class Learner {
    /* `options`: of the browser's context: size, colours, language. */
    static async open(chrome, address, options) {
        const learner = new Learner();
        learner.context = await chrome.newContext(
            Object.assign({ viewport: { width: 1280, height: 1000 } }, options)
        );
        learner.page = await learner.context.newPage();
        learner.errors = [];
        learner.page.on("pageerror", (error) => learner.errors.push(String(error)));
        learner.page.on("console", (message) => {
            if (["error", "warning"].includes(message.type())) {
                learner.errors.push(message.text());
            }
        });
        await learner.page.goto(address);
        learner.course = learner.page.frameLocator("#course");
        await learner.course.locator("html[data-player=on]").waitFor({ state: "attached" });
        learner.frame = learner.page.frames().find((frame) => frame !== learner.page.mainFrame());
        return learner;
    }

    courseData() {
        return this.frame.evaluate(() => window.Probity.course);
    }

    words(key) {
        return this.frame.evaluate((name) => window.Probity.course.words[name], key);
    }

    text(selector) {
        return this.course.locator(selector).textContent();
    }

    place() {
        return this.frame.evaluate(() => document.querySelector("[data-place]:not([hidden])").dataset.place);
    }

    saved() {
        return this.course.locator("#course-save[data-status=saved]").waitFor();
    }

    isAnswered(id, letters) {
        return this.frame.evaluate(
            ([name, expected]) =>
                Array.from(document.querySelectorAll(`[data-exercise='${name}'] input:checked`))
                    .map((input) => input.value)
                    .join("") === expected.join(""),
            [id, letters]
        );
    }

    /* The choices that make the most, or the least, of a case study: every path, the best by points. */
    static bestPath(scenario, isRight) {
        const steps = Object.fromEntries(scenario.steps.map((step) => [step.id, step]));
        let best = null;
        const walk = (id, letters, points, seen) => {
            const step = steps[id];
            const sum = points + step.points;
            if (step.end) {
                if (!best || (isRight ? sum > best.points : sum < best.points)) {
                    best = { letters, points: sum };
                }
                return;
            }
            step.moves.forEach((move, at) => {
                if (!seen.includes(move)) {
                    walk(move, letters + LETTERS[at], sum, seen.concat(id));
                }
            });
        };
        walk(scenario.start, "", 0, []);
        return best.letters;
    }

    static answer(exercise, isRight) {
        if (exercise.kind === "scenario") {
            return Learner.bestPath(exercise, isRight);
        }
        return isRight
            ? exercise.right.join("")
            : exercise.choices.find((letter) => !exercise.right.includes(letter));
    }

    /* The exercises on the screen that is shown. */
    async exercisesHere(course) {
        const ids = await this.frame.evaluate(() =>
            Array.from(document.querySelectorAll("[data-place]:not([hidden]) [data-exercise]")).map(
                (element) => element.dataset.exercise
            )
        );
        return ids.map((id) => course.exercises.find((exercise) => exercise.id === id));
    }

    async answerByMouse(exercise, isRight) {
        const root = this.course.locator(`[data-exercise='${exercise.id}']`);
        const letters = Learner.answer(exercise, isRight);
        if (exercise.kind === "scenario") {
            if (await root.locator(".again").isVisible()) {
                await root.locator(".again").click();
            }
            for (const letter of letters) {
                await root.locator(`.step:not([hidden]) [data-choice=${letter}] .move`).click();
            }
            return;
        }
        for (const letter of exercise.choices) {
            const label = root.locator(`[data-choice=${letter}] label`);
            if ((await label.locator("input").isChecked()) !== letters.includes(letter)) {
                await label.click();
            }
        }
        await root.locator("button.check").click();
    }

    /* From the present place to the result; or until the exercise `until` is answered. */
    async play(answer, goOn, isRight, until) {
        const course = await this.courseData();
        for (;;) {
            for (const exercise of await this.exercisesHere(course)) {
                await answer.call(this, exercise, isRight(exercise));
                if (exercise.id === until) {
                    return;
                }
            }
            if ((await this.place()) === "_result") {
                return;
            }
            await goOn.call(this);
        }
    }

    playByMouse(isRight, until) {
        return this.play(this.answerByMouse, () => this.course.locator("#course-next").click(), isRight, until);
    }

    /* ---- Without a mouse ---- */

    isFocused(selector) {
        return this.frame.evaluate(
            (name) =>
                document.hasFocus() && document.activeElement !== null && document.activeElement.matches(name),
            selector
        );
    }

    async tabTo(selector) {
        for (let count = 0; count < TAB_LIMIT; count++) {
            if (await this.isFocused(selector)) {
                return;
            }
            await this.page.keyboard.press("Tab");
        }
        throw new Error(`no way to ${selector} with the Tab key`);
    }

    async press(selector) {
        await this.tabTo(selector);
        await this.page.keyboard.press("Enter");
    }

    async answerByKeyboard(exercise, isRight) {
        const root = `[data-exercise='${exercise.id}']`;
        const letters = Learner.answer(exercise, isRight);
        if (exercise.kind === "scenario") {
            if (await this.course.locator(`${root} .again`).isVisible()) {
                await this.press(`${root} .again`);
            }
            for (const letter of letters) {
                await this.press(`${root} .step:not([hidden]) [data-choice=${letter}] .move`);
            }
            return;
        }
        if (exercise.kind === "multiple") {
            for (const letter of exercise.choices) {
                await this.tabTo(`${root} input[value=${letter}]`);
                if ((await this.isFocused(":checked")) !== letters.includes(letter)) {
                    await this.page.keyboard.press("Space");
                }
            }
        } else {
            await this.tabTo(`${root} input`);
            await this.page.keyboard.press("Space");
            for (
                let count = 0;
                count < exercise.choices.length && !(await this.isFocused(`input[value=${letters}]`));
                count++
            ) {
                await this.page.keyboard.press("ArrowDown");
            }
        }
        await this.press(`${root} button.check`);
    }

    playByKeyboard(isRight) {
        return this.play(this.answerByKeyboard, () => this.press("#course-next"), isRight);
    }

    async leave() {
        await this.course.locator("#course-leave").click();
        await this.left();
    }

    left() {
        return this.course.locator("html[data-player=left] #course-left-words").waitFor();
    }

    close() {
        return this.context.close();
    }
}

exports.Learner = Learner;
