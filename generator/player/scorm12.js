/*
 * How SCORM 1.2 says what the course has to say. A dialect has no state and makes no calls: it turns what is to be
 * reported into an ordered list of [element, value], so that its every word can be tested without a browser. What
 * depends on the course's platform profile is added by under(course).
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});
    var format = Probity.format;

    var LIMIT = 255;

    /* No status is ever taken back, whatever the course has become since. */
    var RANK = { incomplete: 1, failed: 2, completed: 3, passed: 4 };
    var EXIT = { suspend: "suspend", normal: "" };

    /* On one line. */
    function cut(text) {
        return format.cut(text.replace(/\s+/g, " "), LIMIT);
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

    /* One status for completion and success: a graded course is incomplete until it is decided. */
    function statusOf(profile, told) {
        return told.success === "passed" ? profile.lesson_passed : told.success || (told.completed && told.ungraded && "completed");
    }

    function report(course, keeperReport) {
        var profile = course.profile,
            told = Probity.profiled(course, keeperReport);
        var status = statusOf(profile, told);
        var isBehind = RANK[status] < RANK[told.known.status];
        var values = [
            ["cmi.suspend_data", told.state],
            ["cmi.core.lesson_location", told.location]
        ];
        if (told.seconds !== undefined) {
            values.push(["cmi.core.session_time", format.timespan(told.seconds)]);
        }
        /* A platform may make a failure of a score by itself. */
        if (told.scorePermille !== undefined && !(isBehind && status === "failed")) {
            if (profile.sends_optional) {
                values.push(["cmi.core.score.min", "0"], ["cmi.core.score.max", "100"]);
            }
            values.push(["cmi.core.score.raw", format.percent(told.scorePermille)]);
        }
        if (status && !isBehind) {
            values.push(["cmi.core.lesson_status", status]);
        }
        return profile.exit_when_over === "suspend" ? values : values.concat([["cmi.core.exit", EXIT[told.exit]]]);
    }

    /* What the platform says of former launches, in neutral words. */
    function understand(course, values) {
        var mark = parseFloat(values.passMark),
            score = parseFloat(values.score);
        var isPassed =
            values.status === "passed" || (values.status === course.profile.lesson_passed && Probity.isGraded(course));
        return {
            name: values.name,
            status: values.status,
            isNew: values.status === "" || values.status === "not attempted",
            passed: isPassed,
            completed: isPassed || values.status === "completed",
            failed: values.status === "failed",
            scorePermille: score >= 0 ? Math.round(score * 10) : null,
            passPermille: mark >= 0 && mark <= 100 ? Math.round(mark * 10) : null
        };
    }

    Probity.scorm12 = {
        name: "scorm12",
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

        begin: function (isNew) {
            return (isNew ? [["cmi.core.lesson_status", "incomplete"]] : []).concat([["cmi.core.exit", "suspend"]]);
        },

        /* The dialect in which this course speaks. */
        under: function (course) {
            var dialect = Object.assign({}, Probity.scorm12, {
                commitBeforeTerminate: course.profile.commits_before_finish,
                sendsAnswers: course.profile.sends_optional,
                elements: Probity.elementsFor(course, Probity.scorm12.elements, course.profile.sends_optional),
                connect: function (world) {
                    return Probity.connectScorm(dialect, world);
                },
                understand: understand.bind(null, course),
                report: report.bind(null, course)
            });
            return dialect;
        },

        objectiveKeys: ["id", "status", "score.raw"],

        understandObjective: function (values) {
            var score = parseFloat(values["score.raw"]);
            return {
                id: values.id,
                status: values.status,
                permille: score >= 0 ? Math.round(score * 10) : null
            };
        },

        /* `isNew`: the platform does not know it yet. */
        objective: function (index, standing, isNew) {
            var prefix = "cmi.objectives." + index + ".";
            return (isNew ? [[prefix + "id", standing.id]] : [])
                .concat(
                    standing.permille === null
                        ? []
                        : [
                              [prefix + "score.min", "0"],
                              [prefix + "score.max", "100"],
                              [prefix + "score.raw", format.percent(standing.permille)]
                          ]
                )
                .concat([[prefix + "status", standing.status]]);
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
