/*
 * What a learning platform keeps of one learner, and the launches in which it hears of it. The rules of the standards are the strict
 * model's (strict.js); here are the ways in which a platform fails, and the record of every call.
 */
(function () {
    "use strict";

    var STANDARDS = {
        scorm12: {
            api: "API",
            error: "LMSGetLastError",
            waits: /^LMS(Initialize|Commit|Finish)$/,
            mode: "cmi.core.lesson_mode",
            entry: "cmi.core.entry",
            exit: "cmi.core.exit",
            language: "cmi.student_preference.language",
            state: ["cmi.suspend_data", 4096]
        },
        scorm2004: {
            api: "API_1484_11",
            error: "GetLastError",
            waits: /^(Initialize|Commit|Terminate)$/,
            mode: "cmi.mode",
            entry: "cmi.entry",
            exit: "cmi.exit",
            language: "cmi.learner_preference.language",
            state: ["cmi.suspend_data", 64000]
        }
    };

    /* The course's calls wait for their answer, so a slow platform holds the page up. */
    function hold(milliseconds) {
        var until = performance.now() + milliseconds;
        while (performance.now() < until) {
            /* as a synchronous request would */
        }
    }

    /*
     * `options`: {standard, language, memory (what was committed, or null), isReview, switches, record(call), stored(memory)}. Switches are
     * read at each call: offline, refuses, lost, delay_ms. A call: {name, given, result, error, why, ms, at}.
     */
    function openLaunch(options) {
        var standard = STANDARDS[options.standard];
        var model = window.Strict[options.standard](options.memory);
        var isDropped = false;
        model.values[standard.mode] = options.isReview ? "review" : "normal";
        model.values[standard.entry] = options.memory ? "resume" : "ab-initio";
        model.values[standard.language] = options.language;

        function answer(name, given) {
            if (isDropped || options.switches.lost) {
                throw new Error("the platform is away");
            }
            if (standard.waits.test(name)) {
                hold(options.switches.delay_ms);
            }
            model.faults.commit = options.switches.offline || options.switches.refuses;
            model.faults.terminate = model.faults.initialize = options.switches.offline;
            return model.api[name].apply(null, given);
        }

        var api = {};
        Object.keys(model.api).forEach(function (name) {
            api[name] = function () {
                var given = Array.from(arguments);
                var call = { name: name, given: given, at: performance.now(), result: "", error: "", why: "" };
                var refused = model.rejected.length;
                var committed = model.committed;
                try {
                    call.result = answer(name, given);
                    call.error = String(model.api[standard.error]());
                } catch (error) {
                    call.why = isDropped ? "the tab is gone" : error.message;
                    throw error;
                } finally {
                    call.ms = performance.now() - call.at;
                    if (model.rejected.length > refused) {
                        call.why = model.rejected[refused][model.rejected[refused].length - 1];
                    }
                    if (model.committed !== committed) {
                        options.stored(model.committed);
                    }
                    options.record(call);
                }
                return call.result;
            };
        });
        return {
            model: model,
            install: function (view) {
                view[standard.api] = api;
            },
            /* As a browser that dies: whatever the page still wants to say is not heard. */
            drop: function () {
                isDropped = true;
            }
        };
    }

    /* What the next launch is given of what was committed; a learner who did not suspend begins anew (SCORM 2004). */
    function resume(name, memory) {
        var standard = STANDARDS[name];
        if (!memory || (name === "scorm2004" && memory.values[standard.exit] && memory.values[standard.exit] !== "suspend")) {
            return null;
        }
        var values = Object.assign({}, memory.values);
        delete values[standard.exit];
        return { values: values, interactions: memory.interactions, objectives: memory.objectives };
    }

    window.Console = { STANDARDS: STANDARDS, openLaunch: openLaunch, resume: resume };
})();
