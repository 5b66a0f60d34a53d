/*
 * Every course of the project and of the fixture, in every audience, language and standard, as it is packed: its
 * exercises answered in every way by the player's own files, launched and launched again, under the strict model and
 * under scorm-again side by side. No call may be rejected by either, and what is recorded of an answer has to be what
 * the standard says.
 */
"use strict";
const fs = require("fs");
const path = require("path");
const { check, equal } = require("../browser/lib/report");
const { Clock } = require("../lifecycle/lib/clock");
const { load } = require("../lifecycle/lib/player");
const Strict = require("../../generator/preview/console/strict");
const answers = require("./lib/answers");
const expected = require("./lib/expected");
const packages = require("./lib/package");

const root = path.join(__dirname, "../..");
const NAMES = {
    scorm12: { api: "API", tolerant: "Scorm12API", error: "LMSGetLastError", get: "LMSGetValue", response: "student_response" },
    scorm2004: { api: "API_1484_11", tolerant: "Scorm2004API", error: "GetLastError", get: "GetValue", response: "learner_response" }
};
/* What a SCORM 1.2 platform keeps of a text, and a SCORM 2004 one of a short and a long one. */
const LIMITS = { scorm12: { "fill-in": 255, reflection: 255 }, scorm2004: { "fill-in": 250, reflection: 4000 } };
/* In these languages every way is tried, in the others some: formats do not depend on words, but words on languages. */
const THOROUGH = ["en", "ar"];
const SOME = 3;
const BEGIN_MS = Date.UTC(2026, 10, 21, 10);
const HOUR_MS = 3600000;

let tolerant = null;

function openRules() {
    const file = process.env.PROBITY_RULES || path.join(root, "build/browser/rules.js");
    return new Function(fs.readFileSync(file, "utf8") + "\nreturn ProbityRules;")().open();
}

/* A fixed sequence of numbers below a limit. */
function chance(seed) {
    let state = seed;
    return (limit) => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return Math.floor((state / 4294967296) * limit);
    };
}

/* One launch on both platforms; what either refuses stands in `rejected`. */
function openPlatform(dialect, memory) {
    const names = NAMES[dialect];
    const strict = Strict[dialect](memory);
    const other = new tolerant[names.tolerant]({ autocommit: false, logLevel: 5 });
    const rejected = [];
    if (memory) {
        const flat = { ...memory.values };
        memory.interactions.forEach((entry, at) => {
            Object.keys(entry).forEach((key) => {
                flat[`cmi.interactions.${at}.${key}`] = entry[key];
            });
        });
        delete flat["cmi.exit"];
        delete flat["cmi.core.exit"];
        delete flat["cmi.session_time"];
        delete flat["cmi.core.session_time"];
        other.loadFromFlattenedJSON(flat);
    }
    const api = {};
    Object.keys(strict.api).forEach((name) => {
        api[name] = (...given) => {
            const answer = strict.api[name](...given);
            const theirs = other[name](...given);
            if (name !== names.error && name !== names.get && String(theirs) !== "true") {
                rejected.push(["scorm-again", name].concat(given, other[names.error]()));
            }
            return answer;
        };
    });
    return { strict, other, api, rejected: () => rejected.concat(strict.rejected) };
}

class Play {
    constructor(made, course) {
        Object.assign(this, { made, course, memory: null, problems: [], clock: new Clock(BEGIN_MS), answers: 0, calls: 0 });
        this.random = chance(made.name.length * 7919);
        this.rules = openRules();
    }

    async launch() {
        const { made, clock } = this;
        const window = {};
        this.platform = openPlatform(made.dialect, this.memory);
        const view = { [NAMES[made.dialect].api]: this.platform.api };
        view.parent = view;
        const world = {
            view,
            now: () => clock.now(),
            monotonic: () => clock.monotonic,
            random: () => 0.5,
            token: () => "token",
            setTimeout: (action, delay) => clock.after(delay, action, window),
            clearTimeout: (event) => clock.cancel(event),
            indexedDB: null,
            locks: null,
            channel: () => null,
            whenOnline: () => {},
            whenHidden: () => {},
            whenGone: () => {}
        };
        this.probity = load(null, () => this.rules)(world);
        const course = JSON.parse(JSON.stringify(this.course));
        this.launched = this.probity.launch(world, course, this.probity[made.dialect], {
            tell: () => {},
            wait: () => {},
            lead: () => {},
            attached: () => {},
            begin: (keeper) => {
                this.keeper = keeper;
                this.taking = this.probity.openTaking(world, course, keeper, made.language);
            }
        });
        await clock.run(10000);
    }

    async leave() {
        check(`${this.made.name}: it can be left`, await this.launched.leave(false));
        this.problems.push(...this.platform.rejected());
        this.calls += this.platform.strict.calls.length;
        const { values, interactions } = this.platform.strict.committed;
        this.memory = JSON.parse(JSON.stringify({ values, interactions }));
    }

