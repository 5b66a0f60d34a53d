/* The platform profiles as the player is given them; tests/browser compares this list with what a build puts into packages. */
"use strict";

const GENERIC = {
    name: "generic",
    lesson_passed: "passed",
    tells_failure: true,
    completes_by_passing: false,
    commits_before_finish: true,
    exit_when_over: "suspend",
    sends_optional: true
};

module.exports = {
    generic: GENERIC,
    moodle: { ...GENERIC, name: "moodle", tells_failure: false, completes_by_passing: true },
    cornerstone: {
        ...GENERIC,
        name: "cornerstone",
        lesson_passed: "completed",
        tells_failure: false,
        completes_by_passing: true,
        commits_before_finish: false
    },
    successfactors: { ...GENERIC, name: "successfactors", completes_by_passing: true },
    strict: { ...GENERIC, name: "strict", commits_before_finish: false, exit_when_over: "normal", sends_optional: false }
};
