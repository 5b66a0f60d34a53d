/*
 * The player, broken on purpose: each of these has to be noticed by some schedule, or the schedules prove nothing.
 * [what is broken, file, what stands there, what stands there instead]
 */
"use strict";

module.exports = [
    ["the journal is not read", "launch.js", "return journal.read(key);", "return null;"],
    ["the journal is not written", "keeper.js", "return journal\n                .update(", "return Promise.resolve({}) || journal.update("],
    ["a refused commit counts", "session.js", "if (!isCommitted) {", "if (false) {"],
    ["what was set is not read again", "session.js", "isRead = get(element) === sent.get(element);", "isRead = true;"],
    ["nobody tries again", "keeper.js", "                keeper.save,\n", "                function () {},\n"],
    ["a lost session stays lost", "session.js", "if (!isTrue(call(\"initialize\", \"\"))) {\n                return;", "if (true) {\n                return;"],
    ["the verdict comes before the score", "scorm12.js", "if (report.scorePermille !== undefined) {", "if (report.success) {\n                values.unshift([\"cmi.core.lesson_status\", STATUS[report.success]]);\n            }\n            if (report.scorePermille !== undefined) {"],
    ["a score before the verdict", "keeper.js", "scorePermille: isDecided ? learner.bestPermille : undefined", "scorePermille: keeper.grade.score_permille"],
    ["the last score counts", "keeper.js", "Math.max(learner.bestPermille, keeper.grade.score_permille)", "keeper.grade.score_permille"],
    ["a pass can be lost", "keeper.js", "learner.passed = learner.passed || (", "learner.passed = ("],
    ["calls after Terminate", "session.js", "isOpen = false;\n            return Promise.resolve(isTrue(", "return Promise.resolve(isTrue("],
    ["a review writes", "session.js", "session.records = values.mode", "session.records = true || values.mode"],
    ["two windows lead", "leader.js", "if (lock) {", "if (true) {"],
    ["a lease is taken from a living holder", "leader.js", "(isLeading || !isAbandoned(lease))", "false"],
    ["a former attempt is thrown away", "entry.js", "former = entries.joinFormer(former, [asFormer(entry)]);", ""],
    ["saved is said too early", "keeper.js", "tell(\"waiting\");\n            return keeper.save(Boolean(record));", "tell(\"saved\");\n            return keeper.save(Boolean(record));"],
    ["what belongs to another version is dropped", "state.js", "learner.foreignAnswers.push(entry);", ""],
    ["a time with three digits", "format.js", "pad(total % 100, 2)\n", "pad(total % 100, 3)\n"],
    ["a platform that comes late is not looked for", "launch.js", "if (!opened) {\n                        lookAgain();", "if (false) {\n                        lookAgain();"]
];
