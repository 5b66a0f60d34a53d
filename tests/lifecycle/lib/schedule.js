/*
 * One schedule: a learner with a course on one or two devices, a platform, and what goes wrong. Everything follows from
 * its number. It says what was broken, or nothing:
 *
 *   - no answer is lost that the player called saved, or that stood in the journal, on the same device;
 *   - what the platform says when a launch begins, of any device's progress, of a pass or a score, the launch knows;
 *   - an attempt that the office has reset begins empty, and what this device has of the former one stays aside;
 *   - "saved" is said only of what the platform has stored, where the platform does not lie;
 *   - status and score never go back on the platform, and a pass stays;
 *   - no call is rejected; Terminate comes once and nothing after it;
 *   - one window at a time talks to the platform;
 *   - a review writes nothing, here or there;
 *   - when the faults end, everything is saved.
 */
"use strict";
const { Clock } = require("./clock");
const { Disk, Locks, Channels } = require("./storage");
const { Platform } = require("./platform");
const { Watch } = require("./watch");
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
        this.channels = new Channels(schedule.clock, schedule.random);
        this.mendedAt = -1;
        /* The attempts of which the journal had nothing outstanding when the office reset them. */
        this.settled = [];
        /* What must be there at the next launch: snapshots of the learner. */
        this.confirmed = [];
    }
}

class Schedule extends Watch {
    constructor(seed, makePlayer) {
        super();
        this.seed = seed;
        this.makePlayer = makePlayer;
        this.random = generator(seed);
        this.clock = new Clock(START);
        this.standard = this.random(2) ? "scorm12" : "scorm2004";
        this.platform = new Platform(this.standard, this.clock, (problem) => this.complain(problem));
        this.platform.whenCalled = (call, launch) => {
            this.note("  " + call);
            this.count("calls");
            this.checkOneTalks(launch);
        };
        this.versions = Course.versions(this.random);
        this.devices = [new Device(this), new Device(this)];
        this.device = this.devices[0];
        this.windows = [];
        this.isReset = false;
        this.tokens = 0;
        for (const device of this.devices) {
            device.disk.whenWritten = (key, text, window) => {
                if (text && !key.startsWith("lease/") && window.keeper && !window.isReview) {
                    this.confirm(device, this.read(window, JSON.parse(text).state), false, key.endsWith("/"));
                }
            };
        }
    }

