// The rules in the browser. build-browser-lua puts this file at the end of rules.js, behind the global ProbityRules.
//
//   var rules = ProbityRules.open();               the default rules
//   rules.load("rules.lua", source);               a course's own; throws when the file is no good, and the default rules stay alone
//   var json = rules.call("evaluate", json);       see rules.h for the functions; throws when the JSON is no good
//
// Errors have `message`, and `line` where rules.lua is at fault. Should the engine itself break down (the browser's own stack or memory
// ended), it is made anew without the course's rules, and says so in `fallback`: a learner can always finish.

ProbityRules.open = function () {
    "use strict";
    var engine, pointer;

    function start() {
        engine = ProbityRules();
        pointer = engine.call.open();
        if (!pointer) {
            throw new Error("no memory for the rules");
        }
    }

    // Runs an exported function over texts; frees them.
    function run(name, texts) {
        var addresses = [];
        texts.forEach(function (text) {
            if (text.indexOf("\0") >= 0) {
                throw new Error("a NUL in a text");
            }
            addresses.push(engine.copyIn(text));
        });
        var result = engine.call[name](pointer, addresses[0], addresses[1]);
        addresses.forEach(engine.free);
        if (!result) {
            var error = new Error(engine.copyOut(engine.call.message()));
            error.line = engine.call.line();
            error.isRule = true;
            throw error;
        }
        return result;
    }

    // The default rules alone, in a new engine, after the one with the course's rules broke down.
    function callWithoutCourse(name, json, reason) {
        start();
        var result = JSON.parse(engine.copyOut(run("call", [name, json])));
        if (result && result.fallback) {
            result.fallback.push({ function: "*", message: "the rules engine broke down: " + reason.message });
        }
        return JSON.stringify(result);
    }

    start();
    return {
        load: function (name, source) {
            try {
                run("load", [name, source]);
            } catch (error) {
                if (!error.isRule) {
                    start();
                }
                throw error;
            }
        },
        call: function (name, json) {
            try {
                return engine.copyOut(run("call", [name, json]));
            } catch (error) {
                if (error.isRule) {
                    throw error;
                }
                return callWithoutCourse(name, json, error);
            }
        }
    };
};
