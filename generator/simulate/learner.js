/*
 * Plays one script over the player's files: a page without a document, a platform that takes everything and writes it
 * down, a clock that goes when the learner does. engine.c calls the function with the request
 *
 *   {course rules profile places passMark standard language tag seed format stems
 *    acts: [{kind, label, subject, form, words: [{key, text}]}]}
 *
 * and then tick() until it says that there is no more. What comes out is {text, scorePermille, passed, completed}.
 */
(function (requestText) {
    "use strict";
    var request = JSON.parse(requestText);
    var Probity = window.Probity;
    var course = Object.assign(request.course, { rules: request.rules, places: request.places, profile: request.profile });
    var dialect = Probity[request.standard];

    var BEGIN_MS = Date.UTC(2026, 0, 1, 9);
    var ACT_MS = 15000;
    var SEED_LIMIT = 1 << 20;
    /* A player that has not come to rest after this many timers of one act never will. */
    var TIMERS_LIMIT = 1000;

    var warnings = [];

    function warn() {
        warnings.push(Array.prototype.join.call(arguments, " "));
    }

    window.console = { warn: warn, error: warn, log: function () {} };

    /* The learner's chance is the script's seed, the learner's time zone none. */
    Math.random = function () {
        return (request.seed + 0.5) / SEED_LIMIT;
    };
    ["FullYear", "Month", "Date", "Hours", "Minutes", "Seconds", "Milliseconds"].forEach(function (part) {
        Date.prototype["get" + part] = Date.prototype["getUTC" + part];
    });

    /* In a browser: rules.js. */
    window.ProbityRules = {
        open: function () {
            return { load: window.rulesLoad, call: window.rulesCall };
        }
    };

    /* ---- The platform: keeps what it is told from one launch to the next ---- */

    function openPlatform() {
        var values = {};
        var platform = { calls: [], values: values };

        values[dialect.elements.learner] = "learner";
        values[dialect.elements.mode] = "normal";
        values[dialect.elements.credit] = "credit";
        values[dialect.elements.interactions] = "0";
        if (request.passMark) {
            values[dialect.elements.passMark] = request.passMark;
        }

        function write(name, parameters, answer) {
            platform.calls.push([dialect.calls[name]].concat(parameters, [answer]));
            return answer;
        }

        function countInteractions(element) {
            var index = /^cmi\.interactions\.(\d+)\./.exec(element);
            if (index) {
                values[dialect.elements.interactions] = String(Number(index[1]) + 1);
            }
        }

        platform.api = {};
        platform.api[dialect.calls.initialize] = function () {
            return write("initialize", [""], "true");
        };
        platform.api[dialect.calls.get] = function (element) {
            return write("get", [element], values[element] === undefined ? "" : values[element]);
        };
        platform.api[dialect.calls.set] = function (element, value) {
            values[element] = String(value);
            countInteractions(element);
            return write("set", [element, String(value)], "true");
        };
        platform.api[dialect.calls.commit] = function () {
            return write("commit", [""], "true");
        };
        platform.api[dialect.calls.terminate] = function () {
            return write("terminate", [""], "true");
        };
        platform.api[dialect.calls.error] = function () {
            return write("error", [], "0");
        };
        return platform;
    }

    /* ---- The page and its clock ---- */

    var clock = 0,
        timers = [],
        nextTimer = 1;
    var platform = openPlatform();

    function openWorld() {
        var view = {};
        view.parent = view;
        view[dialect.api] = platform.api;
        return Object.assign({}, Probity.world, {
            view: view,
            now: function () {
                return BEGIN_MS + clock;
            },
            monotonic: function () {
                return clock;
            },
            setTimeout: function (action, delay) {
                timers.push({ id: nextTimer, at: clock + (delay || 0), action: action });
                return nextTimer++;
            },
            clearTimeout: function (id) {
                timers = timers.filter(function (timer) {
                    return timer.id !== id;
                });
            },
            indexedDB: null,
            locks: null,
            whenOnline: function () {},
            whenHidden: function () {},
            whenGone: function () {}
        });
    }

    function runNextTimer() {
        var next = timers.reduce(function (first, timer) {
            return !first || timer.at < first.at ? timer : first;
        }, null);
        if (!next) {
            throw new Error("the player waits for something that does not come");
        }
        timers = timers.filter(function (timer) {
            return timer !== next;
        });
        clock = Math.max(clock, next.at);
        next.action();
    }

    /* ---- A launch ---- */

    var keeper = null,
        taking = null,
        isWaiting = false;

    function settle(promise) {
        isWaiting = true;
        promise.then(
            function () {
                isWaiting = false;
            },
            function (error) {
                isWaiting = false;
                failure = error;
            }
        );
    }

    var failure = null;

    var launched = null;

    /* Without storage: a learner on another device each time. */
    function launch() {
        var world = openWorld();
        settle(
            new Promise(function (resolve) {
                launched = Probity.launch(world, course, dialect, {
                    tell: function () {},
                    wait: function () {},
                    lead: function () {},
                    attached: function () {},
                    begin: function (opened, known) {
                        var place = opened.learner.screen;
                        keeper = opened;
                        if (!known.state) {
                            keeper.learner.seed = request.seed;
                        }
                        taking = Probity.openTaking(world, course, keeper, request.tag);
                        taking.shown(course.places.indexOf(place) >= 0 ? place : course.places[0]);
                        resolve();
                    }
                });
            })
        );
    }

    /* ---- Acts ---- */

    function skeletonOf(id) {
        return course.exercises.find(function (exercise) {
            return exercise.id === id;
        });
    }

    /* What the page makes of a form that is filled in like this: see state.js. */
    function givenOf(skeleton, act) {
        var letters = act.words.map(function (word) {
            return word.text;
        });
        return skeleton.choices
            .filter(function (letter) {
                return letters.indexOf(letter) >= 0;
            })
            .join("");
    }

    function move(act) {
        var skeleton = skeletonOf(act.subject);
        act.words.forEach(function (word) {
            var before = keeper.learner.answers[act.subject];
            var letters = Probity.exercise.shorten(skeleton, (before ? before.given : "") + word.text);
            taking.moved(act.subject, letters, request.stems[act.subject]);
        });
    }

    var acts = {
        see: function (act) {
            taking.shown(act.subject);
        },
        answer: function (act) {
            var given = givenOf(skeletonOf(act.subject), act);
            taking.answered(act.subject, given, request.stems[act.subject]);
        },
        move: move,
        again: function (act) {
            taking.moved(act.subject, "", request.stems[act.subject]);
        },
        leave: function () {
            settle(launched.leave(false));
        },
        return: launch,
        restart: function () {
            keeper.restart();
            taking.shown(course.screens[0]);
        },
        end: function () {
            keeper.end();
        }
    };

    /* ---- Steps, and how they are told ---- */

    var steps = [];

    function finishStep(label, act) {
        var learner = keeper.learner,
            grade = keeper.grade;
        var result = act && grade.results[act.subject];
        steps.push({
            act: label,
            exercise_permille: result ? result.permille : undefined,
            score_permille: grade.score_permille,
            best_permille: learner.bestPermille,
            passed: learner.passed,
            completed: learner.completed,
            screen: learner.screen,
            state: Probity.state.write(course, learner),
            calls: platform.calls
        });
        platform.calls = [];
    }

    function percent(permille) {
        return Probity.format.percent(permille) + " %";
    }

    function quote(value) {
        return JSON.stringify(value);
    }

    function tellStep(step, index) {
        var exercise = step.exercise_permille === undefined ? "" : "this " + percent(step.exercise_permille) + ", ";
        var lines = [
            index + "  " + step.act,
            "    " +
                exercise +
                "score " +
                percent(step.score_permille) +
                (step.best_permille > step.score_permille ? " (best " + percent(step.best_permille) + ")" : "") +
                (step.passed ? ", passed" : "") +
                (step.completed ? ", completed" : ", incomplete"),
            "    state " + step.state
        ];
        return lines
            .concat(
                step.calls.map(function (call) {
                    var answer = call[call.length - 1];
                    var isReading = call[0] === dialect.calls.get;
                    return (
                        "    " +
                        call[0] +
                        "(" +
                        call.slice(1, -1).map(quote).join(", ") +
                        ")" +
                        (isReading || answer !== "true" ? " = " + quote(answer) : "")
                    );
                })
            )
            .join("\n");
    }

    function tell() {
        var last = steps[steps.length - 1];
        driver.scorePermille = last.score_permille;
        driver.passed = last.passed ? 1 : 0;
        driver.completed = last.completed ? 1 : 0;
        if (request.format === "json") {
            driver.text =
                JSON.stringify({
                    course: course.id,
                    language: request.language,
                    standard: request.standard,
                    learner: request.learner,
                    steps: steps,
                    warnings: warnings
                }) + "\n";
        } else if (request.format === "text") {
            driver.text =
                request.learner +
                ", " +
                request.language +
                ", " +
                request.standard +
                "\n\n" +
                steps.map(tellStep).join("\n\n") +
                "\n" +
                warnings
                    .map(function (warning) {
                        return "\nwarning: " + warning;
                    })
                    .join("") +
                "\n";
        }
    }

    /* ---- One thing after the other ---- */

    var at = -1,
        ran = 0;

    function isBusy() {
        return isWaiting || (keeper && !keeper.isConfirmed());
    }

    function labelOf(act) {
        return act ? act.label : "launch";
    }

    var driver = {
        text: "",
        tick: function () {
            if (failure) {
                throw failure;
            }
            if (isBusy()) {
                if (ran++ === TIMERS_LIMIT) {
                    throw new Error("the player does not come to rest");
                }
                runNextTimer();
                return true;
            }
            finishStep(labelOf(request.acts[at]), request.acts[at]);
            at++;
            if (at === request.acts.length) {
                tell();
                return false;
            }
            ran = 0;
            clock += ACT_MS;
            acts[request.acts[at].kind](request.acts[at]);
            return true;
        }
    };

    launch();
    return driver;
});
