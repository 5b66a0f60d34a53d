/* The parts of the player that need no browser: state, formats, dialects against the strict model, words. */
"use strict";
const path = require("path");
const { check, equal } = require("./lib/report");
const Strict = require("../../generator/preview/console/strict");
const profiles = require("../lifecycle/lib/profiles");

global.window = global;
const player = path.join(__dirname, "../../generator/player");
for (const name of ["api", "format", "interaction", "profile", "exercise", "reading", "state", "scorm12", "scorm2004", "words", "session"]) {
    require(path.join(player, name + ".js"));
}
const { Probity } = global;

const chance = require("./lib/random");
const { random, course: randomCourse, answer: randomAnswer, learner: randomLearner } = chance.open(Probity, 20261120);
const { canonical } = chance;

function testState() {
    const { state } = Probity;
    let different = 0,
        undetected = 0,
        longest = 0;
    for (let i = 0; i < 100000; i++) {
        const course = i % 100 ? testState.course : (testState.course = randomCourse(1 + random(i % 1000 ? 8 : 60)));
        const learner = randomLearner(course);
        const text = state.write(course, learner);
        longest = Math.max(longest, text.length);
        const read = state.read(course, text);
        different += read === null || canonical(read) !== canonical(learner) || !/^[\x21-\x7e]*$/.test(text);
        const at = random(text.length),
            flipped = text.charCodeAt(at) ^ (1 << random(7));
        undetected +=
            state.read(course, text.slice(0, at) + String.fromCharCode(flipped) + text.slice(at + 1)) !== null;
        undetected += text.length > 1 && state.read(course, text.slice(0, random(text.length))) !== null;
    }
    equal("100,000 random states come back as they were", different, 0);
    equal("every flipped bit and every cut is noticed", undetected, 0);
    check("60 exercises of every kind fit SCORM 2004", longest < 40000, longest);
    testEveryBit();

    testVersions();

    /* Another version of the course: one exercise and one screen gone, and back again. */
    const course = randomCourse(12);
    const learner = Object.assign(randomLearner(course), { screen: course.screens[3] });
    const shorter = Object.assign({}, course, {
        exercises: course.exercises.slice(1),
        places: course.places.filter((id) => id !== course.screens[0])
    });
    const through = state.read(course, state.write(shorter, state.read(shorter, state.write(course, learner))));
    equal("a removed and returned exercise keeps its answer", canonical(through), canonical(learner));
    check(
        "another course's state is not taken",
        state.read(Object.assign({}, course, { id: "other" }), state.write(course, learner)) === null
    );
    check(
        "an unknown version is not taken",
        state.read(course, "3" + state.write(course, learner).slice(1)) === null
    );

    /* Joining two devices, whichever comes first. */
    let lost = 0,
        unequal = 0;
    for (let i = 0; i < 2000; i++) {
        const left = randomLearner(course),
            right = randomLearner(course);
        right.round = left.round;
        const one = state.merge(left, right),
            two = state.merge(right, left);
        lost += [left, right].some(
            (side) =>
                Object.keys(side.seen).some((id) => !one.seen[id]) ||
                Object.keys(side.answers).some((id) => !one.answers[id]) ||
                (side.passed && !one.passed) ||
                side.bestPermille > one.bestPermille
        );
        unequal += left.change !== right.change && canonical(one) !== canonical(two);
    }
    equal("joining loses nothing", lost, 0);
    equal("joining does not depend on the order", unequal, 0);
}

/* No single bit can change unnoticed. */
function testEveryBit() {
    const { state } = Probity;
    let unnoticed = 0,
        flips = 0;
    for (let i = 0; i < 30; i++) {
        const course = randomCourse(1 + random(12));
        const text = state.write(course, randomLearner(course));
        for (let at = 0; at < text.length; at++) {
            for (let bit = 0; bit < 8; bit++, flips++) {
                const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
                unnoticed += state.read(course, text.slice(0, at) + flipped + text.slice(at + 1)) !== null;
            }
        }
    }
    equal(`each of ${flips} flipped bits is noticed`, unnoticed, 0);
}

