/* Edits: each is built, told and served; errors are shown and leave the pages standing; nothing is lost while a build runs. */
"use strict";
const fs = require("fs");
const report = require("../browser/lib/report");
const browsers = require("../browser/lib/browser");
const { makeProject, start } = require("./lib/preview");

const PAGE = "content/guide/first/en.md";
const BURST = 40;

async function buildsEdits(preview, project) {
    const stream = await preview.listen();
    const first = await stream.next();
    const says = (words) => async () => (await preview.get("/en/guide/first/")).text.includes(words);
    const source = project.read(PAGE);

    project.write(PAGE, `${source}\nA sentence that is new.\n`);
    await stream.until((entry) => entry.build !== first.build);
    report.check("an edit is told, and then it is served", await says("A sentence that is new.")());

    /* As editors save: beside it, then in its place. */
    project.write("content/guide/first/.en.md.tmp", `${source}\nA sentence put in its place.\n`);
    fs.renameSync(project.path("content/guide/first/.en.md.tmp"), project.path(PAGE));
    await stream.until(says("A sentence put in its place."));
    report.check("a file put in the place of another", true);

    fs.cpSync(project.path("content/guide/first"), project.path("content/guide/second"), { recursive: true });
    await stream.until(async () => (await preview.get("/en/guide/second/")).status === 200);
    project.write("content/guide/second/en.md", `${source}\nA sentence in a folder that is new.\n`);
    await stream.until(async () => (await preview.get("/en/guide/second/")).text.includes("in a folder that is new"));
    report.check("a folder that is new is watched", true);
    fs.rmSync(project.path("content/guide/second"), { recursive: true });
    await stream.until(async () => (await preview.get("/en/guide/second/")).status === 404);
    report.check("what is removed goes", true);

    const messages = project.read("locales/en/messages.yaml");
    project.write("locales/en/messages.yaml", messages.replace(/^(skip:).*$/m, '$1 "Past all this"'));
    await stream.until(says("Past all this"));
    report.check("an interface word", true);
    const layout = "layouts/website/partials/head.html";
    project.write(layout, project.read(layout).replace('class="skip"', 'class="skip" data-edited="yes"'));
    await stream.until(says('data-edited="yes"'));
    report.check("a layout", true);

    /* Faster than they can be built; the last one counts. */
    for (let i = 1; i <= BURST; i++) {
        project.write(PAGE, `${source}\nNumber ${i} of many.\n`);
        await new Promise((resolve) => setImmediate(resolve));
    }
    await stream.until(says(`Number ${BURST} of many.`));
    report.check("the last of many edits", true);

    /* The number of the build may have changed after the page was served. */
    const page = async () => (await preview.get("/en/guide/first/")).text.replace(/build=[^"]*/, "");
    const before = await page();
    project.write(PAGE, `${source}\n[Nowhere](/nowhere)\n`);
    const broken = await stream.until((entry) => entry.diagnostics.length > 0);
    report.check(
        "an error is told with its place",
        broken.diagnostics.some((entry) => entry.severity === "error" && /first\/en\.md:\d+:\d+: error: /.test(entry.text)),
        broken
    );
    report.check("the page of the last good build stands", (await page()) === before);
    project.write(PAGE, source);
    const mended = await stream.until((entry) => entry.diagnostics.length === 0);
    report.check("an error goes when it is mended", mended.build !== broken.build);

    /* The packages follow. */
    const listed = async () => JSON.parse((await preview.get("/_probity/packages.json")).text);
    const isListed = (list) => list.some((entry) => entry.file === "course/course-en-scorm12.zip");
    if (!isListed(await listed())) {
        await stream.until(async () => isListed(await listed()));
    }
    report.check("the packages are listed", true);
    const old = JSON.stringify(await listed());
    project.write("content/course/one/hello/en.md", project.read("content/course/one/hello/en.md").replace(/^title: .*/m, "title: Another title"));
    await stream.until(async () => JSON.stringify(await listed()) !== old);
    const packed = await preview.get("/console/files/course/course-en-scorm12.zip/index.html");
    report.check("a page out of a package is the new one, and as it lies there", packed.text.includes("Another title") && !packed.text.includes("reload.js"));
    report.equal("a file that a package has not", (await preview.get("/console/files/course/course-en-scorm12.zip/../x")).status, 400);
    report.equal("a package that is not there", (await preview.get("/console/files/course/none.zip/index.html")).status, 404);
    stream.close();
}

/* An open page in Chromium follows. */
async function showsThem(preview, project) {
    const source = project.read(PAGE);
    const chrome = await browsers.launch();
    try {
        const page = await chrome.newPage();
        const violations = [];
        page.on("console", (message) => {
            if (/Content Security Policy/.test(message.text())) {
                violations.push(message.text());
            }
        });
        await page.goto(`${preview.url}en/guide/first/`);
        await page.locator("html[data-preview]").waitFor({ state: "attached" });
        project.write(PAGE, `${source}\nSeen without a hand.\n`);
        await page.getByText("Seen without a hand.").waitFor();
        report.check("an open page loads itself again", true);

        project.write(PAGE, `${source}\nSeen without a hand.\n\n[Nowhere](/nowhere)\n`);
        const alert = page.locator("probity-preview [role=alert]");
        await alert.waitFor();
        report.check("errors are shown over the page", (await alert.locator("pre").first().textContent()).includes("/nowhere"));
        report.check("the page stands below", await page.getByText("Seen without a hand.").isVisible());
        const style = await alert.evaluate((element) => getComputedStyle(element).position);
        report.equal("with a style of their own", style, "fixed");
        await alert.getByRole("button").click();
        report.equal("they can be put aside", await alert.count(), 0);
        await page.reload();
        await alert.waitFor();
        project.write(PAGE, `${source}\nMended.\n`);
        await page.getByText("Mended.").waitFor();
        report.equal("and go when the source is mended", await alert.count(), 0);

        await page.goto(`${preview.url}en/guide/third/`);
        await page.locator("html[data-preview]").waitFor({ state: "attached" });
        fs.cpSync(project.path("content/guide/first"), project.path("content/guide/third"), { recursive: true });
        await page.getByText("Mended.").waitFor();
        report.check("a page that was missing comes", true);
        report.equal("no page breaks its own policy", violations, []);
    } finally {
        await chrome.close();
        project.write(PAGE, source);
    }
}

/* A project that cannot be built at first. */
async function beginsWithErrors() {
    const project = makeProject();
    const source = project.read(PAGE);
    project.write(PAGE, source + "\n[Nowhere](/nowhere)\n");
    try {
        const preview = await start(project.folder);
        const answer = await preview.get("/en/guide/first/");
        report.check("nothing has been built", answer.status === 503 && answer.text.includes("reload.js"), answer.status);
        const stream = await preview.listen();
        report.check("the errors are told", (await stream.next()).diagnostics.length > 0);
        project.write(PAGE, source);
        await stream.until(async () => (await preview.get("/en/guide/first/")).status === 200);
        stream.close();
        report.equal("it ends in order", await preview.end("SIGINT"), { code: 0, signal: null, left: [] });
        report.check("the terminal has them, too", preview.output.includes("[link-"), preview.output);
    } finally {
        project.remove();
    }
}

exports.run = async () => {
    const project = makeProject();
    try {
        const preview = await start(project.folder);
        await report.run("edits", () => buildsEdits(preview, project));
        await report.run("an open page", () => showsThem(preview, project));
        report.equal("it ends in order", await preview.end("SIGTERM"), { code: 0, signal: null, left: [] });
    } finally {
        project.remove();
    }
    await beginsWithErrors();
};
