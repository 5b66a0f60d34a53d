/*
 * A session is one launch under a platform. It knows no course: what is said is the dialect's part, when it is said is
 * keeper.js's. A dialect opens its own kind: `dialect.connect(world)` promises a session, or null where there is no
 * platform. Every kind has
 *
 *   dialect                     what turns reports into values
 *   known                       after open: what it promised
 *   open(): Promise             what the platform knows of the learner: {learner, mode, location, state, isNew, passed,
 *                               completed, failed, passPermille}; null where it does not open, and then it may be called again
 *   records                     after open: whether anything may be written (false in a review)
 *   send(values): boolean       hands over what dialect.report made; false where the platform refused some of it
 *   sendInteraction(record)     hands over an answer, once
 *   sendStanding(list)          hands over where the learner stands with objectives (objective.js)
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
    /* What every platform must keep; further answers are in the state all the same. */
    var INTERACTIONS_LIMIT = 250;

    var FIND_EVERY_MS = 100,
        FIND_FOR_MS = 2000;

    /* Platforms answer "true", true, 1 or "1". */
    function isTrue(value) {
        return /^(true|1)$/.test(String(value));
    }

    function openSession(world, dialect, api) {
        var isBegun = false,
            isOpen = false,
            isLost = false,
            hasThrown = false,
            isRead = false;
        var sent = new Map();
        var nextInteraction = 0,
            unconfirmed = [],
            deferred = [];
        /* What the platform has: id → {index, standing}; null where it has no objectives, or the course none. */
        var objectives = null,
            nextObjective = 0;
        var session = { dialect: dialect, records: false };

        function call(name, first, second) {
            try {
                return second === undefined
                    ? api[dialect.calls[name]](first)
                    : api[dialect.calls[name]](first, second);
            } catch (error) {
                hasThrown = true;
                /* Another object in its place knows nothing of what was opened here. */
                var other = Probity.findApi(dialect.api, world.view);
                isLost = isLost || Boolean(other && other !== api);
                return "";
            }
        }

        function get(element) {
            var value = call("get", element);
            return value === null || value === undefined ? "" : String(value);
        }

        function errorCode() {
            var code = String(call("error"));
            isLost = isLost || dialect.lostErrors.indexOf(code) >= 0;
            return code;
        }

        function set(element, value) {
            if (sent.get(element) === value) {
                return true;
            }
            var isTaken = isTrue(call("set", element, value));
            if (!isTaken) {
                var code = errorCode();
                /* Optional elements that a platform does not have keep nobody from passing. */
                isTaken =
                    dialect.missingErrors.indexOf(code) >= 0 && dialect.essential.indexOf(element) < 0;
            }
            if (isTaken) {
                sent.set(element, value);
                isRead = isRead && element !== dialect.elements.state;
            }
            return isTaken;
        }

        function setAll(values) {
            return values
                .map(function (pair) {
                    return set(pair[0], pair[1]);
                })
                .every(Boolean);
        }

        /* Some stand there before anything was told: those of the manifest, in the platform's order. */
        function readObjectives(count) {
            objectives = /^\d+$/.test(count) ? new Map() : null;
            nextObjective = parseInt(count, 10);
            for (var index = 0; objectives && index < nextObjective; index++) {
                var values = {};
                dialect.objectiveKeys.forEach(function (key) {
                    var element = "cmi.objectives." + index + "." + key;
                    values[key] = get(element);
                    sent.set(element, values[key]);
                });
                objectives.set(values.id, { index: index, standing: dialect.understandObjective(values) });
            }
        }

        function mayWrite() {
            return isOpen && session.records;
        }

        /* The platform's session has ended without us, or its window has a new object: begin again, and say all again. */
        function reopen() {
            api = Probity.findApi(dialect.api, world.view) || api;
            if (!isTrue(call("initialize", ""))) {
                return;
            }
            isLost = false;
            sent.clear();
            deferred = [];
            nextInteraction = parseInt(get(dialect.elements.interactions), 10) || 0;
            if (objectives) {
                readObjectives(get(dialect.elements.objectives));
            }
            setAll(dialect.begin(false));
            unconfirmed.splice(0).forEach(session.sendInteraction);
        }

        session.open = function () {
            api = Probity.findApi(dialect.api, world.view) || api;
            isBegun = isBegun || isTrue(call("initialize", ""));
            if (!isBegun) {
                return Promise.resolve(null);
            }
            var values = {};
            isLost = hasThrown = false;
            Object.keys(dialect.elements).forEach(function (key) {
                values[key] = get(dialect.elements[key]);
            });
            readObjectives(values.objectives);
            errorCode();
            if (isLost || hasThrown) {
                /* What it told is not to be trusted: nothing where there is something would begin the course anew. */
                isBegun = !isLost;
                return Promise.resolve(null);
            }
            isOpen = true;
            nextInteraction = parseInt(values.interactions, 10) || 0;
            sent.set(dialect.elements.location, values.location);
            /* A platform that names no mode or credit means the usual one. */
            session.records = values.mode !== "review" && values.mode !== "browse" && values.credit !== "no-credit";
            var known = (session.known = dialect.understand(values));
            known.mode = values.mode === "review" || values.mode === "browse" ? values.mode : "normal";
            known.learner = values.learner;
            known.location = values.location;
            known.state = values.state;
            if (session.records) {
                /*
                 * First of all: whatever happens later, the platform knows that the course is not finished and is to
                 * be resumed. It is committed with what the device knows: a platform that read its values when the
                 * page was loaded would write old ones back.
                 */
                setAll(dialect.begin(known.isNew));
            }
            return Promise.resolve(known);
        };

        /* The others are sent even where one is refused. */
        session.send = function (values) {
            if (!mayWrite()) {
                return false;
            }
            if (isLost) {
                reopen();
            }
            return setAll(values);
        };

        /* Where a platform takes no answers, the course goes on without. */
        session.sendInteraction = function (record) {
            if (!mayWrite() || !dialect.sendsAnswers || nextInteraction >= INTERACTIONS_LIMIT) {
                return;
            }
            if (isLost) {
                reopen();
            }
            unconfirmed.push(record);
            var values = dialect.interaction(nextInteraction, record).filter(function (pair) {
                var isLate = /\.objectives\./.test(pair[0]);
                if (isLate) {
                    deferred.push(pair);
                }
                return !isLate;
            });
            if (setAll(values.slice(0, 1))) {
                setAll(values.slice(1));
                nextInteraction++;
            }
        };

        /* The course goes on where a platform takes them not. */
        session.sendStanding = function (list) {
            if (!mayWrite()) {
                return;
            }
            /* To which objectives answers belong: an answer costs calls enough by itself. */
            setAll(deferred.splice(0));
            (objectives ? list : []).forEach(function (now) {
                var known = objectives.get(now.id);
                var index = known ? known.index : nextObjective;
                var standing = Probity.betterStanding(known && known.standing, now);
                var values = dialect.objective(index, standing, !known);
                if (known || setAll(values.slice(0, 1))) {
                    nextObjective += known ? 0 : 1;
                    objectives.set(now.id, { index: index, standing: standing });
                    setAll(values);
                }
            });
        };

        /* Some platforms say yes and keep nothing, or less: what was set can be read again. */
        function isKept() {
            var element = dialect.elements.state;
            if (isRead || !sent.has(element)) {
                return true;
            }
            isRead = get(element) === sent.get(element);
            if (!isRead) {
                sent.delete(element);
            }
            return isRead;
        }

        session.commitNow = function () {
            if (!mayWrite()) {
                return false;
            }
            var isCommitted = isTrue(call("commit", ""));
            if (!isCommitted) {
                errorCode();
            } else if (isKept()) {
                unconfirmed = [];
                return true;
            }
            return false;
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
            var isAllKept =
                !session.records || (dialect.commitBeforeTerminate ? session.commitNow() : isKept());
            isOpen = false;
            return Promise.resolve(isTrue(call("terminate", "")) && isAllKept);
        };
        return session;
    }

    Probity.connectScorm = function (dialect, world) {
        var deadline = world.monotonic() + FIND_FOR_MS;
        return new Promise(function (resolve) {
            (function look() {
                var api = Probity.findApi(dialect.api, world.view);
                if (api || !Probity.mayHavePlatform(world.view) || world.monotonic() > deadline) {
                    resolve(api ? openSession(world, dialect, api) : null);
                } else {
                    /* Some platforms put their object there after the course has loaded. */
                    world.setTimeout(look, FIND_EVERY_MS);
                }
            })();
        });
    };
})();
