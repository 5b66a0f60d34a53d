/* A learner in front of a platform's page with a course in its frame. Right answers come from the course's data. */
"use strict";

const TAB_LIMIT = 200;

/* Arabic-Indic digits with their own decimal separator are understood in every language. */
function arabicIndic(number) {
    return String(number).replace(/[0-9.]/g, (mark) => (mark === "." ? "٫" : String.fromCharCode(0x660 + Number(mark))));
}

class Learner {
    /* `options`: of the browser's context: size, colours, language. */
    static async open(chrome, address, options) {
        const learner = new Learner();
        learner.context = await chrome.newContext(
            Object.assign({ viewport: { width: 1280, height: 1000 } }, options)
        );
        learner.errors = [];
        await learner.launch(address);
        return learner;
    }

    /* In a new window of the same browser, until the player is `state`. */
    async launch(address, state = "on") {
        this.page = await this.context.newPage();
        this.page.on("pageerror", (error) => this.errors.push(String(error)));
        this.page.on("console", (message) => {
            if (["error", "warning"].includes(message.type())) {
                this.errors.push(message.text());
            }
        });
        await this.page.goto(address);
        this.course = this.page.frameLocator("#course");
        await this.course.locator(`html[data-player=${state}]`).waitFor({ state: "attached" });
        this.frame = this.page.frames().find((frame) => frame !== this.page.mainFrame());
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

    /* The choices that make the most, or the least, of a case study: every path of some moves, the best by points. */
    bestPath(scenario, isRight) {
        return this.frame.evaluate(
            ([skeleton, wantsMost]) => {
                const { exercise } = window.Probity;
                const LENGTH_LIMIT = 8;
                let best = null;
                const walk = (letters) => {
                    if (exercise.end(skeleton, letters)) {
                        const seen = new Set();
                        let points = 0;
                        exercise.walk(skeleton, letters).forEach(([id, letter]) => {
                            const step = exercise.step(skeleton, id);
                            const choice = letter && step.choices[letter.charCodeAt(0) - 97];
                            points += (seen.has(id) ? 0 : step.points) + (seen.has(id + letter) ? 0 : (choice && choice.points) || 0);
                            seen.add(id).add(id + letter);
                        });
                        if (!best || (wantsMost ? points > best.points : points < best.points)) {
                            best = { letters, points };
                        }
                    } else if (letters.length < LENGTH_LIMIT) {
                        Array.from(exercise.openChoices(skeleton, letters)).forEach((letter) => walk(letters + letter));
                    }
                };
                walk("");
                return best.letters;
            },
            [scenario, isRight]
        );
    }

    static answer(exercise, isRight) {
        if (exercise.kind === "likert") {
            return exercise.choices[isRight ? 0 : 1];
        }
        return isRight
            ? exercise.right.join("")
            : exercise.choices.find((letter) => !exercise.right.includes(letter));
    }

    /* The exercises on the screen that is shown and that can be answered: drawn, open, with an attempt left. */
    async exercisesHere(course) {
        const ids = await this.frame.evaluate(() =>
            Array.from(document.querySelectorAll("[data-place]:not([hidden]) .prose:not([hidden]) [data-exercise]:not([hidden])"))
                .filter((element) => !element.querySelector("button.check[hidden]"))
                .map((element) => element.dataset.exercise)
        );
        return ids.map((id) => course.exercises.find((exercise) => exercise.id === id));
    }

    async answerByMouse(exercise, isRight) {
        const root = this.course.locator(`[data-exercise='${exercise.id}']`);
        if (exercise.kind === "scenario") {
            const letters = await this.bestPath(exercise, isRight);
            if (await root.locator(".again").isVisible()) {
                await root.locator(".again").click();
            }
            for (const letter of letters) {
                await root.locator(`.step:not([hidden]) [data-choice=${letter}] .move`).click();
            }
            return;
        }
        if (!exercise.choices) {
            await this.fill(exercise, isRight, "mouse");
            return;
        }
        const letters = Learner.answer(exercise, isRight);
        for (const letter of exercise.choices) {
            const label = root.locator(`[data-choice=${letter}] label`);
            if ((await label.locator("input").isChecked()) !== letters.includes(letter)) {
                await label.click();
            }
        }
        await root.locator("button.check").click();
    }

    /* The items of an ordering as they stand. */
    placed(id) {
        return this.frame.evaluate(
            (name) =>
                Array.from(document.querySelectorAll(`[data-exercise='${name}'] .item`)).map((item) => item.dataset.item),
            id
        );
    }

    /* A button or a field, by the means that are being tried. */
    async use(selector, means) {
        if (means === "mouse") {
            await this.course.locator(selector).click();
        } else {
            await this.tabTo(selector);
            await this.page.keyboard.press("Space");
        }
    }

    async type(selector, text, means) {
        if (means === "mouse") {
            await this.course.locator(selector).fill(text);
        } else {
            await this.tabTo(selector);
            await this.page.keyboard.press("Control+A");
            await this.page.keyboard.insertText(text);
        }
    }

    async pickOption(selector, value, means) {
        const field = this.course.locator(selector);
        if (means === "mouse") {
            await field.selectOption(value);
            return;
        }
        await this.tabTo(selector);
        await this.page.keyboard.press("Home");
        for (let count = 0; count < 20 && (await field.inputValue()) !== value; count++) {
            await this.page.keyboard.press("ArrowDown");
        }
    }

    /* Kinds that are not chosen from a list of boxes. */
    async fill(exercise, isRight, means) {
        const root = `[data-exercise='${exercise.id}']`;
        if (exercise.kind === "ordering") {
            const wanted = isRight ? exercise.items : exercise.items.slice().reverse();
            for (let at = 0; at < wanted.length; at++) {
                for (let from = (await this.placed(exercise.id)).indexOf(wanted[at]); from > at; from--) {
                    await this.use(`${root} [data-item=${wanted[at]}] .up`, means);
                }
            }
        } else if (exercise.kind === "matching") {
            for (let at = 0; at < exercise.left.length; at++) {
                const other = exercise.targets.find((target) => target !== exercise.right[at]);
                const value = isRight ? exercise.right[at] : other;
                await this.pickOption(`${root} [data-left=${exercise.left[at]}] select`, value, means);
            }
        } else if (exercise.kind === "fill-in") {
            const accepted = (await this.courseData()).accepted[exercise.id];
            for (const key of exercise.blanks) {
                await this.type(`${root} [data-blank='${key}']`, isRight ? ` ${accepted[key][0]} ` : "nothing", means);
            }
        } else if (exercise.kind === "numeric") {
            const right = exercise.answer_micro / 1e6;
            const wrong = right + exercise.tolerance_micro / 1e6 + 1;
            await this.type(`${root} .number input`, arabicIndic(isRight ? right : wrong), means);
        } else if (exercise.kind === "reflection") {
            await this.type(`${root} textarea`, "أسأل أولاً، 先问", means);
        } else if (!(await this.course.locator(`${root} input`).isChecked())) {
            await this.use(`${root} input`, means);
        }
        await (means === "mouse"
            ? this.course.locator(`${root} button.check`).click()
            : this.press(`${root} button.check`));
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
        if (exercise.kind === "scenario") {
            const letters = await this.bestPath(exercise, isRight);
            if (await this.course.locator(`${root} .again`).isVisible()) {
                await this.press(`${root} .again`);
            }
            for (const letter of letters) {
                await this.press(`${root} .step:not([hidden]) [data-choice=${letter}] .move`);
            }
            return;
        }
        if (!exercise.choices) {
            await this.fill(exercise, isRight, "keyboard");
            return;
        }
        const letters = Learner.answer(exercise, isRight);
        if (exercise.kind === "multiple" || exercise.multiple) {
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
