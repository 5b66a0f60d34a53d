/*
 * How SCORM 1.2 says what the course has to say. A dialect has no state and makes no calls: it turns what is to be
 * reported into an ordered list of [element, value], so that its every word can be tested without a browser.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});
    var format = Probity.format;

    /* One status for completion and success: a course is incomplete until it is decided. */
    var STATUS = { passed: "passed", failed: "failed", completed: "completed", incomplete: "incomplete" };
    var LIMIT = 255;

    /* Platforms count as their strings do, in which some characters count twice. */
    function cut(text) {
        var short = text;
        for (var limit = LIMIT; short.length > LIMIT; limit--) {
            short = format.cut(text, limit);
        }
        return short;
    }

    var interactions = Probity.openInteractions({
        separator: ",",
        between: ".",
        truth: { a: "t", b: "f" },
        wrong: "wrong",
        pairsLimit: LIMIT,
        reflection: "fill-in",
        text: function (texts) {
            return cut(texts.join(", "));
        },
        pattern: function (texts) {
            return cut(texts.join(", "));
        },
        long: cut,
        /* There are no ranges. */
        range: function (answer) {
            return answer;
        }
    });

    Probity.scorm12 = {
        name: "scorm12",
        connect: function (world) {
            return Probity.connectScorm(Probity.scorm12, world);
        },
        api: "API",
        calls: {
            initialize: "LMSInitialize",
            get: "LMSGetValue",
            set: "LMSSetValue",
            commit: "LMSCommit",
            terminate: "LMSFinish",
            error: "LMSGetLastError"
        },
        /* Not initialized, though it was; has no such element; elements without which nothing is recorded. */
        lostErrors: ["301"],
        missingErrors: ["401"],
        essential: ["cmi.suspend_data", "cmi.core.lesson_status", "cmi.core.score.raw"],
        stateLimit: 4096,
        commitBeforeTerminate: true,

        /* What is read once, at the start. */
        elements: {
            learner: "cmi.core.student_id",
            name: "cmi.core.student_name",
            mode: "cmi.core.lesson_mode",
            credit: "cmi.core.credit",
            location: "cmi.core.lesson_location",
            state: "cmi.suspend_data",
            status: "cmi.core.lesson_status",
            score: "cmi.core.score.raw",
            passMark: "cmi.student_data.mastery_score",
            interactions: "cmi.interactions._count"
        },

        /* What the platform says of former launches, in neutral words. */
        understand: function (values) {
            var mark = parseFloat(values.passMark),
                score = parseFloat(values.score);
            return {
                name: values.name,
                isNew: values.status === "" || values.status === "not attempted",
                passed: values.status === "passed",
                completed: values.status === "passed" || values.status === "completed",
                failed: values.status === "failed",
                scorePermille: score >= 0 ? Math.round(score * 10) : null,
                passPermille: mark >= 0 && mark <= 100 ? Math.round(mark * 10) : null
            };
        },

        begin: function (isNew) {
            return (isNew ? [["cmi.core.lesson_status", "incomplete"]] : []).concat([["cmi.core.exit", "suspend"]]);
        },

        report: function (report) {
            var values = [
                ["cmi.suspend_data", report.state],
                ["cmi.core.lesson_location", report.location]
            ];
            if (report.seconds !== undefined) {
                values.push(["cmi.core.session_time", format.timespan(report.seconds)]);
            }
            if (report.scorePermille !== undefined) {
                values.push(
                    ["cmi.core.score.min", "0"],
                    ["cmi.core.score.max", "100"],
                    ["cmi.core.score.raw", format.percent(report.scorePermille)]
                );
            }
            if (report.success || (report.completed && report.ungraded)) {
                values.push(["cmi.core.lesson_status", STATUS[report.success || "completed"]]);
            }
            return values;
        },

        interaction: function (index, record) {
            var prefix = "cmi.interactions." + index + ".";
            var right = interactions.right(record);
            return [
                [prefix + "id", record.id],
                [prefix + "type", interactions.type(record)],
                [prefix + "time", format.timeOfDay(record.at)]
            ]
                .concat(
                    record.skeleton.objective ? [[prefix + "objectives.0.id", record.skeleton.objective]] : []
                )
                .concat(right ? [[prefix + "correct_responses.0.pattern", right]] : [])
                .concat([
                    [prefix + "weighting", String(record.weight)],
                    [prefix + "student_response", interactions.given(record)],
                    [prefix + "result", interactions.result(record)],
                    [prefix + "latency", format.timespan(record.seconds)]
                ]);
        }
    };
})();