/* An older text, and what learners keep when a course is changed: what still fits stays, the rest comes back with it. */
function testVersions() {
    const { state, exercise } = Probity;
    const old = randomCourse(1, ["multiple"]);
    old.exercises[0].choices = ["a", "b", "c"];
    const first = Object.assign(state.create(), { seed: 0, change: 7, answers: { [old.exercises[0].id]: { tries: 2, given: "ac" } } });
    const body = state.write(old, first).split(".").slice(0, -1);
    body[0] = "1";
    body.splice(3, 1);
    const read = state.read(old, withSum(body.join(".") + "."));
    equal("version 1 is read, its seed is 0", read && canonical(read), canonical(first));

    let lost = 0,
        kept = 0,
        resurrected = 0;
    for (let i = 0; i < 3000; i++) {
        const course = randomCourse(2 + random(10));
        const learner = Object.assign(randomLearner(course), { screen: "start" });
        const changed = JSON.parse(JSON.stringify(course));
        const at = random(changed.exercises.length);
        const act = random(5);
        if (act === 0) {
            changed.exercises.splice(at, 1);
        } else if (act === 1) {
            changed.exercises.splice(at, 0, Object.assign({}, randomCourse(1).exercises[0], { id: "added" }));
        } else if (act === 2) {
            changed.exercises.reverse();
        } else if (act === 3) {
            changed.exercises[at] = Object.assign({}, randomCourse(1).exercises[0], { id: changed.exercises[at].id });
        } else if (changed.exercises[at].choices) {
            changed.exercises[at].choices = random(2)
                ? changed.exercises[at].choices.concat("z")
                : changed.exercises[at].choices.slice(0, -1);
        }
        const there = state.read(changed, state.write(course, learner));
        for (const skeleton of changed.exercises) {
            const before = learner.answers[skeleton.id];
            const packed = before && exercise.pack(course.exercises.find((entry) => entry.id === skeleton.id), before.given);
            const fits = before && exercise.unpack(skeleton, packed) !== null && exercise.accepts(skeleton, exercise.unpack(skeleton, packed));
            kept += Boolean(fits);
            lost += Boolean(fits && !there.answers[skeleton.id]);
            resurrected += Boolean(!before && there.answers[skeleton.id]);
        }
        const back = state.read(course, state.write(changed, there));
        lost += state.write(course, learner).length <= 4000 && canonical(back) !== canonical(learner);
    }
    check("many answers fit the changed course", kept > 5000, kept);
    equal("and none of them is lost, there and back", [lost, resurrected], [0, 0]);
}

/* The checksum that the state's texts end with. */
function withSum(body) {
    let crc = ~0;
    for (const letter of body) {
        crc ^= letter.charCodeAt(0);
        for (let bit = 0; bit < 8; bit++) {
            crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
        }
    }
    return body + (~crc >>> 0).toString(36).padStart(7, "0");
}

/* What the build promises about the size of a state (generator/package/state.c) against the text itself. */
function testWorstCase() {
    const { state } = Probity;
    require("./fixture/course.js");
    const course = Object.assign({ places: ["_about", "first/one", "first/two", "_result"] }, Probity.course);
    const worst = Object.assign(state.create(), {
        round: 100000,
        seed: (1 << 20) - 1,
        change: 36 ** 6 - 1,
        screen: "_result",
        passed: true,
        completed: true,
        ended: true,
        bestPermille: 1000,
        seen: { "first/one": true, "first/two": true },
        answers: {
            truth: { tries: 99, given: "b" },
            several: { tries: 99, given: "abc" },
            "one-only": { tries: 99, given: "b" },
            story: { tries: 99, given: "b" }
        }
    });
    /* 81 is what tests/unit/package.c expects of the build; a path ends one choice before its last step. */
    const length = state.write(course, worst).length;
    check("the worst case is within what the build measured, and near it", length <= 81 && length >= 78, length);

    /* Every other kind, answered as long as it can be. */
    const letters = (count) => "abcdefghijklmnop".slice(0, count).split("");
    const kinds = Object.assign({}, course, {
        exercises: [
            { id: "likert", kind: "likert", choices: letters(5) },
            { id: "ordering", kind: "ordering", items: letters(12) },
            { id: "matching", kind: "matching", left: letters(12), targets: letters(16) },
            { id: "fill-in", kind: "fill-in", blanks: letters(10) },
            { id: "numeric", kind: "numeric" },
            { id: "hotspot", kind: "hotspot", multiple: true, choices: letters(6) },
            { id: "reflection", kind: "reflection", size: 600 },
            { id: "attestation", kind: "attestation" }
        ]
    });
    const given = {
        likert: "e",
        ordering: "lkjihgfedcba",
        matching: "pppppppppppp",
        "fill-in": Probity.exercise.blanks(letters(10).map(() => ({ text: "行".repeat(90), isAccepted: true }))),
        numeric: "-999999999.999999",
        hotspot: "abcdef",
        reflection: "行".repeat(200),
        attestation: "2026-11-21"
    };
    kinds.exercises.forEach((skeleton) => check(`${skeleton.id} accepts the longest`, Probity.exercise.accepts(skeleton, given[skeleton.id])));
    worst.answers = Object.fromEntries(Object.keys(given).map((id) => [id, { tries: 99, given: given[id] }]));
    const all = state.write(kinds, worst).length;
    check("so is every other kind's", all <= 1793 && all >= 1780, all);

    /* Walking in circles: what is left of a path is within the bound that the build takes. */
    let tooLong = 0,
        lost = 0;
    for (let i = 0; i < 100; i++) {
        const scenario = randomCourse(8).exercises.find((exercise) => exercise.kind === "scenario");
        if (!scenario) {
            continue;
        }
        let letters = "";
        for (let moves = 0; moves < 60; moves++) {
            const here = Probity.exercise.step(scenario, Probity.exercise.path(scenario, letters).pop());
            if (!here.moves.length) {
                break;
            }
            const before = new Set(Probity.exercise.path(scenario, letters));
            const open = Probity.exercise.openChoices(scenario, letters);
            if (!open) {
                break;
            }
            const next = letters + open[random(open.length)];
            letters = Probity.exercise.shorten(scenario, next);
            const after = new Set(Probity.exercise.path(scenario, letters));
            lost += Array.from(before).some((id) => !after.has(id));
            lost += Probity.exercise.path(scenario, letters).pop() !== Probity.exercise.path(scenario, next).pop();
        }
        tooLong += letters.length > Probity.exercise.movesLimit(scenario);
    }
    equal("no path outgrows its bound", tooLong, 0);
    equal("a shortened path has been everywhere and ends where it did", lost, 0);
}

