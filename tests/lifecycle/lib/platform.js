/*
 * A learning platform with faults: the strict model (generator/preview/console/strict.js) for each launch, over what the
 * platform has stored. `stored` is what survives; everything that a launch says goes through the strict model, so that
 * what it rejects is a fault of the player.
 *
 * `faults`, any of them, at any time:
 *   commit      "false" and nothing stored                 lies        "true" and nothing stored
 *   truncates   stores this many characters of the state   drops       SetValue says "true" to a state and forgets it
 *   throws      every call throws                          slow        milliseconds that each call takes
 *   missing     no API object in the window                closed      Initialize says "false"
 *   eager       stores at every SetValue                   expired     calls fail as if never initialized, until
 *   terminate   Terminate says "false"                                 Initialize is called again
 */
"use strict";
const Strict = require("../../../generator/preview/console/strict");

const NAMES = {
    scorm12: {
        api: "API",
        initialize: "LMSInitialize",
        terminate: "LMSFinish",
        commit: "LMSCommit",
        set: "LMSSetValue",
        get: "LMSGetValue",
        error: "LMSGetLastError",
        lost: "301",
        status: ["cmi.core.lesson_status"],
        score: "cmi.core.score.raw"
    },
    scorm2004: {
        api: "API_1484_11",
        initialize: "Initialize",
        terminate: "Terminate",
        commit: "Commit",
        set: "SetValue",
        get: "GetValue",
        error: "GetLastError",
        lost: "132",
        status: ["cmi.completion_status", "cmi.success_status"],
        score: "cmi.score.scaled"
    }
};
const STATE = "cmi.suspend_data";
const RANK = { unknown: 0, "not attempted": 0, incomplete: 1, failed: 2, completed: 3, passed: 4 };

class Platform {
    constructor(standard, clock, complain) {
        this.names = NAMES[standard];
        this.standard = standard;
        this.clock = clock;
        this.complain = complain;
        this.faults = {};
        this.stored = null;
        /* The launch that stored last. */
        this.storedBy = null;
        this.whenCalled = () => {};
    }

    get state() {
        return (this.stored && this.stored.values[STATE]) || "";
    }

    /* What is stored may only get better. */
    store(memory, launch) {
        const copy = JSON.parse(JSON.stringify(memory));
        const before = this.stored ? this.stored.values : {};
        for (const name of this.names.status) {
            if ((RANK[copy.values[name]] || 0) < (RANK[before[name]] || 0)) {
                this.complain(`${name} goes back from ${before[name]} to ${copy.values[name]}`);
            }
        }
        if (before[this.names.score] !== undefined && !(Number(copy.values[this.names.score]) >= Number(before[this.names.score]))) {
            this.complain(`the score goes back from ${before[this.names.score]} to ${copy.values[this.names.score]}`);
        }
        if (this.faults.truncates !== undefined && copy.values[STATE]) {
            copy.values[STATE] = copy.values[STATE].slice(0, this.faults.truncates);
        }
        this.stored = copy;
        this.storedBy = launch;
    }

    /* What of the values stands for a pass and for the best score, in thousandths. */
    verdict(values) {
        const score = Number(values[this.names.score]);
        return {
            passed: values[this.names.status[this.names.status.length - 1]] === "passed",
            best: score >= 0 ? Math.round(score * (this.standard === "scorm12" ? 10 : 1000)) : 0
        };
    }

    /* The office lets the learner pass, whatever the course says. */
    grant() {
        const { names } = this;
        const { values } = this.stored;
        const granted = { ...values, [names.score]: this.standard === "scorm12" ? "100" : "1" };
        names.status.forEach((name) => {
            granted[name] = name === "cmi.completion_status" ? "completed" : "passed";
        });
        this.stored = { ...this.stored, values: granted };
    }

    /*
     * The window that a launch opens in. `overrides`: values for this launch, as a mode. `isPreloaded`: the values are
     * those of the moment when the page was loaded, not when the course begins to talk.
     */
    launch(overrides, isPreloaded) {
        const launch = { log: [], isOpen: false, terminated: 0, isGone: false, loaded: {} };
        const { names } = this;
        let strict = null,
            isLost = false,
            error = null;

        const load = () => {
            strict = Strict[this.standard](this.stored && JSON.parse(JSON.stringify(this.stored)));
            Object.assign(strict.values, overrides);
            launch.loaded = { ...strict.values };
        };
        const fail = (code, answer) => {
            error = code;
            return answer;
        };
        const storeAll = () => {
            if (!overrides && !this.faults.lies) {
                this.store(
                    { values: strict.values, interactions: strict.interactions, objectives: strict.objectives },
                    launch
                );
            }
        };
        const storeOne = (element, value) => {
            if (!overrides && !this.faults.lies && !/interactions|objectives/.test(element)) {
                const before = this.stored || { values: {}, interactions: [] };
                this.store({ ...before, values: { ...before.values, [element]: value } }, launch);
            }
        };
        const call = (action, given) => {
            if (launch.isGone) {
                return "";
            }
            const { faults } = this;
            launch.log.push([action].concat(given));
            this.whenCalled([action].concat(given).join(" "), launch);
            error = null;
            if (launch.terminated) {
                this.complain(`${action} after Terminate`);
            }
            launch.terminated += action === "terminate";
            launch.isOpen = launch.isOpen && action !== "terminate";
            if (faults.slow) {
                this.clock.pass(faults.slow);
            }
            if (faults.throws) {
                throw new Error("the platform is away");
            }
            if (faults.expired && launch.isOpen) {
                faults.expired = false;
                isLost = true;
            }
            if (action === "initialize") {
                if (faults.closed) {
                    return fail("101", "false");
                }
                if (isLost || !isPreloaded) {
                    load();
                }
                isLost = false;
                launch.isOpen = true;
            } else if (isLost) {
                return fail(names.lost, action === "get" ? "" : "false");
            }
            if (action === "commit" || action === "terminate") {
                if (faults.commit || faults[action]) {
                    return fail("101", "false");
                }
                storeAll();
            }
            if (action === "set" && faults.drops && given[0] === STATE) {
                return "true";
            }
            const answer = strict.api[names[action]](...given);
            if (strict.rejected.length) {
                this.complain("rejected: " + JSON.stringify(strict.rejected[0]));
            }
            if (action === "set" && faults.eager) {
                storeOne(...given);
            }
            return answer;
        };

        load();
        const api = { [names.error]: () => error || strict.api[names.error]() };
        for (const action of ["initialize", "terminate", "commit", "set", "get"]) {
            api[names[action]] = (...given) => call(action, given);
        }
        const { faults } = this;
        const top = {
            opener: null,
            get [names.api]() {
                return faults.missing ? undefined : api;
            }
        };
        top.parent = top.top = top;
        launch.view = { parent: top, top, opener: null };
        return launch;
    }
}

module.exports = { Platform, STATE };
