/*
 * A session is one launch under a platform. It knows no course: what is said is the dialect's part, when it is said is
 * keeper.js's. A dialect opens its own kind: `dialect.connect(world)` promises a session, or null where there is no
 * platform. Every kind has
 *
 *   dialect                     what turns reports into values
 *   open(): Promise             what the platform knows of the learner: {learner, mode, location, state, isNew, passed,
 *                               completed, failed, passPermille}; null where it does not open
 *   records                     after open: whether anything may be written (false in a review)
 *   send(values): boolean       hands over what dialect.report made; false where the platform refused some of it
 *   sendInteraction(record)     hands over an answer, once
 *   commit(): Promise<boolean>  whether the platform says that it has kept what was handed over before this call
 *   commitNow(): boolean        the same at once, for a page that is hidden or going; false also where nobody can know
 *   isOpen(): boolean
 *   close(): Promise<boolean>   ends the launch, once; what it has to do is done before it returns
 *
 * None of them throws or rejects. This file is the kind that both SCORM standards share: Initialize, values, Commit,
 * Terminate. No call is made after Terminate.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var FIND_EVERY_MS = 100,
        FIND_FOR_MS = 2000;

    /* Platforms answer "true", true, 1 or "1". */
    function isTrue(value) {
        return /^(true|1)$/.test(String(value));
    }

    function openSession(dialect, api) {
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

        session.open = function () {
            isOpen = isTrue(call("initialize", ""));
            if (!isOpen) {
                return Promise.resolve(null);
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
                session.commitNow();
            }
            return Promise.resolve(known);
        };

        /* The others are sent even where one is refused. */
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

        /* Where a platform takes no answers, the course goes on without. */
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

        session.commitNow = function () {
            return isOpen && session.records && isTrue(call("commit", ""));
        };

        session.commit = function () {
            return Promise.resolve(session.commitNow());
        };

        session.isOpen = function () {
            return isOpen;
        };

        session.close = function () {
            if (!isOpen) {
                return Promise.resolve(false);
            }
            if (session.records && dialect.commitBeforeTerminate) {
                session.commitNow();
            }
            isOpen = false;
            return Promise.resolve(isTrue(call("terminate", "")));
        };
        return session;
    }

    Probity.connectScorm = function (dialect, world) {
        var deadline = world.monotonic() + FIND_FOR_MS;
        return new Promise(function (resolve) {
            (function look() {
                var api = Probity.findApi(dialect.api, world.view);
                if (api || !Probity.mayHavePlatform(world.view) || world.monotonic() > deadline) {
                    resolve(api ? openSession(dialect, api) : null);
                } else {
                    /* Some platforms put their object there after the course has loaded. */
                    world.setTimeout(look, FIND_EVERY_MS);
                }
            })();
        });
    };
})();