function testFormats() {
    const { format } = Probity;
    equal("timespan", [0, 0.004, 59.999, 3661.5, 1e9].map(format.timespan), [
        "00:00:00.00",
        "00:00:00.00",
        "00:01:00.00",
        "01:01:01.50",
        "9999:00:00.00"
    ]);
    equal("duration", [0, 0.1, 60, 3661.5, 7200, -5, NaN].map(format.duration), [
        "PT0S",
        "PT0.10S",
        "PT1M",
        "PT1H1M1.50S",
        "PT2H",
        "PT0S",
        "PT0S"
    ]);
    equal("timestamp", format.timestamp(Date.UTC(2026, 10, 20, 10, 0, 0, 259)), "2026-11-20T10:00:00.25Z");
    equal(
        "a timestamp that no platform takes",
        [format.timestamp(Date.UTC(2046, 10, 20)), format.timestamp(-1), format.timestamp(NaN)],
        ["", "", ""]
    );
    equal(
        "percent and ratio",
        [format.percent(857), format.ratio(857), format.percent(1000), format.ratio(0)],
        ["85.7", "0.857", "100", "0"]
    );
    equal(
        "cut",
        [format.cut("abc", 3), format.cut("a\u{1F600}cd", 4), format.cut("a\u{1F600}cd", 3)],
        ["abc", "a\u{1F600}…", "a…"]
    );
}

const ROUNDS = 1500;
/* More answers than a platform must keep: 250. */
const LAUNCH_ROUNDS = 500;

