/* Debian's Chromium, driven by playwright-core; nothing is downloaded and nothing leaves the machine. */
"use strict";
const fs = require("fs");
const { chromium } = require("playwright-core");

const executable = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-headless-shell"].find(
    (file) => file && fs.existsSync(file)
);

exports.ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
];

exports.executable = executable;
exports.launch = () => chromium.launch({ executablePath: executable, headless: true, args: exports.ARGUMENTS });
/* A browser whose profile stays when it is killed. */
exports.launchIn = (folder) =>
    chromium.launchPersistentContext(folder, {
        executablePath: executable,
        headless: true,
        args: exports.ARGUMENTS
    });
