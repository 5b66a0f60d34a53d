// What evaluate.c does, with the rules as a browser has them: rules.js in a bare context, in which nothing can make code out of text and
// WebAssembly is missing, as under the content security policy `script-src 'self'`.
//
//   node in-browser.js RULES.JS [RULES.LUA] < lines
//   node in-browser.js RULES.JS --hostile HOSTILE.LUA.TXT     tries every section, prints its name, milliseconds and answer
//   node in-browser.js RULES.JS --breakdown                   prints the answer of an engine that breaks down in a course's rules
"use strict";
const fs = require("fs");
const vm = require("vm");

const [path, option, hostile] = process.argv.slice(2);
const context = vm.createContext({ TextEncoder, TextDecoder }, { codeGeneration: { strings: false, wasm: false } });
vm.runInContext("delete globalThis.WebAssembly;", context);
vm.runInContext(fs.readFileSync(path, "utf8"), context, { filename: "rules.js" });
const ProbityRules = vm.runInContext("ProbityRules", context);

function guarded(action) {
    try {
        return action();
    } catch (error) {
        return "! line " + error.line + ": " + error.message;
    }
}

if (option === "--breakdown") {
    // The first engine fails as browsers do when their stack or memory ends; the ones made after it work.
    context.isFirst = true;
    vm.runInContext(
        `var real = ProbityRules;
         ProbityRules = function () {
             var engine = real();
             if (isFirst) {
                 engine.call = Object.assign({}, engine.call, { call: function () { throw new RangeError("stack"); } });
                 isFirst = false;
             }
             return engine;
         };`,
        context
    );
    const rules = context.real.open();
    rules.load("rules.lua", "return {grade_course = function() return {score_permille = 7, passed = false} end}");
    const course = { id: "c", pass_permille: 800, completion: "screens", screens: [], exercises: [] };
    console.log(rules.call("evaluate", JSON.stringify([course, {}])));
    console.log(rules.call("evaluate", JSON.stringify([course, {}])));
} else if (option === "--hostile") {
    const exercises = [
        { id: "one", kind: "single", choices: ["a", "b"], right: ["a"], points: 1 },
        { id: "two", kind: "multiple", choices: ["a", "b", "c"], right: ["a", "b"], points: 1 },
    ];
    const course = { id: "c", pass_permille: 800, completion: "screens", screens: ["m/a"], exercises };
    const state = { seen: ["m/a"], answers: { one: { choices: ["a"], attempts: 1 }, two: { choices: ["a", "b"], attempts: 1 } } };
    const question = JSON.stringify([course, state]);
    const rules = ProbityRules.open();
    for (const section of fs.readFileSync(hostile, "utf8").split("\n=== ").slice(1)) {
        const title = section.slice(0, section.indexOf("\n"));
        const body = section.slice(title.length + 1);
        // Other work on the machine does not count, and what it still adds (caches, threads of the engine) is least in the best of three.
        let milliseconds = Infinity,
            refusal,
            answer;
        for (let round = 0; round < 3; round++) {
            const started = process.cpuUsage();
            refusal = guarded(() => rules.load("rules.lua", "local function hook(f) return {score_question = f} end " + body)) || "loaded";
            answer = guarded(() => rules.call("evaluate", question));
            const used = process.cpuUsage(started);
            milliseconds = Math.min(milliseconds, (used.user + used.system) / 1000);
        }
        console.log([title, milliseconds.toFixed(1), refusal, answer].join("\t"));
        rules.load("rules.lua", "return {}");
    }
} else {
    const rules = ProbityRules.open();
    const lines = fs.readFileSync(0, "utf8").split("\n").slice(0, -1);
    const answers = [];
    if (option) {
        const refusal = guarded(() => rules.load("rules.lua", fs.readFileSync(option, "utf8")));
        if (refusal) {
            answers.push(refusal);
        }
    }
    for (const line of lines) {
        const tab = line.indexOf("\t");
        answers.push(guarded(() => rules.call(line.slice(0, tab), line.slice(tab + 1))));
    }
    process.stdout.write(answers.join("\n") + "\n");
}
