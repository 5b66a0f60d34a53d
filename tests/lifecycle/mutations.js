/*
 * The player, broken on purpose: each of these has to be noticed by some schedule, or the schedules prove nothing.
 * [what is broken, file, what stands there, what stands there instead]
 */
"use strict";

module.exports = [
    ["the journal is not read", "launch.js", "return journal.read(key);", "return { value: null };"],
    ["the journal is overwritten", "entry.js", "if (!stored || stored.writer === mine.writer) {", "if (true) {"],
    ["a pass that the platform knows is forgotten", "entry.js", "learner.passed = learner.passed || known.passed;", ""],
    ["an attempt that was reset is kept", "entry.js", "(theirs ? theirs.seed !== ours.seed : knowsNothing(known))", "false"],
    ["a window that takes over has heard nothing", "launch.js", "var heard = windows.heard();", "var heard = null;"],
    ["a journal that could not be read is not read again", "keeper.js", "journalTimer = world.setTimeout(keeper.save,", "journalTimer = (function () {})("],
    ["a storage that does not answer is waited for", "journal.js", "opening = opening && opening.isAnswered ? opening : null;", ""],
    ["what the platform said before another window went on counts", "entry.js", "knownSince === Infinity &&", ""],
    ["at the end nothing is read again", "session.js", "(dialect.commitBeforeTerminate ? session.commitNow() : isKept())", "true"],
    ["the journal is not written", "keeper.js", "return journal\n                .update(", "return Promise.resolve({}) || journal.update("],
    ["a refused commit counts", "session.js", "if (!isCommitted) {", "if (false) {"],
    ["what was set is not read again", "session.js", "isRead = get(element) === sent.get(element);", "isRead = true;"],
    ["nobody tries again", "keeper.js", "timer = world.setTimeout(keeper.save, delayAfter(trouble));", ""],
    ["a lost session stays lost", "session.js", "if (!isTrue(call(\"initialize\", \"\"))) {\n                return;", "if (true) {\n                return;"],
    ["the verdict comes before the score", "scorm12.js", 'values.push(["cmi.core.lesson_status", status]);', 'values.unshift(["cmi.core.lesson_status", status]);'],
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