/* Whatever a learner can do, in the words of both standards, before the strict platform. */
async function testDialects(general, profile, limit) {
    /* What is graded is said by the reports here; the profile alone counts. */
    const dialect = general.under({ profile, exercises: [{ points: 1 }] });
    const name = `${dialect.name} ${profile.name}`;
    let platform, session, known, best = 0;
    const begin = async () => {
        platform = Strict[dialect.name]();
        session = await dialect.connect({ view: { [dialect.api]: platform.api }, monotonic: () => 0 });
        known = await session.open();
        check(`${name}: opens`, known && known.isNew && known.mode === "normal" && session.records);
    };
    const end = async () => {
        check(
            `${name}: commit and close`,
            (await session.commit()) && (await session.close()) && !(await session.close())
        );
        equal(`${name}: nothing rejected in ${platform.calls.length} calls`, platform.rejected.slice(0, 5), []);
    };
    for (let i = 0; i < ROUNDS; i++) {
        if (i % LAUNCH_ROUNDS === 0) {
            await (i ? end() : null);
            await begin();
        }
        const course = i % 50 ? testDialects.course : (testDialects.course = randomCourse(1 + random(20)));
        const skeleton = course.exercises[random(course.exercises.length)];
        const given = randomAnswer(skeleton);
        if (given) {
            session.sendInteraction({
                id: skeleton.id,
                kind: skeleton.kind,
                at: random(2000000000) * 1000 + random(1000),
                seconds: random(1e9) / 997,
                weight: skeleton.points,
                given,
                skeleton,
                accepted: random(4) ? Object.fromEntries((skeleton.blanks || []).map((key) => [key, ["礼物 [,] gift", "b"]])) : undefined,
                permille: [0, 1000, random(1001)][random(3)],
                language: ["ar", "zh-Hans", "en"][random(3)],
                words: "س中ё\u{1F600} ".repeat(random(120))
            });
        }
        best = Math.max(best, random(1001));
        session.send(
            dialect.report({
                state: Probity.state.write(course, randomLearner(course)),
                location: course.places[random(course.places.length)],
                seconds: i * 7.123,
                progressPermille: random(1001),
                completed: i > 2 * ROUNDS / 3,
                ungraded: false,
                known,
                isOver: i > 2 * ROUNDS / 3,
                scorePermille: i > ROUNDS / 3 ? best : undefined,
                success: i > 2 * ROUNDS / 3 ? "passed" : i > ROUNDS / 3 ? "failed" : undefined
            })
        );
    }
    await end();
    check(
        `${name}: answers arrived, and no more than platforms keep`,
        profile.sends_optional || dialect.name !== "scorm12"
            ? platform.committed.interactions.length === 250
            : platform.committed.interactions.length === 0,
        platform.committed.interactions.length
    );
    check(`${name}: state within ${limit}`, dialect.stateLimit === limit);
}

/* The model must be able to say no. */
function testStrictness() {
    const no = (name, values) => {
        const platform = Strict[name]();
        const set = platform.api.LMSSetValue || platform.api.SetValue;
        (platform.api.LMSInitialize || platform.api.Initialize)("");
        for (const [element, value] of values) {
            set(element, value);
        }
        check(
            `${name} refuses ${JSON.stringify(values[values.length - 1])}`,
            platform.rejected.length === 1,
            platform.rejected
        );
    };
    no("scorm12", [["cmi.suspend_data", "x".repeat(4097)]]);
    no("scorm12", [["cmi.core.lesson_status", "not attempted"]]);
    no("scorm12", [["cmi.core.exit", "normal"]]);
    no("scorm12", [["cmi.core.score.raw", "101"]]);
    no("scorm12", [["cmi.core.session_time", "PT1S"]]);
    no("scorm12", [["cmi.interactions.1.id", "a"]]);
    no("scorm12", [["cmi.interactions.0.id", "a b"]]);
    no("scorm12", [
        ["cmi.interactions.0.id", "a"],
        ["cmi.interactions.0.result", "incorrect"]
    ]);
    no("scorm12", [
        ["cmi.interactions.0.id", "a"],
        ["cmi.interactions.0.type", "choice"],
        ["cmi.interactions.0.student_response", "a[,]b"]
    ]);
    no("scorm2004", [
        ["cmi.interactions.0.id", "a"],
        ["cmi.interactions.0.result", "wrong"]
    ]);
    no("scorm2004", [
        ["cmi.interactions.0.id", "a"],
        ["cmi.interactions.0.objectives.1.id", "b"]
    ]);
    no("scorm2004", [
        ["cmi.interactions.0.id", "a"],
        ["cmi.interactions.0.type", "fill-in"],
        ["cmi.interactions.0.learner_response", "no language"]
    ]);
    no("scorm2004", [
        ["cmi.interactions.0.id", "a"],
        ["cmi.interactions.0.type", "numeric"],
        ["cmi.interactions.0.correct_responses.0.pattern", "12.5"]
    ]);
    no("scorm2004", [
        ["cmi.interactions.0.id", "a"],
        ["cmi.interactions.0.learner_response", "true"]
    ]);
    no("scorm2004", [
        ["cmi.interactions.0.id", "a"],
        ["cmi.interactions.0.type", "choice"],
        ["cmi.interactions.0.learner_response", "a,b"]
    ]);
    no("scorm2004", [
        ["cmi.interactions.0.id", "a"],
        ["cmi.interactions.0.timestamp", "2026-11-20T10:00:00Z"]
    ]);
    no("scorm2004", [["cmi.session_time", "PT3.123S"]]);
    no("scorm2004", [["cmi.score.scaled", "1.5"]]);
    no("scorm2004", [
        ["cmi.score.scaled", "0.9"],
        ["cmi.success_status", "passed"],
        ["cmi.success_status", "failed"]
    ]);
}