    /* The last of what is recorded, against what has to be. */
    compare(skeleton, given) {
        const { made, platform } = this;
        const record = platform.strict.interactions[platform.strict.interactions.length - 1];
        const accepted = (this.course.accepted || {})[skeleton.id];
        const permille = this.keeper.grade.results[skeleton.id].permille;
        const wanted = expected.of(made.dialect, skeleton, given, accepted, permille);
        const response = record[NAMES[made.dialect].response];
        const pattern = record["correct_responses.0.pattern"];
        const limit = (LIMITS[made.dialect][skeleton.kind] || Infinity);
        const seen = { id: record.id, type: record.type, response, pattern, result: record.result, weighting: record.weighting };
        const isWell =
            record.id === skeleton.id &&
            record.type === wanted.type &&
            record.result === wanted.result &&
            record.weighting === String(skeleton.points) &&
            (wanted.texts ? expected.isTold(made.dialect, response, wanted.texts, made.language, limit) : response === wanted.response) &&
            (wanted.rightTexts
                ? expected.isTold(made.dialect, pattern.replace(/^\{case_matters=(true|false)\}\{order_matters=true\}/, ""), wanted.rightTexts, made.language, limit)
                : pattern === wanted.pattern);
        if (!isWell) {
            this.problems.push(["recorded", seen, "instead of", wanted]);
        }
        if (made.dialect === "scorm2004") {
            const at = platform.strict.interactions.length - 1;
            const theirs = platform.other.GetValue(`cmi.interactions.${at}.learner_response`);
            if (theirs !== response) {
                this.problems.push(["scorm-again keeps", theirs, "of", response]);
            }
        }
    }

    /* A case study is told as the steps and choices on the way; long ones as far as they fit. */
    compareStory(skeleton) {
        const { made, platform } = this;
        const record = platform.strict.interactions[platform.strict.interactions.length - 1];
        const format = made.dialect === "scorm12" ? [",", "."] : ["[,]", "[.]"];
        const letters = this.keeper.learner.answers[skeleton.id].given;
        let step = skeleton.start;
        const way = Array.from(letters).map((letter) => {
            const pair = step + format[1] + letter;
            step = skeleton.steps.find((other) => other.id === step).moves[letter.charCodeAt(0) - 97];
            return pair;
        });
        const told = record[NAMES[made.dialect].response].split(format[0]);
        const isCut = told.length < way.length;
        if (record.type !== "performance" || told.some((pair, at) => pair !== way[at]) || (isCut && way.slice(0, told.length + 1).join(format[0]).length <= 255)) {
            this.problems.push(["recorded", record, "instead of", way]);
        }
    }

    async answer(skeleton, given) {
        const words = this.made.stems[skeleton.id] || "";
        const before = this.platform.strict.interactions.length;
        this.clock.pass(this.random(3) ? 1234 : this.random(40) * HOUR_MS);
        if (skeleton.kind === "scenario") {
            this.taking.moved(skeleton.id, "", words);
            for (let at = 1; at <= given.length; at++) {
                this.taking.moved(skeleton.id, this.probity.exercise.shorten(skeleton, given.slice(0, at)), words);
            }
        } else {
            this.taking.answered(skeleton.id, given, words);
        }
        await this.clock.run(1000);
        this.answers++;
        if (this.platform.strict.interactions.length === before + 1) {
            (skeleton.kind === "scenario" ? this.compareStory(skeleton) : this.compare(skeleton, given));
        } else if (skeleton.kind !== "scenario" && this.made.dialect !== "none") {
            this.problems.push(["not recorded", skeleton.id, given]);
        }
    }

    ways(skeleton) {
        const all = answers.of(this.probity, skeleton, (this.course.accepted || {})[skeleton.id], this.random);
        const isThorough = THOROUGH.includes(this.made.language) && this.made.standard !== "scorm2004-3";
        return isThorough ? all : [all[0]].concat(Array.from({ length: SOME }, () => all[this.random(all.length)]));
    }

    /* Screen after screen, each exercise in every way, the right one last; and another launch after each module. */
    async play() {
        await this.launch();
        let module = "";
        for (const screen of this.course.screens) {
            if (screen.split("/")[0] !== module && module) {
                await this.leave();
                await this.launch();
            }
            module = screen.split("/")[0];
            this.taking.shown(screen);
            await this.clock.run(1000);
            for (const skeleton of this.course.exercises.filter((exercise) => exercise.screen === screen)) {
                for (const given of this.ways(skeleton).reverse()) {
                    await this.answer(skeleton, given);
                }
            }
        }
        await this.leave();
    }
}

exports.run = async () => {
    tolerant = await import("scorm-again");
    const made = packages.make();
    let answered = 0,
        calls = 0;
    const kinds = new Set(),
        audiences = new Set();
    for (const entry of made) {
        const window = {};
        new Function("window", entry.script)(window);
        const { course } = window.Probity;
        course.places = ["_about"].concat(course.screens, "_result");
        course.exercises.forEach((exercise) => kinds.add(exercise.kind));
        audiences.add(course.audience);
        const play = new Play(entry, course);
        await play.play();
        equal(`${entry.name}: nothing is rejected, and all is recorded as it should be`, play.problems.slice(0, 3), []);
        answered += play.answers;
        calls += play.calls;
    }
    equal("every kind was answered", kinds.size, 12);
    check("for more than one audience", audiences.size > 1);
    check("under both standards", new Set(made.map((entry) => entry.standard)).size === 3);
    console.log(`${made.length} packages, ${answered} answers, ${calls} calls`);
};
