/* How SCORM 2004 (4th edition) says what the course has to say. See scorm12.js for what a dialect is. */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});
    var format = Probity.format;

    /* What the standard promises to keep of texts, their {lang=…} aside. */
    var TEXT_LIMIT = 250,
        LONG_LIMIT = 4000,
        TEXTS_LIMIT = 10;

    /* A text must hold nothing that the format reads as its own: "[,]" becomes "(,)". Some platforms take one line only. */
    function marked(text, language, limit) {
        var plain = text.replace(/\s+/g, " ").replace(/\[(?=[,.:]\])/g, "(").replace(/\(([,.:])\]/g, "($1)").replace(/^\{/, "(");
        return "{lang=" + language + "}" + format.cut(plain, limit);
    }

    function texts(list, language) {
        return list
            .slice(0, TEXTS_LIMIT)
            .map(function (text) {
                return marked(text, language, TEXT_LIMIT);
            })
            .join("[,]");
    }

    var interactions = Probity.openInteractions({
        separator: "[,]",
        between: "[.]",
        truth: { a: "true", b: "false" },
        wrong: "incorrect",
        pairsLimit: Infinity,
        reflection: "long-fill-in",
        text: texts,
        pattern: function (list, language, doesCaseCount) {
            return "{case_matters=" + Boolean(doesCaseCount) + "}{order_matters=true}" + texts(list, language);
        },
        long: function (text, language) {
            return marked(text, language, LONG_LIMIT);
        },
        range: function (answer, from, to) {
            return from + "[:]" + to;
        }
    });

    function report(course, keeperReport) {
        var told = Probity.profiled(course, keeperReport);
        var values = [
            ["cmi.suspend_data", told.state],
            ["cmi.location", told.location]
        ];
        if (told.seconds !== undefined) {
            values.push(["cmi.session_time", format.duration(told.seconds)]);
        }
        if (told.scorePermille !== undefined) {
            values.push(
                ["cmi.score.min", "0"],
                ["cmi.score.max", "100"],
                ["cmi.score.raw", format.percent(told.scorePermille)],
                ["cmi.score.scaled", format.ratio(told.scorePermille)]
            );
        }
        if (told.success) {
            values.push(["cmi.success_status", told.success]);
        }
        if (told.progressPermille !== undefined) {
            values.push(["cmi.progress_measure", format.ratio(told.progressPermille)]);
        }
        if (told.completed) {
            values.push(["cmi.completion_status", "completed"]);
        }
        return course.profile.exit_when_over === "suspend" ? values : values.concat([["cmi.exit", told.exit]]);
    }

    /* `isNew`: the platform does not know it yet; those of the manifest it does. */
    function objective(course, index, standing, isNew) {
        var prefix = "cmi.objectives." + index + ".";
        var title = course.objective_titles && course.objective_titles[standing.id];
        var isJudged = standing.status === "passed" || standing.status === "failed";
        return (isNew ? [[prefix + "id", standing.id]] : [])
            .concat(title ? [[prefix + "description", marked(title, course.language, TEXT_LIMIT)]] : [])
            .concat(
                standing.permille === null
                    ? []
                    : [
                          [prefix + "score.min", "0"],
                          [prefix + "score.max", "100"],
                          [prefix + "score.raw", format.percent(standing.permille)],
                          [prefix + "score.scaled", format.ratio(standing.permille)]
                      ]
            )
            .concat(isJudged ? [[prefix + "success_status", standing.status]] : [])
            .concat([[prefix + "completion_status", standing.status === "incomplete" ? "incomplete" : "completed"]]);
    }

    Probity.scorm2004 = {
        name: "scorm2004",
        api: "API_1484_11",
        calls: {
            initialize: "Initialize",
            get: "GetValue",
            set: "SetValue",
            commit: "Commit",
            terminate: "Terminate",
            error: "GetLastError"
        },
        /* Not initialized, though it was; has no such element; elements without which nothing is recorded. */
        lostErrors: ["112", "122", "132", "142"],
        missingErrors: ["401", "402"],
        essential: ["cmi.suspend_data", "cmi.completion_status", "cmi.success_status", "cmi.score.scaled"],
        stateLimit: 64000,
        /* Terminate commits; some platforms refuse a Commit just before it. */
        commitBeforeTerminate: false,
        sendsAnswers: true,

        elements: {
            learner: "cmi.learner_id",
            name: "cmi.learner_name",
            mode: "cmi.mode",
            credit: "cmi.credit",
            location: "cmi.location",
            state: "cmi.suspend_data",
            status: "cmi.completion_status",
            success: "cmi.success_status",
            score: "cmi.score.scaled",
            passMark: "cmi.scaled_passing_score",
            interactions: "cmi.interactions._count"
        },

        understand: function (values) {
            var mark = parseFloat(values.passMark),
                score = parseFloat(values.score);
            return {
                name: values.name,
                isNew: values.status !== "completed" && values.status !== "incomplete",
                passed: values.success === "passed",
                completed: values.status === "completed",
                failed: values.success === "failed",
                scorePermille: score >= 0 ? Math.round(score * 1000) : null,
                passPermille: mark >= 0 && mark <= 1 ? Math.round(mark * 1000) : null
            };
        },

        begin: function (isNew) {
            return (isNew ? [["cmi.completion_status", "incomplete"]] : []).concat([["cmi.exit", "suspend"]]);
        },

        /* The dialect in which this course speaks. */
        under: function (course) {
            var dialect = Object.assign({}, Probity.scorm2004, {
                connect: function (world) {
                    return Probity.connectScorm(dialect, world);
                },
                elements: Probity.elementsFor(course, Probity.scorm2004.elements, true),
                report: report.bind(null, course),
                objective: objective.bind(null, course)
            });
            return dialect;
        },

        objectiveKeys: ["id", "success_status", "completion_status", "score.scaled"],

        understandObjective: function (values) {
            var score = parseFloat(values["score.scaled"]),
                success = values.success_status;
            return {
                id: values.id,
                status: success === "passed" || success === "failed" ? success : values.completion_status,
                permille: score >= 0 ? Math.round(score * 1000) : null
            };
        },

        interaction: function (index, record) {
            var prefix = "cmi.interactions." + index + ".";
            var right = interactions.right(record),
                at = format.timestamp(record.at);
            return [
                [prefix + "id", record.id],
                [prefix + "type", interactions.type(record)]
            ]
                .concat(at ? [[prefix + "timestamp", at]] : [])
                .concat(
                    record.skeleton.objective ? [[prefix + "objectives.0.id", record.skeleton.objective]] : []
                )
                .concat(right ? [[prefix + "correct_responses.0.pattern", right]] : [])
                .concat([
                    [prefix + "weighting", String(record.weight)],
                    [prefix + "learner_response", interactions.given(record)],
                    [prefix + "result", interactions.result(record)],
                    [prefix + "latency", format.duration(record.seconds)]
                ])
                .concat(
                    record.words
                        ? [[prefix + "description", "{lang=" + record.language + "}" + format.cut(record.words, TEXT_LIMIT)]]
                        : []
                );
        }
    };
})();
