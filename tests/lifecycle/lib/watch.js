/*
 * What has to be there and what must not happen, whatever goes wrong: the memory and the questions of a schedule, whose
 * head lists them.
 */
"use strict";
const { STATE } = require("./platform");

class Watch {
    /* Gives `problems`, `trace`, `counts`, `history` of answers; the rest of a schedule is schedule.js's. */
    constructor() {
        this.problems = [];
        this.trace = [];
        this.counts = {};
        this.history = new Map();
    }

    complain(problem) {
        this.problems.push(problem);
        this.trace.push("PROBLEM " + problem);
    }

    count(what) {
        this.counts[what] = (this.counts[what] || 0) + 1;
    }

    note(what) {
        this.trace.push(`${Math.round(this.clock.monotonic)} ${what}`);
    }

    read(window, text) {
        const learner = text ? window.probity.state.read(window.course, text) : null;
        return learner && Watch.snapshot(learner);
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

    /* `isAnonymous`: kept while no platform said whose it is. */
    confirm(device, snapshot, isOffDisk, isAnonymous) {
        if (snapshot) {
            snapshot.isOffDisk = isOffDisk;
            snapshot.isAnonymous = isAnonymous;
            snapshot.at = this.clock.monotonic;
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

    /* `until`: what was kept from then on another window may have kept after this one had begun to read. */
    checkNothingLost(window, when, until = Infinity) {
        const { learner } = window.keeper;
        const foreign = Object.keys(learner.answers).find((id) => this.order(learner.round, id, learner.answers[id]) < 0);
        if (foreign && this.hasDropped && !this.hasBranches) {
            this.complain(`${when}: has ${foreign} of the attempt before`);
        }
        /* What was kept without a platform is looked for when a launch begins: where it could not be read, by the next. */
        const isDue = ({ at, isAnonymous }) => at < until && !(isAnonymous && window.wasUnreadable);
        for (const snapshot of window.device.confirmed.filter(isDue)) {
            /* Against a platform that lies and a device that keeps nothing there is no help. */
            const lost = snapshot.isOffDisk && this.hasLied ? "" : this.lacks(window, learner, snapshot);
            if (lost) {
                this.complain(`${when}: lost ${lost}`);
                return;
            }
        }
    }

    /* Whether two launches may not have known of each other: then the more often tried answer counts. */
    get hasBranches() {
        return this.devices.every((device) => device.isUsed) || this.wasBlind;
    }

    /* Whether this device's storage was in order since the window began to use it. */
    couldRead(window) {
        return !this.isDiskBroken && window.device.mendedAt < window.startedAt;
    }

    /* What the platform said when this launch began. */
    checkKnown(window) {
        const { keeper, launch } = window;
        const { passed, best } = this.platform.verdict(launch.loaded);
        const state = this.read(window, launch.loaded[STATE]);
        const { learner } = keeper;
        if (passed && !learner.passed) {
            this.complain("the platform knows a pass, the launch does not");
        } else if (best > learner.bestPermille) {
            this.complain("the platform knows a better score than the launch");
        } else if (state && this.lacks(window, learner, state)) {
            this.complain(`the platform knows ${this.lacks(window, learner, state)}, the launch does not`);
        } else if (state) {
            this.count("launches that go on from the platform's state");
        }
    }

    /* After a reset nothing of the former attempt is there until the learner wants it. */
    checkReset(window) {
        const { device, launch, keeper } = window;
        const { learner } = keeper;
        const { settled } = device;
        device.settled = [];
        /* Another device that had not told everything may have brought it back. */
        if (!settled.length || settled.includes(Watch.attempt(launch.loaded[STATE])) || !this.couldRead(window)) {
            return;
        }
        const state = this.read(window, launch.loaded[STATE]);
        const kept = Object.keys(learner.answers).find(
            (id) => this.order(learner.round, id, learner.answers[id]) < 0 && !(state && state.answers[id])
        );
        const { passed } = this.platform.verdict(launch.loaded);
        this.count("launches after a reset");
        if (kept || (learner.passed && !passed && !(state && state.passed))) {
            this.complain(`kept of an attempt that the office has reset: ${kept || "the pass"}`);
        } else if (!keeper.former().length) {
            this.complain("a former attempt is not offered");
        }
    }

    /* Nothing where nothing was done; the very text, or, where another launch has stored since, all that is in it. */
    hasStored(window, state) {
        const { keeper, course, probity, launch } = window;
        if (!keeper.learner.change || !this.lacksText(window, keeper.learner, state)) {
            return true;
        }
        const stored = probity.state.read(course, state);
        return Boolean(stored) && this.platform.storedBy !== launch && probity.entries.covers(stored, keeper.learner);
    }

    lacksText(window, learner, state) {
        return window.probity.state.write(window.course, learner) !== state;
    }

    get isDiskBroken() {
        return Object.keys(this.device.disk.faults).length > 0;
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

    /* `launch` makes a call. */
    checkOneTalks(launch) {
        const caller = this.windows.find((window) => window.launch === launch);
        if (caller && caller.isWaiting && caller.device.hasLocks) {
            /* It leads from now on, and reads the journal next. */
            caller.startedAt = this.clock.monotonic;
        }
        const other =
            caller &&
            caller.device.hasLocks &&
            this.windows.find(
                (window) => window !== caller && window.device === caller.device && window.launch.isOpen && !window.isLeft
            );
        if (other) {
            this.complain("two windows talk to the platform");
        }
    }

    /* The attempts on this device, where of none of them anything is outstanding: else that goes on. */
    settledAttempts(device) {
        const entries = Array.from(device.disk.entries)
            .filter(([key]) => !key.startsWith("lease/"))
            .map(([, text]) => JSON.parse(text));
        return entries.every(({ isSettled }) => isSettled)
            ? entries.filter(({ state }) => state).map(({ state }) => Watch.attempt(state))
            : [];
    }

    /* What in a state's text tells one attempt from another: its seed. */
    static attempt(text) {
        return (text || "").split(".")[3];
    }

    checkVerdict(learner) {
        const { values } = this.platform.stored;
        const status = this.standard === "scorm12" ? values["cmi.core.lesson_status"] : values["cmi.success_status"];
        const score = this.standard === "scorm12" ? Number(values["cmi.core.score.raw"]) * 10 : Number(values["cmi.score.scaled"]) * 1000;
        if (learner.passed && (status !== "passed" || Math.round(score) !== learner.bestPermille)) {
            this.complain(`passed with ${learner.bestPermille}, stored: ${status} ${score}`);
        }
    }
}

module.exports = { Watch };
