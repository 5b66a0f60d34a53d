/* The console in Chromium: a course is played there while its platform fails, and every call is seen. */
"use strict";
const report = require("../browser/lib/report");
const browsers = require("../browser/lib/browser");
const { makeProject, start } = require("./lib/preview");


class Console {
    constructor(page) {
        this.page = page;
        this.course = page.frameLocator("#tabs iframe").first().frameLocator("iframe");
    }

    async ready() {
        await this.course.locator("html[data-player=on]").waitFor({ state: "attached" });
    }

    saved(status) {
        return this.course.locator(`#course-save[data-status=${status}]`).waitFor();
    }

    rows() {
        return this.page.locator("#calls tbody tr").evaluateAll((rows) =>
            rows.map((row) => Array.from(row.cells).map((cell) => cell.textContent))
        );
    }

    /* The columns of `values`: what was said and what was committed. */
    value(element) {
        return this.page.locator("#values tbody tr").evaluateAll(
            (rows, name) =>
                rows
                    .filter((row) => row.cells[0].textContent === name)
                    .map((row) => [row.cells[1].textContent, row.cells[2].textContent])[0] || null,
            element
        );
    }

    /* The first question of the course, from wherever one is. */
    async answer() {
        const form = this.course.locator("[data-exercise]").first();
        while (!(await form.isVisible())) {
            await this.course.locator("#course-back").click();
        }
        await form.locator("input").last().check();
        await form.locator("button.check").click();
    }

    async goOn() {
        await this.course.locator("#course-next").click();
    }

    /* Until a call of this name with this result stands in the timeline, from row `from` on. */
    async called(name, result, from) {
        await this.page.waitForFunction(
            ([wanted, answer, first]) =>
                Array.from(document.querySelectorAll("#calls tbody tr")).some(
                    (row, at) =>
                        at >= first && row.cells[3].textContent === wanted && row.cells[5].textContent === answer
                ),
            [name, result, from || 0]
        );
    }
}

async function plays(preview, chrome, standard) {
    const [initialize, commit, state] =
        standard === "scorm12"
            ? ["LMSInitialize", "LMSCommit", "cmi.suspend_data"]
            : ["Initialize", "Commit", "cmi.suspend_data"];
    const page = await chrome.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
        if (/Content Security Policy/.test(message.text())) {
            errors.push(message.text());
        }
    });
    await page.goto(`${preview.url}console/course/en?${standard}`);
    const view = new Console(page);
    await view.ready();
    await view.called(initialize, "true");
    await view.called(commit, "true");
    report.equal(`${standard}: nothing is refused`, (await view.rows()).filter((row) => row[5] === "false").length, 0);

    await page.locator("#refuses").check();
    let before = (await view.rows()).length;
    await view.goOn();
    await view.called(commit, "false", before);
    const [said, kept] = await view.value(state);
    report.check(`${standard}: what was not committed is seen`, said !== kept, [said, kept]);
    before = (await view.rows()).length;
    await page.locator("#refuses").uncheck();
    await view.called(commit, "true", before);
    await view.saved("saved");
    report.check(`${standard}: a commit that was refused comes again`, true);
    const words = await page.locator("#state-words").textContent();
    report.check(`${standard}: the state's limit`, words.endsWith(standard === "scorm12" ? "of 4,096 characters" : "of 64,000 characters"), words);

    await page.locator("#offline").check();
    before = (await view.rows()).length;
    await view.goOn();
    await view.called(commit, "false", before);
    report.equal(`${standard}: the course hears that it is offline`, await view.course.locator("html").evaluate(() => navigator.onLine), false);
    before = (await view.rows()).length;
    await page.locator("#offline").uncheck();
    await view.called(commit, "true", before);
    await view.saved("saved");

    await page.locator("#lost").check();
    await view.answer();
    await page.waitForFunction(() => /the platform is away/.test(document.getElementById("calls").textContent));
    report.check(`${standard}: a platform that is lost`, true);
    await page.locator("#lost").uncheck();
    await view.saved("saved");

    const state1 = (await view.value(state))[1];
    before = (await view.rows()).length;
    await page.locator("#crash").click();
    await view.ready();
    await view.called(initialize, "true", before);
    await view.saved("saved");
    report.equal(`${standard}: a crash loses nothing that was committed`, (await view.value(state))[1].length > 0 && state1.length > 0, true);

    await page.locator("#second").click();
    /* It may well be silent: one tab alone speaks to the platform. */
    const second = page.frameLocator("#tabs iframe >> nth=1").frameLocator("iframe");
    await second.locator("html[data-player]").waitFor({ state: "attached" });
    report.check(`${standard}: a second tab`, true);

    await page.locator("#review").check();
    await view.ready();
    before = (await view.rows()).length;
    await view.goOn();
    await view.saved("review");
    report.check(`${standard}: in review nothing is written`, !(await view.rows()).slice(before).some((row) => /SetValue|Commit/.test(row[3])));

    await page.locator("#review").uncheck();
    await view.ready();
    before = (await view.rows()).length;
    await page.locator("#language").selectOption("ar");
    await view.course.locator("html[data-player=on][dir=rtl]").waitFor({ state: "attached" });
    report.check(`${standard}: in Arabic`, /\/console\/course\/ar/.test(page.url()));
    await page.locator("#reset").click();
    await view.ready();
    await view.saved("saved");
    report.equal(`${standard}: no errors in the page`, errors, []);
    await page.close();
}

async function isAccessible(preview, chrome) {
    const page = await chrome.newPage({ bypassCSP: true });
    await page.goto(`${preview.url}console/course/en`);
    await new Console(page).ready();
    for (const scheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.addScriptTag({ path: require.resolve("axe-core/axe.min.js") });
        const found = await page.evaluate(() =>
            window.axe.run(document, { iframes: false, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }).then((result) => result.violations.map((entry) => entry.id + ": " + entry.nodes[0].html))
        );
        report.equal(`axe, ${scheme}`, found, []);
    }
    await page.close();
}

exports.run = async () => {
    const project = makeProject();
    const chrome = await browsers.launch();
    try {
        const preview = await start(project.folder);
        const stream = await preview.listen();
        const list = async () => JSON.parse((await preview.get("/_probity/packages.json")).text);
        if (!(await list()).length) {
            await stream.until(async () => (await list()).length > 0);
        }
        stream.close();
        const page = await chrome.newPage();
        await page.goto(`${preview.url}console/`);
        await page.getByRole("link", { name: "English" }).click();
        await new Console(page).ready();
        report.check("a course is found in the list", page.url().includes("/console/course/en"));
        const source = project.read("content/course/one/hello/en.md");
        project.write("content/course/one/hello/en.md", source.replace(/^title: .*/m, "title: Written meanwhile"));
        await page.getByText("The course was built again").waitFor();
        await new Console(page).course.getByText("Written meanwhile").first().waitFor({ state: "attached" });
        report.check("a course that is edited is launched again", true);
        await page.close();
        for (const standard of ["scorm12", "scorm2004"]) {
            await report.run(standard, () => plays(preview, chrome, standard));
        }
        await report.run("accessibility", () => isAccessible(preview, chrome));
        report.equal("it ends in order", await preview.end("SIGTERM"), { code: 0, signal: null, left: [] });
    } finally {
        await chrome.close();
        project.remove();
    }
};