/* Windows as a browser shows them: those of another origin throw at the slightest touch. */
function testDiscovery() {
    const foreign = new Proxy(
        {},
        {
            get() {
                throw new Error("another origin");
            }
        }
    );
    const api = { name: "the platform" };
    const top = { opener: null };
    top.parent = top.top = top;
    const framed = (parent, more) => Object.assign({ parent, top, opener: null }, more);
    const find = (view) => Probity.findApi("API", view);
    equal("in the own window", find(framed(top, { API: api })), api);
    equal(
        "far above",
        find(framed(framed(framed(framed(Object.assign({}, top, { API: api, parent: null })))))),
        api
    );
    equal("nowhere", find(framed(framed(top))), null);
    equal("behind another origin", find(framed(foreign)), null);
    equal("with an opener of another origin", find(framed(top, { opener: foreign })), null);
    equal("in the window that opened it", find(framed(top, { opener: framed(top, { API: api }) })), api);
    equal("above the window that opened it", find(framed(top, { opener: framed(framed(top, { API: api })) })), api);
    const opened = { opener: { API: api } };
    opened.parent = opened.top = opened;
    equal("by the outermost window's opener", find({ parent: opened, top: opened, opener: null }), api);
    const ring = { opener: null };
    ring.parent = framed(ring);
    ring.top = ring;
    equal("not in a circle of windows", find(ring), null);
    equal("a window alone", [Probity.mayHavePlatform(top), Probity.mayHavePlatform(framed(top))], [false, true]);
}

function testWords() {
    const say = (language, pattern, ...values) => Probity.openWords({ key: pattern }, language)("key", ...values);
    equal("plain", say("en", "It''s {0} of {1}", 3, 12), "It's 3 of 12");
    equal(
        "plural",
        [0, 1, 7].map((n) => say("en", "{0, plural, =0 {none} one {# screen} other {# screens}} left", n)),
        ["none left", "1 screen left", "7 screens left"]
    );
    equal(
        "six forms of Arabic",
        [0, 1, 2, 5, 11, 100]
            .map((n) => say("ar", "{0, plural, zero {z} one {o} two {t} few {f} many {m} other {x}}", n))
            .join(""),
        "zotfmx"
    );
    equal(
        "Russian",
        [1, 3, 5, 21].map((n) => say("ru", "{0, plural, one {o} few {f} many {m} other {x}}", n)).join(""),
        "ofmo"
    );
    equal("percent", say("en", "{0, number, percent}", 0.857), "85.7%");
    equal("quoted braces", say("en", "'{'{0}'}'", "x"), "{x}");
}

/* What people type. */
function testReading() {
    const { reading } = Probity;
    const number = (language, ...texts) => texts.map((text) => reading.number(text, language));
    equal("numbers in English", number("en", "12.5", " 1,234 ", "1,234.50", "-0.5", "+7", ".5", "12 days", "1 234"), [
        "12.5",
        "1234",
        "1234.5",
        "-0.5",
        "7",
        "0.5",
        "12",
        "1234"
    ]);
    equal("with a comma where it is usual", number("fr", "12,5", "1 234,5", "1,234", "1.234"), ["12.5", "1234.5", "1.234", "1.234"]);
    equal("in Spanish", number("es", "12,5", "1.234", "1.234,5"), ["12.5", "1234", "1234.5"]);
    equal("in the digits of every script", number("ar", "١٢٫٥", "۱۲.۵", "१२", "-١٢", "−١٬٢٣٤"), ["12.5", "12.5", "12", "-12", "-1234"]);
    equal("full width", number("zh-Hans", "１２．５", "一"), ["12.5", null]);
    equal("what is none", number("en", "", "x", "1-2", "--1", "1e3x1", "2000000000", "."), [null, null, null, null, null, null, null]);
    const accepts = (typed, word, doesCaseCount) => reading.isAccepted(typed, [word], doesCaseCount);
    equal(
        "words as people write them",
        [
            accepts("  ethics\u00a0 OFFICE ", "Ethics Office"),
            accepts("ethics office", "Ethics Office", true),
            accepts("l'été", "l’été"),
            accepts("مـــكتب", "مَكتَب"),
            accepts("ｆｉｖｅ", "five"),
            accepts("", ""),
            accepts("fives", "five")
        ],
        [true, false, true, true, true, false, false]
    );
}

exports.run = async () => {
    testReading();
    testState();
    testWorstCase();
    testFormats();
    for (const profile of Object.values(profiles)) {
        await testDialects(Probity.scorm12, profile, 4096);
        await testDialects(Probity.scorm2004, profile, 64000);
    }
    testStrictness();
    testDiscovery();
    testWords();
};
