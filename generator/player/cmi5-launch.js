/*
 * A launch under cmi5, for as long as it lasts: launch parameters, token, launch data and preferences at the start;
 * then statements and the learner's state; "terminated" at the end. Numbers are sections of the specification.
 *
 * Statements have ids of their own making, the same for the same fact: what is sent twice is stored once, and one pass
 * is one statement in a registration (9.3), however often this device and the platform lost each other.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});
    var format = Probity.format;

    var STATE_ID = "probity",
        RETURN_AFTER_MS = 1000;
    /* Browsers let this much travel on when the page goes. */
    var KEEPALIVE_LIMIT = 30000;
    var CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/",
        MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore",
        INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction";
    var VERBS = {
        initialized: "http://adlnet.gov/expapi/verbs/initialized",
        completed: "http://adlnet.gov/expapi/verbs/completed",
        passed: "http://adlnet.gov/expapi/verbs/passed",
        failed: "http://adlnet.gov/expapi/verbs/failed",
        terminated: "http://adlnet.gov/expapi/verbs/terminated",
        answered: "http://adlnet.gov/expapi/verbs/answered"
    };

    function hash(text, seed) {
        var value = (0x811c9dc5 ^ seed) >>> 0;
        for (var at = 0; at < text.length; at++) {
            value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
        }
        value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d) >>> 0;
        return ((value ^ (value >>> 13)) >>> 0).toString(16).padStart(8, "0");
    }

    /* A UUID (9.1) that the same words always have. */
    function idFor(words) {
        var text = words.join("\n");
        var digits = [1, 2, 3, 4].map(function (seed) {
            return hash(text + seed, Math.imul(seed, 0x9e3779b9));
        });
        var all = digits.join("");
        return [all.slice(0, 8), all.slice(8, 12), "5" + all.slice(13, 16), "8" + all.slice(17, 20), all.slice(20)].join("-");
    }

    function join(base, path) {
        return base.replace(/\/?$/, "/") + path;
    }

    function copy(value) {
        return JSON.parse(JSON.stringify(value));
    }

    function openLaunch(world, parameters) {
        var view = world.view;
        var actor = JSON.parse(parameters.get("actor")),
            registration = parameters.get("registration"),
            activity = parameters.get("activityId");
        var token = "",
            data = null,
            etag = "",
            startedAt = world.monotonic();
        var stored = {},
            isStored = true,
            queue = [],
            turn = Promise.resolve(true),
            hasVerdict = false,
            isOpen = false,
            isBetween = true;
        var launch = { records: false, language: "" };

        /* Promises a response, or null where none came. */
        function request(method, path, body, headers) {
            var text = body === undefined ? undefined : JSON.stringify(body);
            return view
                .fetch(join(parameters.get("endpoint"), path), {
                    method: method,
                    headers: Object.assign(
                        { Authorization: "Basic " + token, "X-Experience-API-Version": "1.0.3" },
                        text === undefined ? {} : { "Content-Type": "application/json" },
                        headers
                    ),
                    body: text,
                    cache: "no-store",
                    keepalive: text !== undefined && text.length < KEEPALIVE_LIMIT
                })
                .catch(function () {
                    return null;
                });
        }

        function json(response) {
            return response && response.ok ? response.json().catch(Object) : null;
        }

        function statePath(id) {
            return (
                "activities/state?" +
                new URLSearchParams({
                    activityId: activity,
                    agent: JSON.stringify(actor),
                    registration: registration,
                    stateId: id
                })
            );
        }

        function seconds() {
            return (world.monotonic() - startedAt) / 1000;
        }

        function session() {
            return JSON.stringify(data.contextTemplate.extensions || {});
        }

        /* 9.6: whatever the platform's template says, and the rest. */
        function context(categories, extensions) {
            var all = copy(data.contextTemplate);
            all.registration = registration;
            if (categories.length) {
                all.contextActivities = all.contextActivities || {};
                all.contextActivities.category = (all.contextActivities.category || []).concat(
                    categories.map(function (name) {
                        return { id: CATEGORY + name };
                    })
                );
            }
            if (extensions) {
                all.extensions = Object.assign({}, all.extensions, extensions);
            }
            return all;
        }

        function statement(verb, id, object, result, around) {
            var made = {
                id: id,
                timestamp: new Date(world.now()).toISOString(),
                actor: actor,
                verb: { id: VERBS[verb], display: { en: verb } },
                object: object,
                context: around
            };
            if (result) {
                made.result = result;
            }
            return made;
        }

        /* "cmi5 defined"; those that decide whether the learner may move on say so (9.6.2.2). */
        function defined(verb, isOnce, result) {
            var decides = Boolean(result && ("success" in result || "completion" in result));
            var isMeasured = verb === "passed" || verb === "failed";
            return statement(
                verb,
                idFor([registration, activity, verb, isOnce ? "" : session()]),
                { objectType: "Activity", id: activity },
                result,
                context(
                    decides ? ["cmi5", "moveon"] : ["cmi5"],
                    isMeasured && data.masteryScore !== undefined
                        ? { [MASTERY]: Number(data.masteryScore) }
                        : null
                )
            );
        }

        function verdict(verb, permille) {
            var scaled = permille / 1000,
                mark = data.masteryScore;
            var result = { success: verb === "passed", duration: format.duration(seconds()) };
            /* 9.3.4, 9.3.5: a score that contradicts the verb is refused. */
            if (mark === undefined || scaled >= Number(mark) === result.success) {
                result.score = { scaled: scaled, raw: permille / 10, min: 0, max: 100 };
            }
            queue.push(defined(verb, result.success, result));
            hasVerdict = true;
        }

        /* One verdict in a session (9.3): a pass after a failure is told when the next one begins. */
        function pass(permille) {
            stored.passed = hasVerdict ? stored.passed : true;
            stored.due = hasVerdict ? permille : undefined;
            if (!hasVerdict) {
                verdict("passed", permille);
            }
        }

        function post(statements) {
            return statements.length
                ? request("POST", "statements", statements).then(function (response) {
                      return response ? response.status : 0;
                  })
                : Promise.resolve(200);
        }

        function drop(statements) {
            queue = queue.filter(function (entry) {
                return statements.indexOf(entry) < 0;
            });
        }

        /* Where the platform takes some and not others: by themselves. One that it has already is a conflict. */
        function postEach(statements) {
            return statements.reduce(function (before, entry) {
                return before.then(function (isWell) {
                    return post([entry]).then(function (status) {
                        var isMine = entry.verb.id === VERBS.answered && status === 400;
                        if ((status >= 200 && status < 300) || status === 409 || isMine) {
                            drop([entry]);
                            return isWell;
                        }
                        return false;
                    });
                });
            }, Promise.resolve(true));
        }

        function sendStatements() {
            var statements = queue.slice();
            return post(statements).then(function (status) {
                if (status >= 200 && status < 300) {
                    drop(statements);
                    return true;
                }
                return status === 400 || status === 409 ? postEach(statements) : false;
            });
        }

        function readState() {
            return request("GET", statePath(STATE_ID)).then(function (response) {
                etag = (response && response.ok && response.headers.get("ETag")) || "";
                return json(response);
            });
        }

        function putState(isAgain) {
            /* What changes meanwhile is for the next time. */
            isStored = true;
            return request("PUT", statePath(STATE_ID), stored, etag ? { "If-Match": etag } : { "If-None-Match": "*" }).then(
                function (response) {
                    if (response && response.ok) {
                        etag = response.headers.get("ETag") || "";
                        return etag ? true : readState().then(Boolean);
                    }
                    if (response && response.status === 412 && !isAgain) {
                        return readState().then(function () {
                            return putState(true);
                        });
                    }
                    isStored = false;
                    return false;
                }
            );
        }

        function flush() {
            return sendStatements().then(function (isSent) {
                return isStored
                    ? isSent
                    : putState(false).then(function (isPut) {
                          return isSent && isPut;
                      });
            });
        }

        launch.commit = function () {
            turn = turn.then(flush);
            return turn;
        };

        /* On its way when the page goes; whether it arrives nobody will know. */
        launch.commitNow = function () {
            var isClean = isStored && !queue.length;
            if (!isClean) {
                launch.commit();
            }
            return isClean;
        };

        launch.isOpen = function () {
            return isOpen;
        };

        launch.report = function (report) {
            if (!isOpen || !launch.records) {
                return false;
            }
            if (report.state !== stored.state || report.location !== stored.location) {
                stored.state = report.state;
                stored.location = report.location;
                isStored = false;
            }
            if (report.completed && !stored.completed) {
                stored.completed = true;
                isStored = false;
                queue.push(defined("completed", true, { completion: true, duration: format.duration(seconds()) }));
            }
            if (report.success === "passed" && !stored.passed) {
                pass(report.scorePermille);
                isStored = false;
            } else if (report.success === "failed" && !stored.passed && !hasVerdict) {
                verdict("failed", report.scorePermille);
            }
            return true;
        };

        launch.answer = function (parts) {
            if (!isOpen || !launch.records) {
                return;
            }
            var definition = { type: INTERACTION, interactionType: parts.type };
            var pattern = parts["correct_responses.0.pattern"];
            if (pattern) {
                definition.correctResponsesPattern = [pattern];
            }
            if (parts.words) {
                definition.description = { [parts.language]: parts.words };
            }
            var result = { response: parts.learner_response, duration: parts.latency };
            if (parts.result === "correct" || parts.result === "incorrect") {
                result.success = parts.result === "correct";
            } else if (parts.result !== "neutral") {
                result.score = { scaled: Number(parts.result) };
            }
            var made = statement(
                "answered",
                idFor([registration, activity, parts.id, parts.at]),
                { objectType: "Activity", id: activity + "#" + parts.id, definition: definition },
                result,
                context([], null)
            );
            made.timestamp = new Date(parts.at).toISOString();
            queue.push(made);
        };

        /* All at once: a page that goes does not wait for one answer to send the next. */
        function end() {
            isOpen = false;
            queue.push(defined("terminated", false, { duration: format.duration(seconds()) }));
            var statements = queue.slice();
            return Promise.all([post(statements), isStored ? true : putState(false)]).then(function (answers) {
                var isWell = answers[0] >= 200 && answers[0] < 300 && answers[1];
                if (isWell && data.returnURL) {
                    /* 10.2.6; the page has said by then that all is saved. */
                    world.setTimeout(function () {
                        view.location.replace(data.returnURL);
                    }, RETURN_AFTER_MS);
                }
                return isWell;
            });
        }

        launch.close = function () {
            return !isOpen ? Promise.resolve(false) : isBetween ? launch.commit() : end();
        };

        /* What a page is told when it opens. */
        launch.open = function () {
            isBetween = false;
            return Promise.resolve(
                isOpen
                    ? {
                          learner: [actor.account.homePage, actor.account.name, registration].join(" "),
                          mode: data.launchMode === "Normal" ? "normal" : data.launchMode.toLowerCase(),
                          location: stored.location || "",
                          state: stored.state || "",
                          isNew: !stored.state,
                          passed: Boolean(stored.passed || stored.due !== undefined),
                          completed: Boolean(stored.completed),
                          failed: false,
                          passPermille:
                              data.masteryScore === undefined ? null : Math.round(Number(data.masteryScore) * 1000)
                      }
                    : null
            );
        };

        launch.follow = function () {
            isBetween = isOpen;
        };

        function readToken() {
            return view
                .fetch(parameters.get("fetch"), { method: "POST", cache: "no-store" })
                .catch(function () {
                    return null;
                })
                .then(json)
                .then(function (answer) {
                    token = (answer && answer["auth-token"]) || "";
                    return Boolean(token);
                });
        }

        function readPreferences() {
            var path =
                "agents/profile?" +
                new URLSearchParams({ agent: JSON.stringify(actor), profileId: "cmi5LearnerPreferences" });
            return request("GET", path)
                .then(json)
                .then(function (preferences) {
                    launch.language = (preferences && preferences.languagePreference) || "";
                });
        }

        function initialize() {
            isOpen = true;
            launch.records = data.launchMode === "Normal";
            queue.push(defined("initialized", false, null));
            if (launch.records && stored.due !== undefined) {
                pass(stored.due);
                isStored = false;
            }
            return launch.commit().then(function (isTaken) {
                isOpen = isTaken;
            });
        }

        /* Promises when it is known whether the launch is one. */
        launch.begin = function () {
            return readToken()
                .then(function (hasToken) {
                    return hasToken ? request("GET", statePath("LMS.LaunchData")).then(json) : null;
                })
                .then(function (answer) {
                    data = answer && answer.contextTemplate ? answer : null;
                    return (
                        data &&
                        readPreferences()
                            .then(readState)
                            .then(function (state) {
                                stored = state || {};
                                return initialize();
                            })
                    );
                })
                .catch(function () {
                    isOpen = false;
                });
        };

        /* Between two pages nobody else would end it. */
        world.whenGone(function () {
            if (isOpen && isBetween) {
                end();
            }
        });
        return launch;
    }

    /* Promises {language, follow(code)}. Without launch parameters the page is not under a platform. */
    Probity.holdCmi5 = function (world) {
        var parameters = new URLSearchParams(world.view.location.search);
        var names = ["endpoint", "fetch", "actor", "registration", "activityId"];
        var isLaunched = names.every(function (name) {
            return parameters.get(name);
        });
        if (!isLaunched) {
            return Promise.resolve({ language: "", follow: function () {} });
        }
        var launch = openLaunch(world, parameters);
        world.view.ProbityLaunch = launch;
        return launch.begin().then(function () {
            return launch;
        });
    };
})();
