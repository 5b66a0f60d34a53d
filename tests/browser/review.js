/*
 * The pictures of case studies in the reviewers' copy, measured as Chromium draws them: every step has a box with its words inside, no two boxes
 * meet, every choice is a line that begins and ends at its boxes, and nothing is cut off by the edge of the picture.
 */
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { execFileSync } = require("child_process");
const { check, equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const packages = require("./lib/packages");
const site = require("./lib/site");

const program = process.env.PROBITY || path.join(site.root, "build/probity");
const LANGUAGES = ["en", "ar", "zh"];
const PROJECTS = [process.env.PROBITY_PROJECT || site.root, packages.KINDS.project];

/* What the course's data says: {scenario id: steps}. */
function readStories(zip) {
    const source = execFileSync("python3", ["-c", "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('en.js').decode())", zip], { encoding: "utf8" });
    const window = {};
    new Function("window", source)(window);
    return window.Probity.course.exercises.filter((exercise) => exercise.kind === "scenario");
}

/* In the page. Tolerance: half of a line's width, and what rounding takes. */
function measure() {
    const near = 3;
    const plain = (element) => element.textContent.replace(/[\u2066-\u2069\u200e\u200f]/g, "");
    const svg = document.documentElement;
    const whole = { x: 0, y: 0, width: svg.width.baseVal.value, height: svg.height.baseVal.value };
    const within = (inner, outer) => inner.x >= outer.x - 0.5 && inner.y >= outer.y - 0.5 &&
        inner.x + inner.width <= outer.x + outer.width + 0.5 && inner.y + inner.height <= outer.y + outer.height + 0.5;
    const problems = [];
    const boxes = Array.from(document.querySelectorAll("g")).map((group) => {
        const shape = group.querySelector(".node"), box = shape.getBBox();
        const id = plain(group.querySelector("text.id")).split(" · ")[0];
        for (const text of group.querySelectorAll("text")) {
            const words = text.getBBox(), point = svg.createSVGPoint();
            const corners = [[0, 0.2], [1, 0.2], [0, 0.8], [1, 0.8]].map(([across, down]) => {
                point.x = words.x + across * words.width;
                point.y = words.y + down * words.height;
                return shape.isPointInFill(point);
            });
            if (!words.width || !corners.every(Boolean)) {
                problems.push([id, "words outside of the box", plain(text), words.width, box.width]);
            }
        }
        return { id, x: box.x, y: box.y, width: box.width, height: box.height };
    });
    boxes.forEach((one, at) => boxes.slice(at + 1).forEach((other) => {
        if (one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height) {
            problems.push([one.id, "meets", other.id]);
        }
    }));
    const at = (point) => boxes.filter((box) => point.x >= box.x - near && point.x <= box.x + box.width + near &&
        point.y >= box.y - near && point.y <= box.y + box.height + near).map((box) => box.id).join();
    const edges = Array.from(document.querySelectorAll("path.edge")).map((line) =>
        at(line.getPointAtLength(0)) + " > " + at(line.getPointAtLength(line.getTotalLength())));
    const labels = Array.from(document.querySelectorAll("rect.label"));
    labels.forEach((label) => {
        if (!within(label.nextElementSibling.getBBox(), label.getBBox())) {
            problems.push(["label too narrow", plain(label.nextElementSibling)]);
        }
    });
    document.querySelectorAll("text, .node, path.edge, .head, .label").forEach((element) => {
        if (!within(element.getBBox(), whole)) {
            problems.push([element.getAttribute("class"), "beyond the picture", plain(element)]);
        }
    });
    return {
        root: svg.nodeName, isBroken: document.getElementsByTagName("parsererror").length > 0, lang: svg.getAttribute("lang"),
        boxes: boxes.map((box) => box.id).sort(), edges: edges.sort(), labels: labels.length, problems
    };
}

exports.run = async () => {
    const chrome = await browser.launch();
    const page = await chrome.newPage();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "probity-review-"));
    let pictures = 0;
    try {
        for (const [number, project] of PROJECTS.entries()) {
            const output = path.join(folder, String(number));
            const words = ["review", "web"].flatMap((name) => ["--target", name]).concat(LANGUAGES.flatMap((code) => ["--language", code]));
            execFileSync(program, ["-C", project, "build", "--output", output, ...words], { stdio: "pipe" });
            for (const course of fs.readdirSync(path.join(output, "review"), { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
                const made = path.join(output, "packages", course.name);
                /* The package for the last audience has everything. */
                const zips = fs.readdirSync(made).filter((name) => name.endsWith("-all-web.zip"));
                const zip = zips.find((name) => /-leaders-/.test(name)) || zips.find((name) => /-managers-/.test(name)) || zips[0];
                for (const story of readStories(path.join(made, zip))) {
                    const lines = story.steps.flatMap((step) => step.moves.map((move) => `${step.id} > ${move}`)).sort();
                    for (const language of LANGUAGES) {
                        const file = path.join(output, "review", course.name, language, `${story.id}.svg`);
                        const what = `${course.name} ${language} ${story.id}`;
                        await run(what, async () => {
                            await page.goto("file://" + file);
                            const seen = await page.evaluate(measure);
                            pictures++;
                            equal(`${what}: a picture that can be read`, [seen.root, seen.isBroken], ["svg", false]);
                            equal(`${what}: a box for every step`, seen.boxes, story.steps.map((step) => step.id).sort());
                            equal(`${what}: a line from box to box for every choice`, seen.edges, lines);
                            equal(`${what}: a label for every choice`, seen.labels, lines.length);
                            equal(`${what}: nothing outside of where it belongs`, seen.problems, []);
                        });
                    }
                }
            }
        }
        check("there are pictures in all languages", pictures >= 3 * LANGUAGES.length, pictures);
    } finally {
        await chrome.close();
        fs.rmSync(folder, { recursive: true, force: true });
    }
};
