/* The courses of the project and of the browser tests' fixture, as the build packs them: one entry a package. */
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { execFileSync } = require("child_process");

const root = path.join(__dirname, "../../..");
const PROJECTS = [process.env.PROBITY_PROJECT || root, path.join(root, "tests/browser/fixture/kinds")];
/* As the names of packages end; the two editions of SCORM 2004 speak alike. */
const STANDARDS = { scorm12: "scorm12", "scorm2004-3": "scorm2004", scorm2004: "scorm2004" };

/* The words of each question, as the page has them. */
function stems(page) {
    const found = {};
    for (const form of page.split("data-exercise=\"").slice(1)) {
        const stem = /class="stem"[^>]*>([\s\S]*?)<\/div>/.exec(form);
        found[form.slice(0, form.indexOf('"'))] = (stem ? stem[1] : form.slice(0, 400)).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
    }
    return found;
}

function read(zip) {
    const part = (name) => execFileSync("unzip", ["-p", zip, name], { maxBuffer: 1 << 28, encoding: "utf8" });
    const page = part("index.html");
    return { script: part("course.js"), stems: stems(page), language: /<html[^>]* lang="([^"]+)"/.exec(page)[1] };
}

/* [{name, standard, dialect, script, stems, language}] */
exports.make = () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "probity-standards-"));
    const program = process.env.PROBITY || path.join(root, "build/probity");
    const targets = Object.keys(STANDARDS).flatMap((name) => ["--target", name]);
    const made = [];
    try {
        PROJECTS.forEach((project, at) => {
            const output = path.join(folder, String(at));
            execFileSync(program, ["-C", project, "build", "--output", output].concat(targets), { stdio: "pipe" });
            const courses = path.join(output, "packages");
            for (const course of fs.readdirSync(courses)) {
                for (const file of fs.readdirSync(path.join(courses, course)).sort()) {
                    const parts = /^(.*)-([a-z]{2,3})-(scorm[0-9-]+)\.zip$/.exec(file);
                    if (parts && parts[2] !== "all") {
                        const name = file.replace(".zip", "");
                        made.push({ name, standard: parts[3], dialect: STANDARDS[parts[3]], ...read(path.join(courses, course, file)) });
                    }
                }
            }
        });
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
    return made;
};
