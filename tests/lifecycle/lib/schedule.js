/*
 * One schedule: a learner with a course on one or two devices, a platform, and what goes wrong. Everything follows from
 * its number. It says what was broken, or nothing:
 *
 *   - no answer is lost that the player called saved, or that stood in the journal, on the same device;
 *   - "saved" is said only of what the platform has stored, where the platform does not lie;
 *   - status and score never go back on the platform, and a pass stays;
 *   - no call is rejected; Terminate comes once and nothing after it;
 *   - one window at a time talks to the platform;
 *   - a review writes nothing, here or there;
 *   - when the faults end, everything is saved.
 */
"use strict";
const { Clock } = require("./clock");
const { Disk, Locks } = require("./storage");
const { Platform, STATE } = require("./platform");
const Course = require("./course");

const START = Date.UTC(2026, 10, 21, 10);
const TEN_YEARS = 10 * 365.25 * 24 * 3600 * 1000;
const HOUR = 3600 * 1000;

function generator(seed) {
    let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
    return (limit) => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
    };
}

class Device {
    constructor(schedule) {
        this.disk = new Disk(schedule.clock, schedule.random);
        this.locks = new Locks(schedule.clock);
        this.hasLocks = schedule.random(3) > 0;
        /* What must be there at the next launch: snapshots of the learner. */
        this.confirmed = [];
    }
}

class Schedule {
    constructor(seed, makePlayer) {
        this.seed = seed;
        this.makePlayer = makePlayer;
        this.random = generator(seed);
        this.clock = new Clock(START);
        this.problems = [];
        this.trace = [];
        this.standard = this.random(2) ? "scorm12" : "scorm2004";
        this.platform = new Platform(this.standard, this.clock, (problem) => this.complain(problem));
        this.platform.whenCalled = (call) => this.note("  " + call);
        this.versions = Course.versions(this.random);
        this.devices = [new Device(this), new Device(this)];
        this.device = this.devices[0];
        this.windows = [];
        this.isReset = false;
        this.history = new Map();
        this.tokens = 0;
        for (const device of this.devices) {
            device.disk.whenWritten = (key, text, window) => {
                if (text && !key.startsWith("lease/") && window.keeper && !window.isReview) {
                    this.confirm(device, this.read(window, JSON.parse(text).state));
                }
            };
        }
    }

    complain(problem) {
        this.problems.push(problem);
        this.trace.push("PROBLEM " + problem);
    }

    note(what) {
        this.trace.push(`${Math.round(this.clock.monotonic)} ${what}`);
    }

    /* ---- What has to be there ---- */

    read(window, text) {
        const learner = text ? window.probity.state.read(window.course, text) : null;
        return learner && Schedule.snapshot(learner);
    }

    static snapshot(learner) {
        return JSON.parse(
            JSON.stringify({
                round: learner.round,
                answers: learner.answers,
                seen: Object.keys(learner.seen),
                passed: learner.passed,
                best: learner.bestPermille
            })
        );
    }

    confirm(device, snapshot, isOffDisk) {
        if (snapshot) {
            snapshot.isOffDisk = isOffDisk;
            device.confirmed = [snapshot].concat(device.confirmed.slice(0, 5));
        }
    }

    /* The order in which the learner gave the answers to one exercise in one round. */
    remember(learner, id) {
        const key = `${learner.round}/${id}`;
        const { tries, given } = learner.answers[id];
        this.history.set(key, (this.history.get(key) || []).concat(`${tries}:${given}`));
    }

    order(round, id, answer) {
        return (this.history.get(`${round}/${id}`) || []).lastIndexOf(`${answer.tries}:${answer.given}`);
    }

    /* What of the snapshot `learner` lacks, or "". */
    lacks(window, learner, snapshot) {
        if (snapshot.passed && !learner.passed) {
            return "the pass";
        }
        if (learner.bestPermille < snapshot.best) {
            return "the best score";
        }
        if (learner.round < snapshot.round) {
            return "the round";
        }
        if (learner.round > snapshot.round) {
            return "";
        }
        const { course } = window;
        const screen = snapshot.seen.find((id) => course.screens.includes(id) && !learner.seen[id]);
        if (screen) {
            return `the screen ${screen}`;
        }
        for (const { id } of course.exercises) {
            const before = snapshot.answers[id],
                now = learner.answers[id];
            const isOlder =
                before &&
                (!now ||
                    now.tries < before.tries ||
                    (!this.hasBranches && this.order(snapshot.round, id, now) < this.order(snapshot.round, id, before)));
            if (isOlder) {
                return `${id}: ${JSON.stringify(before)}, has ${JSON.stringify(now)}`;
            }
        }
        return "";
    }

