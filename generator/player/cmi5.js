/*
 * How cmi5 says what the course has to say. The launch itself is held by the shell (cmi5-launch.js), which outlives the
 * pages of the languages; a page's session hands over to it. Reports go as they are: the launch makes statements of
 * them. Answers are "cmi5 allowed" statements, whose form is that of SCORM 2004.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var PREFIX = "cmi.interactions.0.";

    /* {id, type, learner_response, correct_responses.0.pattern, result, latency} and the question in words. */
    function answer(record) {
        var parts = { words: record.words, language: record.language, at: record.at };
        Probity.scorm2004.interaction(0, record).forEach(function (pair) {
            parts[pair[0].slice(PREFIX.length)] = pair[1];
        });
        return parts;
    }

    function openSession(launch) {
        var session = {
            dialect: Probity.cmi5,
            records: false,
            open: function () {
                return launch.open().then(function (known) {
                    session.records = launch.records;
                    return known;
                });
            },
            send: function (values) {
                return launch.isOpen() && values.every(launch.report);
            },
            sendInteraction: function (record) {
                launch.answer(answer(record));
            },
            /* The specification has no place for them. */
            sendStanding: function () {},
            commit: launch.commit,
            commitNow: launch.commitNow,
            isOpen: launch.isOpen,
            close: launch.close
        };
        return session;
    }

    Probity.cmi5 = {
        name: "cmi5",
        connect: function (world) {
            var launch = null;
            try {
                launch = world.view.parent.ProbityLaunch || null;
            } catch (error) {
                /* The page stands alone, or in a frame of somebody else's. */
            }
            return Promise.resolve(launch && openSession(launch));
        },
        report: function (report) {
            return [report];
        }
    };
})();
