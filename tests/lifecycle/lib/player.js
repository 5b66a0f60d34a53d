/*
 * The player's own files, each window with a copy of its own: those of order.txt that know no page. The rules are
 * build/browser/rules.js; one engine serves all windows, and what it was asked before it need not be asked again.
 */
"use strict";
const fs = require("fs");
const path = require("path");

const root = path.join(__dirname, "../../..");
const folder = path.join(root, "generator/player");
const NEEDS_A_PAGE = /^(world|web|words|announce|receipt|save-status|navigation|result|play|start)\.js$/;
const CACHE_LIMIT = 200000;

/* `mutate(name, source)`: tests of the tests break a file. `open`: other rules than those that serve all windows. */
function load(mutate, open = openRules) {
    const names = fs
        .readFileSync(path.join(folder, "order.txt"), "utf8")
        .trim()
        .split("\n")
        .filter((name) => !NEEDS_A_PAGE.test(name));
    const source = names
        .map((name) => {
            const text = fs.readFileSync(path.join(folder, name), "utf8");
            return mutate ? mutate(name, text) : text;
        })
        .join("\n");
    const run = new Function("window", "Math", source);
    const rules = open();
    return (world) => {
        const window = { Probity: { world }, ProbityRules: { open: () => rules } };
        /* Chance, too, follows from the schedule. */
        run(window, Object.create(Math, { random: { value: world.random } }));
        return window.Probity;
    };
}

let engine = null;

function openRules() {
    if (!engine) {
        const file = process.env.PROBITY_RULES || path.join(root, "build/browser/rules.js");
        const real = new Function(fs.readFileSync(file, "utf8") + "\nreturn ProbityRules;")().open();
        const known = new Map();
        engine = {
            load: () => {
                throw new Error("courses in this test have no rules of their own");
            },
            call: (name, json) => {
                let answer = known.get(json);
                if (answer === undefined) {
                    answer = real.call(name, json);
                    if (known.size < CACHE_LIMIT) {
                        known.set(json, answer);
                    }
                }
                return answer;
            }
        };
    }
    return engine;
}

module.exports = { load };
