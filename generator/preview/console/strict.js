/*
 * The two standards as a strict platform: every element's format, range, access, order and dependency, as the
 * run-time books state them, and nothing taken on trust. Tolerant platforms take far more; what this one refuses,
 * some platform will. Runs as a plain script in a page (window.Strict) and in Node.
 *
 * A model keeps `interactions`, `objectives`, `calls` (all), `rejected` ([call, element, value, error, why]) and `values` (what a platform would
 * have stored); committed values are what survives.
 */
(function (root) {
    "use strict";

    function oneOf() {
        var words = Array.from(arguments);
        return function (value) {
            return words.indexOf(value) >= 0;
        };
    }

    function matches(pattern) {
        return function (value) {
            return pattern.test(value);
        };
    }

    function atMost(limit) {
        return function (value) {
            return value.length <= limit;
        };
    }

    function decimalIn(from, to) {
        return function (value) {
            return /^-?\d+(\.\d+)?$/.test(value) && Number(value) >= from && Number(value) <= to;
        };
    }

    /* real(10,7) */
    function realIn(from, to) {
        return function (value) {
            return /^-?\d{1,10}(\.\d{1,7})?$/.test(value) && Number(value) >= from && Number(value) <= to;
        };
    }

    function all() {
        var tests = Array.from(arguments);
        return function (value) {
            return tests.every(function (test) {
                return test(value);
            });
        };
    }

    var anyReal = realIn(-1e10, 1e10);
    var ascii = matches(/^[\x20-\x7e]*$/);

    function unique(list) {
        return new Set(list).size === list.length;
    }

    /* An instant that exists, between the years that every platform knows. */
    function isInstant(value) {
        var parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.\d{1,2}Z$/.exec(value);
        if (!parts) {
            return false;
        }
        var days = new Date(Date.UTC(Number(parts[1]), Number(parts[2]), 0)).getUTCDate();
        return (
            Number(parts[1]) >= 1970 &&
            Number(parts[1]) <= 2038 &&
            Number(parts[2]) >= 1 &&
            Number(parts[2]) <= 12 &&
            Number(parts[3]) >= 1 &&
            Number(parts[3]) <= days &&
            Number(parts[4]) <= 23 &&
            Number(parts[5]) <= 59 &&
            Number(parts[6]) <= 59
        );
    }

    /* ---- SCORM 1.2 ---- */

    var timespan12 = matches(/^\d{2,4}:\d{2}:\d{2}(\.\d{1,2})?$/);
    /* The book wants ASCII here, too; platforms keep what their pages send, and no other words can be reported. */
    var words12 = all(atMost(255), matches(/^[^\x00-\x1f\x7f]*$/));
    var response12 = {
        "true-false": matches(/^[01tf]$/),
        choice: function (value) {
            return /^[0-9a-z](,[0-9a-z])*$/.test(value) && unique(value.split(","));
        },
        "fill-in": words12,
        matching: all(atMost(255), matches(/^[0-9a-z]\.[0-9a-z](,[0-9a-z]\.[0-9a-z])*$/)),
        performance: all(ascii, atMost(255)),
        sequencing: all(atMost(255), matches(/^[0-9a-z](,[0-9a-z])*$/)),
        likert: matches(/^[0-9a-z]?$/),
        numeric: all(atMost(255), matches(/^-?\d+(\.\d+)?$/))
    };

    var MODEL12 = {
        name: "scorm12",
        calls: {
            LMSInitialize: "initialize",
            LMSFinish: "terminate",
            LMSGetValue: "get",
            LMSSetValue: "set",
            LMSCommit: "commit",
            LMSGetLastError: "error",
            LMSGetErrorString: "text",
            LMSGetDiagnostic: "text"
        },
        errors: {
            phases: {
                initialize: { open: "101", closed: "101" },
                terminate: { new: "301", closed: "301" },
                get: { new: "301", closed: "301" },
                set: { new: "301", closed: "301" },
                commit: { new: "301", closed: "301" }
            },
            keyword: "402",
            readOnly: "403",
            writeOnly: "404",
            unknown: "201",
            type: "405",
            range: "405",
            order: "201",
            dependency: "201",
            unset: ""
        },
        unset: "",
        readable: {
            "cmi.core.student_id": "learner-1",
            "cmi.core.student_name": "Learner, One",
            "cmi.core.credit": "credit",
            "cmi.core.entry": "ab-initio",
            "cmi.core.lesson_mode": "normal",
            "cmi.core.total_time": "0000:00:00.00",
            "cmi.launch_data": "",
            "cmi.student_data.mastery_score": ""
        },
        both: {
            "cmi.core.lesson_location": [atMost(255), ""],
            "cmi.core.lesson_status": [
                oneOf("passed", "completed", "failed", "incomplete", "browsed"),
                "not attempted"
            ],
            "cmi.core.score.raw": [decimalIn(0, 100), ""],
            "cmi.core.score.min": [decimalIn(0, 100), ""],
            "cmi.core.score.max": [decimalIn(0, 100), ""],
            "cmi.suspend_data": [all(ascii, atMost(4096)), ""],
            "cmi.student_preference.language": [all(ascii, atMost(255)), ""]
        },
        written: {
            "cmi.core.session_time": timespan12,
            "cmi.core.exit": oneOf("", "suspend", "time-out", "logout")
        },
        interaction: {
            id: matches(/^[A-Za-z0-9_-]{1,255}$/),
            type: oneOf.apply(null, Object.keys(response12)),
            time: matches(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,2})?$/),
            weighting: matches(/^-?\d+(\.\d+)?$/),
            result: matches(/^(correct|wrong|unanticipated|neutral|-?\d+(\.\d+)?)$/),
            latency: timespan12
        },
        objective: {
            id: matches(/^[A-Za-z0-9_-]{1,255}$/),
            "score.raw": decimalIn(0, 100),
            "score.min": decimalIn(0, 100),
            "score.max": decimalIn(0, 100),
            status: oneOf("passed", "completed", "failed", "incomplete", "browsed", "not attempted")
        },
        response: "student_response",
        responses: response12,
        patterns: response12,
        patternLimits: {},
        readsInteractions: false
    };

    /* ---- SCORM 2004, 4th edition ---- */

    var duration2004 = matches(/^P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d{1,2})?S)?)?$/);
    var identifier = "[A-Za-z0-9:/._~%-]{1,250}";

    function identifiers(value) {
        var parts = value.split("[,]");
        return (
            value === "" ||
            (parts.length <= 36 && unique(parts) && parts.every(matches(new RegExp("^" + identifier + "$"))))
        );
    }

    function localized(limit) {
        return function (value) {
            var parts = /^\{lang=[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*\}(?!\{)([\s\S]*)$/.exec(value);
            return parts !== null && parts[1].length <= limit && !/\[[,.:]\]|[\x00-\x1f\x7f]/.test(parts[1]);
        };
    }

    function description(value) {
        var parts = /^\{lang=([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)\}([\s\S]*)$/.exec(value);
        return parts !== null && parts[2].length <= 250;
    }

    var response2004 = {
        "true-false": oneOf("true", "false"),
        choice: identifiers,
        "fill-in": function (value) {
            return value.split("[,]").length <= 10 && value.split("[,]").every(localized(250));
        },
        "long-fill-in": localized(4000),
        matching: function (value) {
            var pairs = value.split("[,]");
            return (
                value === "" ||
                (pairs.length <= 36 &&
                    pairs.every(matches(new RegExp("^" + identifier + "\\[\\.\\]" + identifier + "$"))))
            );
        },
        performance: function (value) {
            var steps = value.split("[,]");
            return (
                steps.length <= 250 &&
                steps.every(matches(new RegExp("^(" + identifier + ")?\\[\\.\\][^[\\]]{1,250}$")))
            );
        },
        sequencing: identifiers,
        likert: matches(new RegExp("^" + identifier + "$")),
        numeric: anyReal,
        other: atMost(4000)
    };

    /* Patterns say more than responses: a range, or whether case and order matter. */
    var pattern2004 = Object.assign({}, response2004, {
        numeric: function (value) {
            var ends = value.split("[:]");
            return ends.length === 2 && ends.every(anyReal) && Number(ends[0]) <= Number(ends[1]);
        },
        "fill-in": function (value) {
            var parts = /^\{case_matters=(?:true|false)\}\{order_matters=(?:true|false)\}([\s\S]*)$/.exec(value);
            return parts !== null && response2004["fill-in"](parts[1]);
        }
    });

    var MODEL2004 = {
        name: "scorm2004",
        calls: {
            Initialize: "initialize",
            Terminate: "terminate",
            GetValue: "get",
            SetValue: "set",
            Commit: "commit",
            GetLastError: "error",
            GetErrorString: "text",
            GetDiagnostic: "text"
        },
        errors: {
            phases: {
                initialize: { open: "103", closed: "104" },
                terminate: { new: "112", closed: "113" },
                get: { new: "122", closed: "123" },
                set: { new: "132", closed: "133" },
                commit: { new: "142", closed: "143" }
            },
            keyword: "404",
            readOnly: "404",
            writeOnly: "405",
            unknown: "401",
            type: "406",
            range: "407",
            order: "351",
            dependency: "408",
            unset: "403"
        },
        unset: null,
        readable: {
            "cmi._version": "1.0",
            "cmi.learner_id": "learner-1",
            "cmi.learner_name": "Learner, One",
            "cmi.credit": "credit",
            "cmi.entry": "ab-initio",
            "cmi.mode": "normal",
            "cmi.total_time": "PT0S",
            "cmi.scaled_passing_score": null,
            "cmi.completion_threshold": null,
            "cmi.launch_data": null
        },
        both: {
            "cmi.location": [atMost(1000), null],
            "cmi.completion_status": [oneOf("completed", "incomplete", "not attempted", "unknown"), "unknown"],
            "cmi.success_status": [oneOf("passed", "failed", "unknown"), "unknown"],
            "cmi.score.scaled": [realIn(-1, 1), null],
            "cmi.score.raw": [anyReal, null],
            "cmi.score.min": [anyReal, null],
            "cmi.score.max": [anyReal, null],
            "cmi.progress_measure": [realIn(0, 1), null],
            "cmi.suspend_data": [atMost(64000), null],
            "cmi.learner_preference.language": [matches(/^([A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*)?$/), ""]
        },
        written: {
            "cmi.session_time": duration2004,
            "cmi.exit": oneOf("", "suspend", "normal", "time-out", "logout")
        },
        interaction: {
            id: matches(/^[A-Za-z0-9:/._~%-]{1,4000}$/),
            type: oneOf.apply(null, Object.keys(response2004)),
            timestamp: isInstant,
            weighting: anyReal,
            result: matches(/^(correct|incorrect|unanticipated|neutral|-?\d{1,10}(\.\d{1,7})?)$/),
            latency: duration2004,
            description: description
        },
        objective: {
            id: matches(/^[A-Za-z0-9:/._~%-]{1,4000}$/),
            "score.scaled": realIn(-1, 1),
            "score.raw": anyReal,
            "score.min": anyReal,
            "score.max": anyReal,
            success_status: oneOf("passed", "failed", "unknown"),
            completion_status: oneOf("completed", "incomplete", "not attempted", "unknown"),
            progress_measure: realIn(0, 1),
            description: description
        },
        response: "learner_response",
        responses: response2004,
        patterns: pattern2004,
        /* How many each platform must take; more of them are refused by some. */
        patternLimits: {
            "true-false": 1,
            choice: 10,
            "fill-in": 5,
            "long-fill-in": 5,
            matching: 5,
            performance: 5,
            sequencing: 5,
            likert: 1,
            numeric: 1,
            other: 1
        },
        readsInteractions: true
    };

    /* ---- One platform ---- */

    /* What every platform must keep of a launch and of an answer. */
    var INTERACTIONS_LIMIT = 250,
        OBJECTIVES_LIMIT = 10;
    var KEYWORD = /\._(count|children|version)$/;
    var RANK = { unknown: 0, "not attempted": 0, incomplete: 1, failed: 2, completed: 3, passed: 4 };

    function copies(entries) {
        return (entries || []).map(function (entry) {
            return Object.assign({}, entry);
        });
    }

    function open(model, memory) {
        var phase = "new",
            lastError = "0";
        var platform = {
            calls: [],
            rejected: [],
            values: Object.assign({}, memory && memory.values),
            interactions: copies(memory && memory.interactions),
            objectives: copies(memory && memory.objectives),
            committed: memory || null,
            commits: 0,
            faults: {}
        };

        function refuse(error, why) {
            lastError = error;
            var call = platform.calls[platform.calls.length - 1];
            platform.rejected.push(call.concat([error, why]));
            return "false";
        }

        function readable(element) {
            if (element in model.readable) {
                return element in platform.values ? platform.values[element] : model.readable[element];
            }
            if (element in model.both) {
                return element in platform.values ? platform.values[element] : model.both[element][1];
            }
            if (element === "cmi.interactions._count") {
                return String(platform.interactions.length);
            }
            if (element === "cmi.objectives._count") {
                return String(platform.objectives.length);
            }
            var objective = /^cmi\.objectives\.(\d+)\.(.+)$/.exec(element);
            if (objective && platform.objectives[objective[1]] && model.objective[objective[2]]) {
                var value = platform.objectives[objective[1]][objective[2]];
                return value === undefined ? model.unset : value;
            }
            var interaction = model.readsInteractions && /^cmi\.interactions\.(\d+)\.(.+)$/.exec(element);
            var entry = interaction && platform.interactions[Number(interaction[1])];
            return entry ? (interaction[2] in entry ? entry[interaction[2]] : null) : undefined;
        }

        /* The other things of this kind that an interaction has: their indexes follow each other, and ids differ. */
        function others(entry, kind, key) {
            return Object.keys(entry).filter(function (name) {
                return name.indexOf(kind) === 0 && name !== key;
            });
        }

        function setPattern(entry, index, key, value) {
            var before = others(entry, "correct_responses.", key);
            if (index > before.length) {
                return refuse(model.errors.order, "a gap in the patterns");
            }
            if (index >= (model.patternLimits[entry.type] || Infinity)) {
                return refuse(model.errors.order, "too many patterns for the type " + entry.type);
            }
            if (
                before.some(function (name) {
                    return entry[name] === value;
                })
            ) {
                return refuse(model.errors.order, "the same pattern twice");
            }
            return model.patterns[entry.type](value)
                ? "true"
                : refuse(model.errors.type, "not a pattern of type " + entry.type);
        }

        function setLink(entry, index, key, value) {
            var before = others(entry, "objectives.", key);
            if (index > before.length) {
                return refuse(model.errors.order, "a gap in the objectives");
            }
            if (index >= OBJECTIVES_LIMIT) {
                return refuse(model.errors.order, "too many objectives");
            }
            if (!model.interaction.id(value)) {
                return refuse(model.errors.type, "wrong format");
            }
            return before.some(function (name) {
                return entry[name] === value;
            })
                ? refuse(model.errors.order, "the same objective twice")
                : "true";
        }

        function checkInteraction(entry, key, value) {
            if (!entry && key !== "id") {
                return refuse(model.errors.dependency, "id comes first");
            }
            var indexed = /^(correct_responses|objectives)\.(\d+)\.(?:pattern|id)$/.exec(key);
            if ((key === model.response || /^correct_responses\./.test(key)) && !entry.type) {
                return refuse(model.errors.dependency, "type comes before " + key);
            }
            if (indexed) {
                var set = indexed[1] === "objectives" ? setLink : setPattern;
                return set(entry, Number(indexed[2]), key, value);
            }
            if (key === model.response) {
                return model.responses[entry.type](value)
                    ? "true"
                    : refuse(model.errors.type, "not a response of type " + entry.type);
            }
            if (!model.interaction[key]) {
                return refuse(model.errors.unknown, "no such element");
            }
            if (!model.interaction[key](value)) {
                return refuse(model.errors.type, "wrong format");
            }
            return key === "id" && entry ? refuse(model.errors.readOnly, "an interaction keeps its id") : "true";
        }

        function setObjective(at, key, value) {
            var entry = platform.objectives[at];
            if (at > platform.objectives.length) {
                return refuse(model.errors.order, "a gap in the indexes");
            }
            if (!model.objective[key]) {
                return refuse(model.errors.unknown, "no such element");
            }
            if (!model.objective[key](value)) {
                return refuse(model.errors.type, "wrong format or range");
            }
            if (!entry && key !== "id") {
                return refuse(model.errors.dependency, "id comes first");
            }
            var isTaken = platform.objectives.some(function (other) {
                return other.id === value;
            });
            if (key === "id" && (entry || isTaken)) {
                return refuse(model.errors.order, entry ? "an objective keeps its id" : "two objectives have one id");
            }
            checkStanding(entry, key, value);
            platform.objectives[at] = Object.assign({}, entry);
            platform.objectives[at][key] = value;
            return "true";
        }

        /* As checkSense, of an objective. */
        function checkStanding(entry, key, value) {
            var before = entry && entry[key];
            if (/status$/.test(key) && before && RANK[value] < RANK[before]) {
                refuse("sense", "the status goes back from " + before);
            }
            if (
                (key === "success_status" && entry["score.scaled"] === undefined) ||
                (key === "status" && /^(passed|failed)$/.test(value) && entry["score.raw"] === undefined)
            ) {
                refuse("sense", "the score comes before the verdict");
            }
            if (/score\.(raw|scaled)$/.test(key) && before !== undefined && Number(value) < Number(before)) {
                refuse("sense", "the score goes back");
            }
        }

        function setInteraction(at, key, value) {
            if (at > platform.interactions.length) {
                return refuse(model.errors.order, "a gap in the indexes");
            }
            if (at >= INTERACTIONS_LIMIT) {
                return refuse(model.errors.order, "more answers than every platform keeps");
            }
            var answer = checkInteraction(platform.interactions[at], key, value);
            if (answer === "true") {
                platform.interactions[at] = Object.assign({}, platform.interactions[at]);
                platform.interactions[at][key] = value;
            }
            return answer;
        }

        /* What no book forbids and no learner forgives. */
        function checkSense(element, value) {
            var before = platform.values[element];
            if (/(lesson|completion|success)_status$/.test(element)) {
                if (before && RANK[value] < RANK[before]) {
                    refuse("sense", "the status goes back from " + before);
                }
                if (
                    (/^(passed|failed)$/.test(value) &&
                        model.name === "scorm12" &&
                        platform.values["cmi.core.score.raw"] === undefined) ||
                    (element === "cmi.success_status" && platform.values["cmi.score.scaled"] === undefined)
                ) {
                    refuse("sense", "the score comes before the verdict");
                }
            }
            if (/score\.(raw|scaled)$/.test(element) && before !== undefined && Number(value) < Number(before)) {
                refuse("sense", "the score goes back");
            }
        }

        var actions = {
            initialize: function () {
                if (platform.faults.initialize) {
                    return "false";
                }
                phase = "open";
                return "true";
            },
            terminate: function () {
                phase = "closed";
                if (!platform.faults.terminate) {
                    store();
                }
                return platform.faults.terminate ? "false" : "true";
            },
            get: function (element) {
                var value = readable(element);
                if (value === undefined) {
                    return (
                        refuse(
                            model.written[element] ||
                                (/^cmi\.interactions\.\d/.test(element) && !model.readsInteractions)
                                ? model.errors.writeOnly
                                : model.errors.unknown,
                            "cannot be read"
                        ),
                        ""
                    );
                }
                lastError = value === null ? model.errors.unset : "0";
                return value === null ? "" : value;
            },
            set: function (element, value) {
                if (typeof element !== "string" || typeof value !== "string") {
                    return refuse(model.errors.type, "not a string");
                }
                if (KEYWORD.test(element)) {
                    return refuse(model.errors.keyword, "a keyword cannot be written");
                }
                var interaction = /^cmi\.interactions\.(\d+)\.(.+)$/.exec(element);
                if (interaction) {
                    return setInteraction(Number(interaction[1]), interaction[2], value);
                }
                var objective = /^cmi\.objectives\.(\d+)\.(.+)$/.exec(element);
                if (objective) {
                    return setObjective(Number(objective[1]), objective[2], value);
                }
                var test = model.written[element] || (model.both[element] && model.both[element][0]);
                if (!test) {
                    return refuse(
                        element in model.readable ? model.errors.readOnly : model.errors.unknown,
                        "cannot be written"
                    );
                }
                if (!test(value)) {
                    return refuse(model.errors.type, "wrong format or range");
                }
                checkSense(element, value);
                platform.values[element] = value;
                return "true";
            },
            commit: function () {
                if (platform.faults.commit) {
                    lastError = "101";
                    return "false";
                }
                platform.commits++;
                store();
                return "true";
            },
        };

        function store() {
            platform.committed = {
                values: Object.assign({}, platform.values),
                interactions: copies(platform.interactions),
                objectives: copies(platform.objectives)
            };
        }

        platform.api = {};
        Object.keys(model.calls).forEach(function (name) {
            var action = model.calls[name];
            platform.api[name] = function () {
                var given = Array.from(arguments);
                if (action === "error") {
                    return lastError;
                }
                platform.calls.push([name].concat(given));
                if (action === "text") {
                    return "";
                }
                if (platform.faults.throws) {
                    throw new Error("the platform is away");
                }
                if (/initialize|terminate|commit/.test(action) && given[0] !== "") {
                    return refuse("201", "the parameter is an empty string");
                }
                var wrongPhase = model.errors.phases[action][phase];
                if (wrongPhase) {
                    return refuse(wrongPhase, "the session is " + phase);
                }
                if (given.length !== (action === "set" ? 2 : 1)) {
                    return refuse(model.errors.unknown, "another number of parameters");
                }
                if (action !== "get") {
                    lastError = "0";
                }
                return actions[action].apply(null, given);
            };
        });
        return platform;
    }

    root.Strict = {
        scorm12: function (memory) {
            return open(MODEL12, memory);
        },
        scorm2004: function (memory) {
            return open(MODEL2004, memory);
        }
    };
    if (typeof module === "object") {
        module.exports = root.Strict;
    }
})(typeof window === "object" ? window : globalThis);
