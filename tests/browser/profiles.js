/*
 * The packages for each platform, played below the pass mark and then above it, under scorm-again and the strict
 * model: neither refuses anything, and the outcome is what the profile says. tests/lifecycle has every case of it.
 */
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");
const { equal, run } = require("./lib/report");
const browser = require("./lib/browser");
const packages = require("./lib/packages");
const site = require("./lib/site");
const { Learner } = require("./lib/learner");
const PROFILES = require("../lifecycle/lib/profiles");

let server, chrome;

const OUTCOME = {
    scorm12: (values) => values["cmi.core.lesson_status"],
    scorm2004: (values) => `${values["cmi.completion_status"]} ${values["cmi.success_status"]}`
};

function expected(standard, profile) {
    return standard === "scorm12" ? profile.lesson_passed : "completed passed";
}

/* What the scripts of a package are given. */
function dataOf(folder) {
    const window = {};
    vm.runInNewContext(fs.readFileSync(path.join(folder, "course.js"), "utf8"), { window });
    return JSON.parse(JSON.stringify(window.Probity.course));
}

function testPackage(name, standard, profile, folder) {
    equal(`${name}: the player is given the profile`, dataOf(folder).profile, profile);
    const manifest = fs.readFileSync(path.join(folder, "imsmanifest.xml"), "utf8");
    const isMarked = /masteryscore>|minNormalizedMeasure>/.test(manifest);
    equal(`${name}: the pass mark`, isMarked, /generic|strict/.test(profile.name));
}

async function play(name, address, profile) {
    const learner = await Learner.open(chrome, address);
    await learner.playByMouse(() => false);
    const end = learner.course.locator("#course-result .end");
    equal(`${name}: the course can be ended below the mark`, (await end.count()) === 1, profile.tells_failure);
    if (profile.tells_failure) {
        await end.click();
    }
    await learner.course.locator("#course-result .restart").click();
    await learner.playByMouse(() => true);
    await learner.saved();
    return learner;
}

async function testStrict(name, standard, profile, frame) {
    const learner = await play(`${name} strict`, server.strict(standard, null, {}, frame), profile);
    await learner.leave();
    const seen = await learner.page.evaluate(() => ({
        rejected: window.platform.rejected,
        values: window.platform.committed.values
    }));
    equal(`${name} strict: nothing rejected`, seen.rejected, []);
    equal(`${name} strict: outcome`, OUTCOME[standard](seen.values), expected(standard, profile));
    equal(`${name}: no errors in the page`, learner.errors, []);
    await learner.close();
}

async function testTolerant(name, standard, profile, frame) {
    const address = server.tolerant(standard, null, frame);
    const learner = await play(`${name} scorm-again`, address, profile);
    const posts = server.posts.filter((post) => post.name === new URL(address).pathname + "/commit");
    const { cmi } = JSON.parse(posts[posts.length - 1].body);
    const seen =
        standard === "scorm12" ? cmi.core.lesson_status : `${cmi.completion_status} ${cmi.success_status}`;
    equal(`${name} scorm-again: outcome`, seen, expected(standard, profile));
    await learner.leave();
    await learner.close();
}

async function testProfile(profile) {
    const made = packages.make(server, {
        mount: `/${profile.name}/`,
        profile: profile.name,
        languages: ["en"],
        together: []
    });
    for (const standard of packages.STANDARDS) {
        const name = `${profile.name} ${standard}`;
        const frame = `/${profile.name}/${standard}-en/index.html`;
        testPackage(name, standard, profile, path.join(made.folder, `${standard}-en`));
        await run(`${name} strict`, () => testStrict(name, standard, profile, frame));
        await run(`${name} scorm-again`, () => testTolerant(name, standard, profile, frame));
    }
    made.remove();
}

exports.run = async () => {
    server = await site.open();
    chrome = await browser.launch();
    try {
        await Promise.all(Object.values(PROFILES).map(testProfile));
    } finally {
        await chrome.close();
        await server.close();
    }
};
