/* How SCORM 2004 (4th edition) says what the course has to say. See scorm12.js for what a dialect is. */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});
    var format = Probity.format;

    var TRUTH = { a: "true", b: "false" };
    /* The standard promises to keep this much of a description, its {lang=…} aside. */
    var DESCRIPTION_LIMIT = 250;

    function answer(record, letters) {
        switch (record.kind) {
            case "true-false":
                return TRUTH[letters];
            case "scenario":
                return letters
                    .map(function (part) {
                        return part[0] + "[.]" + part[1];
                    })
                    .join("[,]");
            default:
                return Array.from(letters).join("[,]");
        }
    }

    function result(permille) {
        return permille === 1000 ? "correct" : permille === 0 ? "incorrect" : format.ratio(permille);
    }

    Probity.scorm2004 = {
        name: "scorm2004",
        connect: function (world) {
            return Probity.connectScorm(Probity.scorm2004, world);
        },
        api: "API_1484_11",
        calls: {
            initialize: "Initialize",
            get: "GetValue",
            set: "SetValue",
            commit: "Commit",
            terminate: "Terminate",
            error: "GetLastError"
        },
        stateLimit: 64000,
        /* Terminate commits; some platforms refuse a Commit just before it. */
        commitBeforeTerminate: false,

        elements: {
            learner: "cmi.learner_id",
            mode: "cmi.mode",
            credit: "cmi.credit",
            location: "cmi.location",
            state: "cmi.suspend_data",
            status: "cmi.completion_status",
            success: "cmi.success_status",
            passMark: "cmi.scaled_passing_score",
            interactions: "cmi.interactions._count"
        },

        understand: function (values) {
            var mark = parseFloat(values.passMark);
            return {
                isNew: values.status !== "completed" && values.status !== "incomplete",
                passed: values.success === "passed",
                completed: values.status === "completed",
                failed: values.success === "failed",
                passPermille: mark >= 0 && mark <= 1 ? Math.round(mark * 1000) : null
            };
        },

        begin: function (isNew) {
            return (isNew ? [["cmi.completion_status", "incomplete"]] : []).concat([["cmi.exit", "suspend"]]);
        },

        report: function (report) {
            var values = [
                ["cmi.suspend_data", report.state],
                ["cmi.location", report.location]
            ];
            if (report.seconds !== undefined) {
                values.push(["cmi.session_time", format.duration(report.seconds)]);
            }
            if (report.scorePermille !== undefined) {
                values.push(
                    ["cmi.score.min", "0"],
                    ["cmi.score.max", "100"],
                    ["cmi.score.raw", format.percent(report.scorePermille)],
                    ["cmi.score.scaled", format.ratio(report.scorePermille)]
                );
            }
            if (report.success) {
                values.push(["cmi.success_status", report.success]);
            }
            if (report.progressPermille !== undefined) {
                values.push(["cmi.progress_measure", format.ratio(report.progressPermille)]);
            }
            if (report.completed) {
                values.push(["cmi.completion_status", "completed"]);
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
                [prefix + "timestamp", format.timestamp(record.at)]
            ];
            if (record.right) {
                values.push([prefix + "correct_responses.0.pattern", answer(record, record.right)]);
            }
            values.push(
                [prefix + "weighting", String(record.weight)],
                [prefix + "learner_response", answer(record, record.given)],
                [prefix + "result", result(record.permille)],
                [prefix + "latency", format.duration(record.seconds)]
            );
            if (record.words) {
                values.push([
                    prefix + "description",
                    "{lang=" + record.language + "}" + format.cut(record.words, DESCRIPTION_LIMIT)
                ]);
            }
            return values;
        }
    };
})();
