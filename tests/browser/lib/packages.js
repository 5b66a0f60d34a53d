/* The course packages of the project's own content, made by the program under test and unzipped. */
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { execFileSync } = require("child_process");
const site = require("./site");

exports.LANGUAGES = ["en", "ar", "zh"];
exports.STANDARDS = ["scorm12", "scorm2004"];
exports.COURSE = "essentials";

/* Each is mounted as /packages/<standard>-<language>/ . `remove` takes the files away. */
exports.make = (server) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "probity-packages-"));
    const program = process.env.PROBITY || path.join(site.root, "build/probity");
    const project = process.env.PROBITY_PROJECT || site.root;
    const output = path.join(folder, "public");
    const options = exports.STANDARDS.flatMap((name) => ["--target", name]).concat(
        exports.LANGUAGES.flatMap((code) => ["--language", code])
    );
    execFileSync(program, ["-C", project, "build", "--output", output].concat(options), { stdio: "pipe" });
    for (const standard of exports.STANDARDS) {
        for (const language of exports.LANGUAGES) {
            const target = path.join(folder, `${standard}-${language}`);
            const zip = path.join(
                output,
                "packages",
                exports.COURSE,
                `${exports.COURSE}-${language}-${standard}.zip`
            );
            execFileSync("python3", ["-m", "zipfile", "-e", zip, target]);
            server.mount(`/packages/${standard}-${language}/`, target);
        }
    }
    return { remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
};
