/*
 * One launch under a platform: Initialize, values, Commit, Terminate once. It knows no course: what is said is the
 * dialect's part, when it is said is keeper.js's. No call ever throws out of here, and none is made after Terminate.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    /* Platforms answer "true", true, 1 or "1". */
    function isTrue(value) {
        return /^(true|1)$/.test(String(value));
    }

    Probity.openSession = function (dialect, api) {
        var isOpen = false;
        var sent = new Map();
        var nextInteraction = 0;
        var session = { dialect: dialect, records: false, rejected: [] };

        function call(name, first, second) {
            try {
                return second === undefined
                    ? api[dialect.calls[name]](first)
                    : api[dialect.calls[name]](first, second);
            } catch (error) {
                return "";
            }
        }

        function get(element) {
            var value = call("get", element);
            return value === null || value === undefined ? "" : String(value);
        }

        function set(element, value) {
            if (sent.get(element) === value) {
                return true;
            }
            if (isTrue(call("set", element, value))) {
                sent.set(element, value);
                return true;
            }
            session.rejected.push([element, value, String(call("error"))]);
            return false;
        }

        /* What the platform knows of the learner, or null where it does not open. */
        session.open = function () {
            isOpen = isTrue(call("initialize", ""));
            if (!isOpen) {
                return null;
            }
            var values = {};
            Object.keys(dialect.elements).forEach(function (key) {
                values[key] = get(dialect.elements[key]);
            });
            nextInteraction = parseInt(values.interactions, 10) || 0;
            /* A platform that names no mode or credit means the usual one. */
            session.records = values.mode !== "review" && values.mode !== "browse" && values.credit !== "no-credit";
            var known = dialect.understand(values);
            known.mode = values.mode === "review" || values.mode === "browse" ? values.mode : "normal";
            known.learner = values.learner;
            known.location = values.location;
            known.state = values.state;
            if (session.records) {
                /*
                 * At once: whatever happens later, the platform knows that the course is not finished and is to be
                 * resumed.
                 */
                session.send(dialect.begin(known.isNew));
                session.commit();
            }
            return known;
        };

        /* False where the platform refused a value; the others are sent all the same. */
        session.send = function (values) {
            return (
                isOpen &&
                session.records &&
                values
                    .map(function (pair) {
                        return set(pair[0], pair[1]);
                    })
                    .every(Boolean)
            );
        };

        /* An answer is sent once. Where a platform takes no answers, the course goes on without. */
        session.sendInteraction = function (record) {
            if (
                isOpen &&
                session.records &&
                session.send(dialect.interaction(nextInteraction, record).slice(0, 1))
            ) {
                session.send(dialect.interaction(nextInteraction, record).slice(1));
                nextInteraction++;
            }
        };

        session.commit = function () {
            return isOpen && session.records && isTrue(call("commit", ""));
        };

        session.isOpen = function () {
            return isOpen;
        };

        session.close = function () {
            if (!isOpen) {
                return false;
            }
            if (session.records && dialect.commitBeforeTerminate) {
                session.commit();
            }
            isOpen = false;
            return isTrue(call("terminate", ""));
        };
        return session;
    };
})();
