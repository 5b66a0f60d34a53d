/* Counts what passed and failed; the last line is what the runner reads. */
"use strict";

let passed = 0,
    failed = 0;

exports.check = (name, condition, detail) => {
    if (condition) {
        passed++;
    } else {
        failed++;
        console.log(
            `FAILED: ${name}${detail === undefined ? "" : ": " + (typeof detail === "string" ? detail : JSON.stringify(detail))}`
        );
    }
    return Boolean(condition);
};

exports.equal = (name, actual, expected) =>
    exports.check(name, JSON.stringify(actual) === JSON.stringify(expected), { actual, expected });

/* A test that throws is one that failed; the others go on. */
exports.run = async (name, action) => {
    try {
        await action();
    } catch (error) {
        exports.check(name, false, error.stack || String(error));
    }
};

exports.finish = () => {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed ? 1 : 0;
};