    checkNothingLost(window, when) {
        const { learner } = window.keeper;
        const foreign = Object.keys(learner.answers).find((id) => this.order(learner.round, id, learner.answers[id]) < 0);
        if (foreign && this.hasDropped && !this.hasBranches) {
            this.complain(`${when}: has ${foreign} of the attempt before`);
        }
        for (const snapshot of window.device.confirmed) {
            /* Against a platform that lies and a device that keeps nothing there is no help. */
            const lost = snapshot.isOffDisk && this.hasLied ? "" : this.lacks(window, learner, snapshot);
            if (lost) {
                this.complain(`${when}: lost ${lost}`);
                return;
            }
        }
    }

    /* ---- Windows ---- */

    /* Whether two launches may not have known of each other: then the more often tried answer counts. */
    get hasBranches() {
        return this.devices.every((device) => device.isUsed) || this.wasBlind;
    }

    open() {
        const { random, clock, device, platform } = this;
        const isReview = random(15) === 0;
        const window = { device, isReview, listeners: { online: [], hidden: [], gone: [] }, status: "" };
        const overrides = isReview
            ? this.standard === "scorm12"
                ? { [`cmi.core.${["lesson_mode", "credit"][random(2)]}`]: "" }
                : { [`cmi.${["mode", "credit"][random(2)]}`]: "" }
            : null;
        if (overrides) {
            const [name] = Object.keys(overrides);
            overrides[name] = /credit/.test(name) ? "no-credit" : "review";
        }
        device.isUsed = true;
        window.launch = platform.launch(overrides, random(2) === 1);
        window.course = JSON.parse(JSON.stringify(this.versions[random(3) ? 0 : random(3)]));
        window.world = {
            view: window.launch.view,
            now: () => clock.now(),
            monotonic: () => clock.monotonic,
            random: () => random(1 << 20) / (1 << 20),
            token: () => `t${this.tokens++}`,
            setTimeout: (action, delay) => clock.after(delay, action, window),
            clearTimeout: (event) => clock.cancel(event),
            indexedDB: device.disk.for(window),
            locks: device.hasLocks ? device.locks.for(window) : null,
            whenOnline: (action) => window.listeners.online.push(action),
            whenHidden: (action) => window.listeners.hidden.push(action),
            whenGone: (action) => window.listeners.gone.push(action)
        };
        window.probity = this.makePlayer(window.world);
        this.note(`open window on device ${this.devices.indexOf(device)}${isReview ? " in review" : ""}`);
        const before = isReview && JSON.stringify([this.platform.stored, Array.from(device.disk.entries)]);
        window.player = window.probity.launch(window.world, window.course, window.probity[this.standard], {
            tell: (status) => this.hear(window, status),
            wait: () => {
                window.isWaiting = true;
            },
            lead: () => {
                window.isWaiting = false;
            },
            begin: (keeper, known) => {
                window.known = known;
                this.wasBlind = this.wasBlind || !known;
                window.keeper = keeper;
                window.taking = window.probity.openTaking(window.world, window.course, keeper, "en");
                window.isWaiting = false;
                window.wasBegun = true;
                this.begun(window);
            },
            attached: (known) => {
                window.known = known;
                window.isLate = true;
                this.begun(window);
            }
        });
        window.reviewOf = before;
        this.windows.push(window);
        return window;
    }

    begun(window) {
        if (window.isDead) {
            return;
        }
        const { keeper, device } = window;
        const formers = keeper.former().length;
        this.note(`begun with ${JSON.stringify(Schedule.snapshot(keeper.learner))}, ${formers} former`);
        if (formers && !window.isReview) {
            /* Only the learner knows whether the office has begun the course anew. */
            this.hasDropped = this.isReset;
            keeper.settleFormer(!this.isReset);
        }
        this.isReset = false;
        /* What was put down without a platform while the disk was broken comes with the next launch. */
        if (!this.isDiskBroken && !window.isReview && window.known && !(window.isLate && this.wasBlind)) {
            this.checkNothingLost(window, "at the launch");
        }
    }

