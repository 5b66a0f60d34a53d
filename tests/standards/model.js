/*
 * The strict model itself (generator/preview/console/strict.js): of every rule something that it takes and something
 * that it refuses, with the error that the standard names.
 */
"use strict";
const { check, equal } = require("../browser/lib/report");
const Strict = require("../../generator/preview/console/strict");

const NAMES = {
    scorm12: { begin: "LMSInitialize", end: "LMSFinish", get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit", error: "LMSGetLastError" },
    scorm2004: { begin: "Initialize", end: "Terminate", get: "GetValue", set: "SetValue", commit: "Commit", error: "GetLastError" }
};
const long = (count, word = "x") => word.repeat(count);
const list = (count, separator, make) => Array.from({ length: count }, (_, at) => make(at)).join(separator);

/* element: [what is taken], [what is refused] */
const ELEMENTS = {
    scorm12: {
        "cmi.core.lesson_location": [["", "a/b", long(255)], [long(256)]],
        "cmi.core.lesson_status": [["incomplete", "browsed"], ["not attempted", "unknown", "Incomplete", ""]],
        "cmi.core.score.raw": [["0", "85.7", "100"], ["100.1", "-1", "85,7", "1e2", " 5"]],
        "cmi.core.score.min": [["0"], ["-0.1"]],
        "cmi.core.score.max": [["100"], ["101"]],
        "cmi.core.session_time": [["00:00:00.00", "9999:59:59.99", "00:01:02"], ["0:00:00", "PT1M", "00:00:00.001", "10000:00:00"]],
        "cmi.core.exit": [["", "suspend", "time-out", "logout"], ["normal", "Suspend"]],
        "cmi.suspend_data": [[long(4096)], [long(4097), "ع"]],
        "cmi.student_preference.language": [["ar"], [long(256)]]
    },
    scorm2004: {
        "cmi.location": [["", long(1000)], [long(1001)]],
        "cmi.completion_status": [["unknown", "incomplete", "completed"], ["passed", ""]],
        "cmi.score.scaled": [["-1", "0.8571428", "1"], ["1.01", "-1.01", "0.12345678", ".5", "1e-1"]],
        "cmi.score.raw": [["-5", "1234567890.1234567"], ["12345678901", "x"]],
        "cmi.progress_measure": [["0", "0.999", "1"], ["-0.1", "1.1"]],
        "cmi.session_time": [["PT0S", "P1Y2M3DT4H5M6.78S", "PT36H"], ["PT3.123S", "P", "PT", "00:01:00", "PT1.S"]],
        "cmi.exit": [["", "suspend", "normal", "time-out", "logout"], ["suspended"]],
        "cmi.suspend_data": [[long(64000)], [long(64001)]],
        "cmi.learner_preference.language": [["", "ar", "zh-Hans"], ["arabic language", "a"]]
    }
};

/* Of an interaction of the type choice. */
const PARTS = {
    scorm12: {
        id: [["gifts", long(255), "a_b-c"], [long(256), "a b", "a.b", "هدايا", ""]],
        type: [["choice", "performance"], ["other", "long-fill-in", "Choice"]],
        time: [["09:00:00", "23:59:59.99"], ["24:00:00", "9:00:00", "2026-01-01T09:00:00.00Z"]],
        weighting: [["0", "2.5", "-1"], ["1,5", ""]],
        result: [["correct", "wrong", "unanticipated", "neutral", "0.5"], ["incorrect", "right", ""]],
        latency: [["00:00:15.00", "0123:00:00"], ["PT15S", "15"]],
        "objectives.0.id": [["integrity"], ["an objective", ""]],
        text: [[], ["no such element"]]
    },
    scorm2004: {
        id: [["gifts", "urn:a:b/c", long(4000)], [long(4001), "a b", "هدايا", ""]],
        type: [["choice", "long-fill-in", "other"], ["Choice", ""]],
        timestamp: [
            ["2026-01-01T09:00:00.00Z", "2028-02-29T23:59:59.9Z"],
            ["2026-01-01T09:00:00Z", "2026-01-01T09:00:00.123Z", "2026-02-29T09:00:00.00Z", "2026-13-01T09:00:00.00Z"]
                .concat(["2026-01-01T24:00:00.00Z", "1969-12-31T09:00:00.00Z", "2039-01-01T09:00:00.00Z", "09:00:00"])
        ],
        weighting: [["0", "-1.5"], ["1.12345678", ""]],
        result: [["correct", "incorrect", "unanticipated", "neutral", "0.333"], ["wrong", "1.12345678", ""]],
        latency: [["PT15S", "PT1.05S"], ["PT1.055S", "00:00:15"]],
        description: [["{lang=ar}" + long(250, "ع")], [`{lang=en}${long(251)}`, "without a language", `{lang=en}${long(126, "😀")}`]],
        "objectives.0.id": [["integrity"], ["an objective"]],
        text: [[], ["no such element"]]
    }
};

/* [type, [responses taken], [refused]]; a pattern is the same unless PATTERNS says otherwise. */
const RESPONSES = {
    scorm12: {
        "true-false": [["t", "f", "0", "1"], ["true", "a", ""]],
        choice: [["a", "a,c", "0,9"], ["a,a", "ac", "a, c", "a[,]c", "A", ""]],
        "fill-in": [["", "مكتب", long(255)], [long(256), "two\nlines"]],
        matching: [["a.b", "a.b,b.b"], ["ab", "a.b,", "a[.]b", list(64, ",", () => "a.b") + ",c.d"]],
        performance: [["begin.a,next.b", ""], [long(256), "ع"]],
        sequencing: [["a,b,c"], ["a b", "abc", list(129, ",", () => "a")]],
        likert: [["a", "9", ""], ["ab", "A"]],
        numeric: [["-12.5", "0"], ["12,5", "1:5", "1e3", "", "1".repeat(256)]]
    },
    scorm2004: {
        "true-false": [["true", "false"], ["t", "1", "True", ""]],
        choice: [["a", "a[,]c", "", list(36, "[,]", (at) => `c${at}`)], ["a,c", "a[,]a", "a b", list(37, "[,]", (at) => `c${at}`), long(251)]],
        "fill-in": [
            ["{lang=en}gift", "{lang=zh-Hans}礼物[,]{lang=en}", list(10, "[,]", () => "{lang=en}x")],
            [`{lang=en}${long(251)}`, list(11, "[,]", () => "{lang=en}x"), "{lang=en}a[.]b", "gift", "{lang=}x"]
        ],
        "long-fill-in": [[`{lang=ar}${long(4000, "ع")}`], [`{lang=ar}${long(4001)}`, "{lang=en}{lang=ar}x", "{lang=en}two\nlines"]],
        matching: [["a[.]b[,]b[.]b", ""], ["a.b", "a[.]b,b[.]c", "a[.]", list(37, "[,]", (at) => `a${at}[.]b`)]],
        performance: [["begin[.]a[,][.]12.5", list(250, "[,]", () => "s[.]a")], ["begin.a", "a step[.]a", list(251, "[,]", () => "s[.]a")]],
        sequencing: [["a[,]b[,]c"], ["a,b", "a b"]],
        likert: [["a"], ["", "a[,]b", "a b"]],
        numeric: [["-12.5", "1000000000.999999"], ["12,5", "1[:]5", "", "1.12345678", "12345678901"]],
        other: [[long(4000)], [long(4001)]]
    }
};
const PATTERNS = {
    scorm12: {},
    scorm2004: {
        numeric: [["1[:]5", "12.5[:]12.5"], ["12.5", "5[:]1", "1[:]", "1:5"]],
        "fill-in": [
            ["{case_matters=false}{order_matters=true}{lang=en}gift"],
            ["{order_matters=true}{case_matters=false}{lang=en}gift", "{case_matters=no}{order_matters=true}{lang=en}x", "{lang=en}gift"]
        ]
    }
};
const PATTERN_LIMITS = { "true-false": 1, choice: 10, "fill-in": 5, matching: 5, performance: 5, sequencing: 5, likert: 1, numeric: 1 };
const PATTERN = {
    choice: (at) => `c${at}`,
    "fill-in": (at) => `{case_matters=false}{order_matters=true}{lang=en}x${at}`,
    matching: (at) => `a[.]b${at}`,
    performance: (at) => `s[.]a${at}`,
    sequencing: (at) => `a[,]b${at}`,
    "true-false": (at) => String(at === 0),
    likert: (at) => `c${at}`,
    numeric: (at) => `${at}[:]${at}`
};

function open(standard) {
    const names = NAMES[standard];
    const platform = Strict[standard](null);
    const api = { platform };
    Object.keys(names).forEach((key) => {
        api[key] = (...given) => platform.api[names[key]](...given);
    });
    return api;
}

function begun(standard) {
    const api = open(standard);
    api.begin("");
    return api;
}

function expectAll(standard, what, make, taken, refused) {
    const said = (value) => {
        const { api, element } = make();
        return api.set(element, value);
    };
    equal(`${standard} ${what}: taken`, taken.filter((value) => said(value) !== "true"), []);
    equal(`${standard} ${what}: refused`, refused.filter((value) => said(value) !== "false"), []);
}

function interaction(standard, type) {
    const api = begun(standard);
    api.set("cmi.interactions.0.id", "gifts");
    if (type) {
        api.set("cmi.interactions.0.type", type);
    }
    return api;
}

function testFormats(standard) {
    Object.entries(ELEMENTS[standard]).forEach(([element, [taken, refused]]) => {
        expectAll(standard, element, () => ({ api: begun(standard), element }), taken, refused);
    });
    Object.entries(PARTS[standard]).forEach(([part, [taken, refused]]) => {
        const make = () => ({
            api: part === "id" ? begun(standard) : interaction(standard, part === "type" ? "" : "choice"),
            element: `cmi.interactions.0.${part}`
        });
        expectAll(standard, part, make, taken, refused);
    });
    const response = standard === "scorm12" ? "student_response" : "learner_response";
    Object.entries(RESPONSES[standard]).forEach(([type, [taken, refused]]) => {
        const [right, wrong] = PATTERNS[standard][type] || [taken, refused];
        const at = (name) => () => ({ api: interaction(standard, type), element: `cmi.interactions.0.${name}` });
        expectAll(standard, `response of ${type}`, at(response), taken, refused);
        expectAll(standard, `pattern of ${type}`, at("correct_responses.0.pattern"), right, wrong);
    });
}

/* What is called, in order; the last call's answer and the error after it. */
function testOrder(standard, calls) {
    calls.forEach(([name, steps, answer, error]) => {
        const api = open(standard);
        let said = "";
        steps.forEach(([call, ...given]) => {
            said = api[call](...given);
        });
        equal(`${standard}: ${name}`, [said, error === undefined ? undefined : api.error()], [answer, error]);
    });
}

const BEGUN = ["begin", ""],
    ENDED = ["end", ""];
const gifts = (part, value) => ["set", `cmi.interactions.0.${part}`, value];

const SAME_ORDER = (errors, response) => [
    ["Initialize wants an empty text", [["begin"]], "false", "201"],
    ["Commit wants an empty text", [BEGUN, ["commit", "now"]], "false", "201"],
    ["a value is a text", [BEGUN, ["set", "cmi.suspend_data", 5]], "false", errors.type],
    ["a value is there", [BEGUN, ["set", "cmi.suspend_data"]], "false", errors.unknown],
    ["Initialize comes once", [BEGUN, BEGUN], "false", errors.twice],
    ["nothing is set before", [["set", "cmi.suspend_data", ""]], "false", errors.setBefore],
    ["nothing is read before", [["get", "cmi.suspend_data"]], "false", errors.getBefore],
    ["nothing is committed before", [["commit", ""]], "false", errors.commitBefore],
    ["Terminate ends something", [ENDED], "false", errors.endBefore],
    ["nothing is set after Terminate", [BEGUN, ENDED, ["set", "cmi.suspend_data", ""]], "false", errors.setAfter],
    ["nothing is committed after it", [BEGUN, ENDED, ["commit", ""]], "false", errors.commitAfter],
    ["Terminate comes once", [BEGUN, ENDED, ENDED], "false", errors.endAfter],
    ["a launch ends once", [BEGUN, ENDED, BEGUN], "false", errors.beginAfter],
    ["an unknown element", [BEGUN, ["set", "cmi.core.mood", "good"]], "false", errors.unknown],
    ["a count is not written", [BEGUN, ["set", "cmi.interactions._count", "1"]], "false", errors.keyword],
    ["an answer begins with its id", [BEGUN, gifts("type", "choice")], "false", errors.dependency],
    ["its type comes before the response", [BEGUN, gifts("id", "a"), gifts(response, "a")], "false", errors.dependency],
    ["and before patterns", [BEGUN, gifts("id", "a"), gifts("correct_responses.0.pattern", "a")], "false", errors.dependency],
    ["indexes have no gaps", [BEGUN, ["set", "cmi.interactions.1.id", "a"]], "false", errors.order],
    ["nor those of patterns", [BEGUN, gifts("id", "a"), gifts("type", "choice"), gifts("correct_responses.1.pattern", "a")], "false", errors.order],
    ["nor those of objectives", [BEGUN, gifts("id", "a"), gifts("objectives.1.id", "o")], "false", errors.order],
    ["an objective stands once", [BEGUN, gifts("id", "a"), gifts("objectives.0.id", "o"), gifts("objectives.1.id", "o")], "false", errors.order],
    ["a pattern stands once", [BEGUN, gifts("id", "a"), gifts("type", "choice"), gifts("correct_responses.0.pattern", "a"), gifts("correct_responses.1.pattern", "a")], "false", errors.order],
    ["250 answers are kept", [BEGUN].concat(Array.from({ length: 250 }, (_, at) => ["set", `cmi.interactions.${at}.id`, "a"])), "true", "0"],
    ["and not more", [BEGUN].concat(Array.from({ length: 251 }, (_, at) => ["set", `cmi.interactions.${at}.id`, "a"])), "false", errors.order]
];

exports.run = () => {
    testFormats("scorm12");
    testFormats("scorm2004");
    testOrder(
        "scorm12",
        SAME_ORDER(
            {
                type: "405", unknown: "201", keyword: "402", dependency: "201", order: "201", twice: "101", beginAfter: "101",
                setBefore: "301", getBefore: "301", commitBefore: "301", endBefore: "301", setAfter: "301", commitAfter: "301", endAfter: "301"
            },
            "student_response"
        ).concat([
            ["what only the platform says", [BEGUN, ["set", "cmi.core.student_id", "x"]], "false", "403"],
            ["what is only written", [BEGUN, ["get", "cmi.core.session_time"]], "", "404"],
            ["answers are only written", [BEGUN, gifts("id", "a"), ["get", "cmi.interactions.0.id"]], "", "404"]
        ])
    );
    testOrder(
        "scorm2004",
        SAME_ORDER(
            {
                type: "406", unknown: "401", keyword: "404", dependency: "408", order: "351", twice: "103", beginAfter: "104",
                setBefore: "132", getBefore: "122", commitBefore: "142", endBefore: "112", setAfter: "133", commitAfter: "143", endAfter: "113"
            },
            "learner_response"
        ).concat([
            ["what only the platform says", [BEGUN, ["set", "cmi.learner_id", "x"]], "false", "404"],
            ["what is only written", [BEGUN, ["get", "cmi.exit"]], "", "405"],
            ["answers can be read", [BEGUN, gifts("id", "a"), ["get", "cmi.interactions.0.id"]], "a", "0"],
            ["what has not been written", [BEGUN, ["get", "cmi.location"]], "", "403"]
        ])
    );
    Object.entries(PATTERN_LIMITS).forEach(([type, limit]) => {
        const api = interaction("scorm2004", type);
        const said = Array.from({ length: limit + 1 }, (_, at) => api.set(`cmi.interactions.0.correct_responses.${at}.pattern`, PATTERN[type](at)));
        equal(`scorm2004: ${limit} patterns of ${type}`, said.map(String), Array(limit).fill("true").concat("false"));
    });
    const api = begun("scorm2004");
    api.set("cmi.suspend_data", "x");
    check("what was refused is on record", api.platform.rejected.length === 0 && api.set("cmi.exit", "x") === "false" && api.platform.rejected.length === 1);
};
