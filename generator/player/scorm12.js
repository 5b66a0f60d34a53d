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
    var TRUTH = { a: "t", b: "f" };

    function answer(record, letters) {
        switch (record.kind) {
            case "true-false":
                return TRUTH[letters];
            case "scenario":
                return letters
                    .map(function (part) {
                        return part[0] + "." + part[1];
                    })
                    .join(",")
                    .slice(0, 255);
            default:
                return Array.from(letters).join(",");
        }
    }

    function result(permille) {
        return permille === 1000 ? "correct" : permille === 0 ? "wrong" : format.ratio(permille);
    }

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
        stateLimit: 4096,
        commitBeforeTerminate: true,

        /* What is read once, at the start. */
        elements: {
            learner: "cmi.core.student_id",
            mode: "cmi.core.lesson_mode",
            credit: "cmi.core.credit",
            location: "cmi.core.lesson_location",
            state: "cmi.suspend_data",
            status: "cmi.core.lesson_status",
            passMark: "cmi.student_data.mastery_score",
            interactions: "cmi.interactions._count"
        },

        /* What the platform says of former launches, in neutral words. */
        understand: function (values) {
            var mark = parseFloat(values.passMark);
            return {
                isNew: values.status === "" || values.status === "not attempted",
                passed: values.status === "passed",
                completed: values.status === "passed" || values.status === "completed",
                failed: values.status === "failed",
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
            var values = [
                [prefix + "id", record.id],
                [
                    prefix + "type",
                    record.kind === "true-false"
                        ? "true-false"
                        : record.kind === "scenario"
                          ? "performance"
                          : "choice"
                ],
                [prefix + "time", format.timeOfDay(record.at)]
            ];
            if (record.right) {
                values.push([prefix + "correct_responses.0.pattern", answer(record, record.right)]);
            }
            values.push(
                [prefix + "weighting", String(record.weight)],
                [prefix + "student_response", answer(record, record.given)],
                [prefix + "result", result(record.permille)],
                [prefix + "latency", format.timespan(record.seconds)]
            );
            return values;
        }
    };
})();