    hear(window, status) {
        window.status = status;
        if (window.isDead || status !== "saved" || !window.keeper || window.isReview) {
            return;
        }
        this.note("saved");
        const { keeper, device } = window;
        const { faults, state } = this.platform;
        if (!this.hasLied && !faults.lies && faults.truncates === undefined) {
            const has = this.read(window, state);
            const lost = has ? "" : "everything";
            if (lost || this.lacksText(window, keeper.learner, state)) {
                this.complain(`called saved: ${JSON.stringify(Schedule.snapshot(keeper.learner))}, stored: ${state}`);
            }
        }
        this.confirm(device, Schedule.snapshot(keeper.learner), this.isDiskBroken);
    }

    lacksText(window, learner, state) {
        return window.probity.state.write(window.course, learner) !== state;
    }

    get isDiskBroken() {
        return Object.keys(this.device.disk.faults).length > 0;
    }

    get active() {
        return this.windows.filter((window) => window.keeper && !window.isWaiting && !window.isLeft);
    }

    end(window, isKilled) {
        if (!isKilled) {
            window.listeners.gone.forEach((action) => action());
        }
        window.isDead = window.launch.isGone = true;
        this.clock.forget(window);
        window.device.disk.forget(window);
        window.device.locks.forget(window);
        this.windows = this.windows.filter((other) => other !== window);
        this.checkWindow(window);
    }

    checkWindow(window) {
        const { log } = window.launch;
        if (window.isReview && log.some(([action]) => action === "set" || action === "commit")) {
            this.complain("a review wrote to the platform");
        }
        if (log.filter(([action]) => action === "terminate").length > 1) {
            this.complain("Terminate more than once");
        }
        if (!window.wasBegun && log.some(([action]) => action !== "initialize" && action !== "get")) {
            /* Begun is told a moment after the first values are set. */
            window.wasBegun = true;
        }
    }

    checkOneTalks() {
        const open = this.windows.filter((window) => window.launch.isOpen && window.device.hasLocks);
        for (const device of this.devices) {
            if (open.filter((window) => window.device === device).length > 1) {
                this.complain("two windows talk to the platform");
            }
        }
    }

    /* ---- What the learner does ---- */

    answer(window) {
        const { keeper, course, probity, taking } = window;
        const { learner } = keeper;
        const skeleton = course.exercises[this.random(course.exercises.length)];
        const { id } = skeleton;
        const before = learner.answers[id];
        if (skeleton.kind === "scenario") {
            const path = before ? before.given : "";
            const here = probity.exercise.step(skeleton, probity.exercise.path(skeleton, path).pop());
            const given = here.moves.length
                ? probity.exercise.shorten(skeleton, path + Course.LETTERS[this.random(here.moves.length)])
                : "";
            taking.moved(id, given, "Words");
        } else {
            taking.answered(id, Course.answer(this.random, skeleton), "Words");
        }
        this.remember(learner, id);
        this.note(`answer ${id} ${learner.answers[id].given}`);
    }

    show(window) {
        const { course, taking } = window;
        const id = course.places[this.random(course.places.length)];
        this.note(`show ${id}`);
        taking.shown(id);
    }

    learn(window) {
        const kind = this.random(20);
        const { keeper } = window;
        const isGraded = window.course.exercises.some(({ points }) => points > 0);
        if (kind < 11) {
            this.answer(window);
        } else if (kind < 17) {
            this.show(window);
        } else if (kind === 17 && isGraded && keeper.grade.completed && !keeper.learner.passed) {
            this.note("end");
            keeper.end();
        } else if (kind === 18 && isGraded && keeper.grade.answered) {
            this.note("restart");
            keeper.restart();
        } else {
            this.note("hide");
            window.listeners.hidden.forEach((action) => action());
        }
    }

    async leave(window) {
        const isUrgent = this.random(2) === 1;
        this.note("leave");
        window.player.leave(isUrgent).then((isLeft) => {
            window.isLeft = isLeft || isUrgent;
        });
    }

    /* ---- What goes wrong ---- */

    breakPlatform() {
        const { faults } = this.platform;
        const kind = ["commit", "lies", "truncates", "drops", "throws", "slow", "missing", "closed", "eager", "expired", "terminate"][
            this.random(11)
        ];
        faults[kind] = { truncates: 20 + this.random(40), slow: [300, 5000, 30000][this.random(3)] }[kind] || true;
        this.hasLied = this.hasLied || kind === "lies" || kind === "truncates";
        this.note(`platform: ${kind}`);
    }

    mendPlatform() {
        for (const name of Object.keys(this.platform.faults)) {
            delete this.platform.faults[name];
        }
        this.note("platform mended");
    }

