/* The course packages of the project's own content, made by the program under test and unzipped. */
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { execFileSync } = require("child_process");
const site = require("./site");

exports.LANGUAGES = ["en", "ar", "zh"];
exports.STANDARDS = ["scorm12", "scorm2004"];
/* Whose packages of all languages are played; the 3rd edition's differ in the manifest alone. */
exports.TOGETHER = ["scorm12", "scorm2004", "cmi5", "web"];
exports.COURSE = "essentials";

/* A project of its own, with every kind of question and every feature of courses. */
exports.KINDS = { project: path.join(__dirname, "../fixture/kinds"), course: "kinds", mount: "/kinds/" };

/*
 * Each is mounted as /packages/<standard>-<language or "all">/ and lies in `folder`. `remove` takes the files away.
 * `options`: {project, course, mount, profile, languages, together: standards}; what is not said is as above.
 */
exports.make = (server, options = {}) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "probity-packages-"));
    const program = process.env.PROBITY || path.join(site.root, "build/probity");
    const project = options.project || process.env.PROBITY_PROJECT || site.root;
    const course = options.course || exports.COURSE;
    const output = path.join(folder, "public");
    const languages = options.languages || exports.LANGUAGES;
    const together = options.together || exports.TOGETHER;
    const targets = Array.from(new Set(exports.STANDARDS.concat(together)))
        .flatMap((name) => ["--target", name])
        .concat(languages.flatMap((code) => ["--language", code]))
        .concat(options.profile ? ["--profile", options.profile] : []);
    execFileSync(program, ["-C", project, "build", "--output", output].concat(targets), { stdio: "pipe" });
    const unpack = (standard, language) => {
        const target = path.join(folder, `${standard}-${language}`);
        const zip = path.join(output, "packages", course, `${course}-${language}-${standard}.zip`);
        execFileSync("python3", ["-m", "zipfile", "-e", zip, target]);
        server.mount(`${options.mount || "/packages/"}${standard}-${language}/`, target);
    };
    exports.STANDARDS.forEach((standard) => languages.forEach((language) => unpack(standard, language)));
    together.forEach((standard) => unpack(standard, "all"));
    return { folder, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
};
