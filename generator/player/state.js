/*
 * What a learner has done, and its one line of text: language-neutral, keyed by codes of stable ids, versioned,
 * checksummed.
 *
 *   2.<course>.<round>.<seed>.<change>.<screen>.<flags>.<best>.<seen>.<answers>.<checksum>
 *
 * A code is four characters made from an id alone (generator/package/state.c makes the same and proves that a
 * course's codes differ), so a new, removed or moved screen or question leaves the others' answers as they were. What
 * has an unknown code, and an answer that its exercise cannot have, is kept as it is: it belongs to another version of
 * the course. Version 1 had no seed.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var VERSION = "2",
        FORMER_VERSION = "1";
    var ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
    var FLAGS = ["passed", "completed", "ended"];
    var CODE_SIZE = 4,
        TRIES_LIMIT = 35,
        ROUND_LIMIT = 1295,
        SEED_COUNT = 1 << 20;
    /*
     * The build proves that what belongs to the course fits; what belongs to another version of it is kept while
     * there is room.
     */
    var FOREIGN_UNTIL = 4000;

    function code(id) {
        var hash = 0x811c9dc5;
        for (var at = 0; at < id.length; at++) {
            hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193) >>> 0;
        }
        hash = (hash ^ (hash >>> 24)) >>> 0;
        return (
            ALPHABET[(hash >>> 18) & 63] +
            ALPHABET[(hash >>> 12) & 63] +
            ALPHABET[(hash >>> 6) & 63] +
            ALPHABET[hash & 63]
        );
    }

    function checksum(text) {
        var crc = 0xffffffff;
        for (var at = 0; at < text.length; at++) {
            crc ^= text.charCodeAt(at) & 0xff;
            for (var bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
            }
        }
        return ((crc ^ 0xffffffff) >>> 0).toString(36).padStart(7, "0");
    }

    var state = (Probity.state = { code: code });

    /* What banks are drawn and choices are shuffled by, once for a round. */
    state.drawSeed = function () {
        return Math.floor(Math.random() * SEED_COUNT);
    };

    state.create = function () {
        return {
            round: 0 /* how often the learner began the course anew */,
            seed: state.drawSeed(),
            change: 0 /* grows with every change: tells the newer of two */,
            screen: "" /* id of the place where the learner was: a screen, or a page around them */,
            passed: false,
            completed: false,
            ended: false,
            bestPermille: 0,
            seen: {} /* screen id: true */,
            answers:
                {} /* exercise id: {tries, given}; given: see exercise.js */,
            foreignSeen: [],
            foreignAnswers: []
        };
    };

    function byId(course) {
        return new Map(
            course.exercises.map(function (exercise) {
                return [exercise.id, exercise];
            })
        );
    }

    state.write = function (course, learner) {
        var flags = FLAGS.reduce(function (sum, flag, bit) {
            return sum + (learner[flag] ? 1 << bit : 0);
        }, 0);
        var skeletons = byId(course);
        var codes = new Set();
        var answers = Object.keys(learner.answers).map(function (id) {
            var answer = learner.answers[id];
            codes.add(code(id));
            return (
                code(id) +
                Math.min(answer.tries, TRIES_LIMIT).toString(36) +
                Probity.exercise.pack(skeletons.get(id), answer.given)
            );
        });
        /* An answer given anew takes the place of one that did not fit. */
        var foreignAnswers = learner.foreignAnswers.filter(function (entry) {
            return !codes.has(entry.slice(0, CODE_SIZE));
        });
        function join(foreignSeen, others) {
            var body =
                [
                    VERSION,
                    code(course.id),
                    Math.min(learner.round, ROUND_LIMIT).toString(36),
                    learner.seed.toString(36),
                    learner.change.toString(36),
                    learner.screen ? code(learner.screen) : "",
                    flags.toString(36),
                    learner.bestPermille.toString(36),
                    Object.keys(learner.seen).map(code).concat(foreignSeen).join(""),
                    answers.concat(others).join(",")
                ].join(".") + ".";
            return body + checksum(body);
        }

        var text = join(learner.foreignSeen, foreignAnswers);
        return text.length <= FOREIGN_UNTIL ? text : join([], []);
    };

    /* The learner, or null where the text is damaged, of another course or of a version not known here. */
    state.read = function (course, text) {
        var parts = text.split(".");
        var sum = parts[parts.length - 1];
        if (
            parts.length !== (parts[0] === FORMER_VERSION ? 10 : 11) ||
            (parts[0] !== VERSION && parts[0] !== FORMER_VERSION) ||
            parts[1] !== code(course.id) ||
            sum !== checksum(text.slice(0, text.length - sum.length))
        ) {
            return null;
        }
        if (parts[0] === FORMER_VERSION) {
            parts.splice(3, 0, "0");
        }
        var learner = state.create();
        var screens = {},
            exercises = {};
        course.places.forEach(function (id) {
            screens[code(id)] = id;
        });
        course.exercises.forEach(function (exercise) {
            exercises[code(exercise.id)] = exercise;
        });

        learner.round = parseInt(parts[2], 36);
        learner.seed = parseInt(parts[3], 36);
        learner.change = parseInt(parts[4], 36);
        learner.screen = screens[parts[5]] || "";
        FLAGS.forEach(function (flag, bit) {
            learner[flag] = ((parseInt(parts[6], 36) >> bit) & 1) === 1;
        });
        learner.bestPermille = parseInt(parts[7], 36);
        (parts[8].match(/..../g) || []).forEach(function (key) {
            if (screens[key]) {
                learner.seen[screens[key]] = true;
            } else {
                learner.foreignSeen.push(key);
            }
        });
        parts[9]
            .split(",")
            .filter(Boolean)
            .forEach(function (entry) {
                var exercise = exercises[entry.slice(0, CODE_SIZE)];
                var given = exercise ? Probity.exercise.unpack(exercise, entry.slice(CODE_SIZE + 1)) : null;
                if (given !== null && Probity.exercise.accepts(exercise, given)) {
                    learner.answers[exercise.id] = { tries: parseInt(entry[CODE_SIZE], 36), given: given };
                } else {
                    learner.foreignAnswers.push(entry);
                }
            });
        return learner;
    };

    /* Joins what the platform kept with what this device kept: nothing that either knows as done is lost. */
    state.merge = function (left, right) {
        if (!left || !right) {
            return left || right;
        }
        var newer =
            left.round !== right.round
                ? left.round > right.round
                    ? left
                    : right
                : left.change >= right.change
                  ? left
                  : right;
        var older = newer === left ? right : left;
        var merged = Object.assign({}, newer, {
            seen: Object.assign({}, newer.seen),
            answers: Object.assign({}, newer.answers)
        });

        merged.change = Math.max(left.change, right.change);
        merged.bestPermille = Math.max(left.bestPermille, right.bestPermille);
        FLAGS.forEach(function (flag) {
            merged[flag] = left[flag] || right[flag];
        });
        if (left.round === right.round) {
            Object.assign(merged.seen, older.seen);
            Object.keys(older.answers).forEach(function (id) {
                if (!merged.answers[id] || merged.answers[id].tries < older.answers[id].tries) {
                    merged.answers[id] = older.answers[id];
                }
            });
            merged.foreignSeen = Array.from(new Set(newer.foreignSeen.concat(older.foreignSeen)));
            merged.foreignAnswers = newer.foreignAnswers.concat(
                older.foreignAnswers.filter(function (entry) {
                    return !newer.foreignAnswers.some(function (other) {
                        return other.slice(0, CODE_SIZE) === entry.slice(0, CODE_SIZE);
                    });
                })
            );
        }
        return merged;
    };
})();