    breakDisk() {
        const kind = ["throws", "error", "silent", "quota", "slow"][this.random(5)];
        this.wasBlind = true;
        this.device.disk.faults = { [kind]: kind === "slow" ? 900 : true };
        this.note(`disk: ${kind}`);
    }

    /* Between launches: the office begins anew, or the platform goes back to a copy of yesterday. */
    changeStored() {
        if (this.random(2)) {
            this.note("the office resets the attempt");
            this.platform.stored = null;
            this.isReset = true;
            this.hasDropped = false;
            this.hasLied = true;
            this.history.clear();
            for (const device of this.devices) {
                device.confirmed = [];
            }
        } else if (this.copy !== undefined) {
            this.note("the platform is restored from a copy");
            this.platform.stored = this.copy;
            this.hasLied = true;
        }
        this.copy = this.platform.stored;
    }

    async step() {
        const { random, clock } = this;
        const kind = random(100);
        const [window] = this.active;
        if (!this.windows.length) {
            this.device = random(6) ? this.devices[0] : this.devices[1];
            if (random(12) === 0) {
                this.changeStored();
            }
            this.open();
        } else if (kind < 60 && window) {
            this.learn(window);
        } else if (kind < 68) {
            const victim = this.windows[random(this.windows.length)];
            this.note("kill");
            this.end(victim, true);
        } else if (kind < 72) {
            this.note("close");
            this.end(this.windows[random(this.windows.length)], false);
        } else if (kind < 75 && window) {
            await this.leave(window);
        } else if (kind < 79 && this.windows.length < 2 && (this.device.hasLocks || !this.isDiskBroken)) {
            this.open();
        } else if (kind < 87) {
            this.breakPlatform();
        } else if (kind < 91) {
            this.mendPlatform();
        } else if (kind < 93 && (this.device.hasLocks || this.windows.length < 2)) {
            this.breakDisk();
        } else if (kind < 95) {
            this.wasBlind = true;
        this.device.disk.faults = {};
            this.note("disk mended");
        } else if (kind < 97) {
            clock.offset += (random(2) ? 1 : -1) * [HOUR, TEN_YEARS][random(2)];
            this.note("the clock is set");
        } else if (kind < 98) {
            clock.pass(8 * HOUR);
            this.note("the laptop sleeps");
        } else {
            this.windows.forEach((each) => each.listeners.online.forEach((action) => action()));
        }
        await clock.run([0, 2, 8, 30, 300, 4000, 70000][random(random(8) ? 5 : 7)]);
        this.checkOneTalks();
    }

    /* The faults end: everything that has to be there comes to the platform. */
    async finish() {
        this.mendPlatform();
        for (const device of this.devices) {
            device.disk.faults = {};
        }
        await this.clock.run(150000);
        for (const window of this.active) {
            const isSafe = window.status === (window.launch.terminated ? "local" : "saved");
            if (!window.isReview && !isSafe && window.status !== "saved") {
                this.complain(`not saved when the faults ended: ${window.status}`);
            }
        }
        for (const window of this.windows.slice()) {
            this.end(window, this.random(2) === 1);
        }
        for (const device of this.devices.filter(({ isUsed }) => isUsed)) {
            this.device = device;
            let window = this.open();
            while (window.isReview) {
                this.end(window, true);
                window = this.open();
            }
            await this.clock.run(120000);
            if (!window.keeper || window.status !== "saved") {
                this.complain(`not saved in the end: ${window.status}`);
                return;
            }
            this.checkNothingLost(window, "in the end");
            const { learner } = window.keeper;
            if ((learner.change || this.platform.state) && this.lacksText(window, learner, this.platform.state)) {
                this.complain(`stored in the end: ${this.platform.state}`);
            }
            this.checkVerdict(learner);
            this.end(window, false);
        }
    }

    checkVerdict(learner) {
        const { values } = this.platform.stored;
        const status = this.standard === "scorm12" ? values["cmi.core.lesson_status"] : values["cmi.success_status"];
        const score = this.standard === "scorm12" ? Number(values["cmi.core.score.raw"]) * 10 : Number(values["cmi.score.scaled"]) * 1000;
        if (learner.passed && (status !== "passed" || Math.round(score) !== learner.bestPermille)) {
            this.complain(`passed with ${learner.bestPermille}, stored: ${status} ${score}`);
        }
    }

    async run() {
        for (let steps = 6 + this.random(14); steps > 0 && !this.problems.length; steps--) {
            await this.step();
        }
        if (!this.problems.length) {
            await this.finish();
        }
        return this.problems;
    }
}

module.exports = { Schedule, STATE };