    open() {
        const { random, clock, device, platform } = this;
        const isReview = random(15) === 0;
        const window = { device, isReview, startedAt: this.clock.monotonic, listeners: { online: [], hidden: [], gone: [] }, status: "" };
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
            channel: device.channels.for(window),
            locks: device.hasLocks ? device.locks.for(window) : null,
            whenOnline: (action) => window.listeners.online.push(action),
            whenHidden: (action) => window.listeners.hidden.push(action),
            whenGone: (action) => window.listeners.gone.push(action)
        };
        window.probity = this.makePlayer(window.world);
        this.note(`open window on device ${this.devices.indexOf(device)}${isReview ? " in review" : ""}`);
        this.count("launches");
        this.count(isReview ? "reviews" : `under ${this.standard}`);
        if (this.windows.length) {
            this.count("second windows");
        }
        const before = isReview && JSON.stringify([this.platform.stored, Array.from(device.disk.entries)]);
        window.player = window.probity.launch(window.world, window.course, window.probity[this.standard], {
            tell: (status) => this.hear(window, status),
            wait: () => {
                window.isWaiting = true;
                this.count("windows that wait");
            },
            lead: () => {
                window.isWaiting = false;
            },
            begin: (keeper, known) => {
                window.known = known;
                this.wasBlind = this.wasBlind || !known;
                window.keeper = keeper;
                keeper.whenFormer = () => this.settleFormer(window);
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

    /* Only the learner knows whether the office has begun the course anew. */
    settleFormer(window) {
        const { keeper } = window;
        if (keeper.former().length && !window.isReview && !window.isDead) {
            this.hasDropped = this.isReset;
            keeper.settleFormer(!this.isReset);
        }
    }

    begun(window) {
        if (window.isDead) {
            return;
        }
        const { keeper, device } = window;
        this.note(`begun with ${JSON.stringify(Schedule.snapshot(keeper.learner))}, ${keeper.former().length} former`);
        if (window.known && !window.isReview) {
            this.checkReset(window);
            this.checkKnown(window);
        }
        this.settleFormer(window);
        this.isReset = false;
        window.wasUnreadable = !this.couldRead(window);
        /*
         * What this device has kept, where it could be read: what was put down without a platform while the disk was
         * broken comes with the next launch.
         */
        if (this.couldRead(window) && !window.isReview && window.known && !(window.isLate && this.wasBlind)) {
            this.checkNothingLost(window, "at the launch", window.startedAt);
        }
    }

    hear(window, status) {
        window.status = status;
        if (window.isDead || status !== "saved" || !window.keeper || window.isReview) {
            return;
        }
        this.note("saved");
        this.count("saved");
        const { keeper, device } = window;
        const { faults, state } = this.platform;
        if (!this.hasLied && !faults.lies && faults.truncates === undefined && !this.hasStored(window, state)) {
            this.complain(`called saved: ${JSON.stringify(Schedule.snapshot(keeper.learner))}, stored: ${state}`);
        }
        this.confirm(device, Schedule.snapshot(keeper.learner), this.isDiskBroken);
    }

    isFrozen(window) {
        return window.frozenUntil > this.clock.monotonic;
    }

    get active() {
        return this.windows.filter(
            (window) => window.keeper && !window.isWaiting && !window.isLeft && !this.isFrozen(window)
        );
    }

    end(window, isKilled) {
        this.count(isKilled ? "kills" : "closings");
        if (!isKilled && !this.isFrozen(window)) {
            window.listeners.gone.forEach((action) => action());
        }
        window.isDead = window.launch.isGone = true;
        this.clock.forget(window);
        window.device.disk.forget(window);
        window.device.locks.forget(window);
        window.device.channels.forget(window);
        this.windows = this.windows.filter((other) => other !== window);
        this.checkWindow(window);
    }

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
        this.count("answers");
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

    breakPlatform() {
        const { faults } = this.platform;
        const kind = ["commit", "lies", "truncates", "drops", "throws", "slow", "missing", "closed", "eager", "expired", "terminate"][
            this.random(11)
        ];
        faults[kind] = { truncates: 20 + this.random(40), slow: [300, 5000, 30000][this.random(3)] }[kind] || true;
        this.hasLied = this.hasLied || kind === "lies" || kind === "truncates";
        this.note(`platform: ${kind}`);
        this.count("platform faults");
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
        this.count("disk faults");
    }

    /* Between launches: the office begins anew or grants a pass, or the platform goes back to a copy of yesterday. */
    changeStored() {
        const kind = this.random(3);
        if (kind === 0) {
            this.note("the office resets the attempt");
            this.count("resets");
            for (const device of this.devices) {
                device.settled = this.settledAttempts(device);
                device.confirmed = [];
            }
            this.platform.stored = null;
            this.isReset = true;
            this.hasDropped = false;
            this.hasLied = true;
            this.history.clear();
        } else if (kind === 1 && this.platform.stored) {
            this.note("the office grants a pass");
            this.count("passes granted");
            this.platform.grant();
        } else if (this.copy !== undefined) {
            this.note("the platform is restored from a copy");
            this.count("restored copies");
            this.platform.stored = this.copy;
            this.hasLied = true;
        }
        this.copy = this.platform.stored;
    }

    /* A tab in the background, without locks, which would keep it awake. */
    freeze(window) {
        const { device } = window;
        const { running, waiting } = device.disk;
        if (device.hasLocks || [running].concat(waiting).some((transaction) => transaction && transaction.owner === window)) {
            return;
        }
        window.frozenUntil = this.clock.monotonic + [5000, 20000, 100000][this.random(3)];
        this.wasBlind = true;
        this.note("freeze");
        this.count("frozen windows");
    }

    mendDisk(device) {
        if (Object.keys(device.disk.faults).length) {
            device.disk.faults = {};
            device.mendedAt = this.clock.monotonic;
            this.note("disk mended");
        }
    }

    async step() {
        const { random, clock } = this;
        const kind = random(100);
        const [window] = this.active;
        if (!this.windows.length) {
            this.device = random(4) ? this.devices[0] : this.devices[1];
            if (random(6) === 0) {
                this.changeStored();
            }
            this.open();
        } else if (kind < 58 && window) {
            this.learn(window);
        } else if (kind >= 58 && kind < 60) {
            this.freeze(this.windows[random(this.windows.length)]);
        } else if (kind < 67) {
            const victim = this.windows[random(this.windows.length)];
            this.note("kill");
            this.end(victim, true);
        } else if (kind < 71) {
            this.note("close");
            this.end(this.windows[random(this.windows.length)], false);
        } else if (kind < 74 && window) {
            await this.leave(window);
        } else if (kind < 78 && this.windows.length < 2 && (this.device.hasLocks || !this.isDiskBroken)) {
            this.open();
        } else if (kind < 86) {
            this.breakPlatform();
        } else if (kind < 90) {
            this.mendPlatform();
        } else if (kind < 94 && (this.device.hasLocks || this.windows.length < 2)) {
            this.breakDisk();
        } else if (kind < 96) {
            this.mendDisk(this.device);
        } else if (kind < 98) {
            clock.offset += (random(2) ? 1 : -1) * [HOUR, TEN_YEARS][random(2)];
            this.note("the clock is set");
            this.count("clocks set");
        } else if (kind < 99) {
            clock.pass(8 * HOUR);
            this.note("the laptop sleeps");
            this.count("sleeps");
        } else {
            this.windows
                .filter((each) => !this.isFrozen(each))
                .forEach((each) => each.listeners.online.forEach((action) => action()));
        }
        await clock.run([0, 2, 8, 30, 300, 4000, 70000][random(random(8) ? 5 : 7)]);
    }

    /* The faults end: everything that has to be there comes to the platform. */
    async finish() {
        this.mendPlatform();
        for (const device of this.devices) {
            this.mendDisk(device);
        }
        for (const window of this.windows) {
            window.frozenUntil = 0;
        }
        await this.clock.run(150000);
        for (const window of this.active) {
            /* Also what could not be read when the launch began. */
            if (window.known && !window.isReview && !window.launch.terminated) {
                this.checkNothingLost(window, "when the faults ended");
            }
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

module.exports = { Schedule };
