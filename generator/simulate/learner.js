/*
 * Plays one script over the player's files: a page without a document, a platform that takes everything and writes it
 * down, a clock that goes when the learner does. engine.c calls the function with the request
 *
 *   {course rules profile passMark standard language seed format
 *    pages: {language: {tag, accepted, places, stems}}
 *    acts: [{kind, label, subject, form, words: [{key, text}]}]}
 *
 * and then tick() until it says that there is no more. What comes out is {text, scorePermille, passed, completed}; where
 * the page would not let a learner do what the script says, {refusal, refusedAct} too, and the play ends there.
 */
(function (requestText) {
    "use strict";
    var request = JSON.parse(requestText);
    var Probity = window.Probity;
    var dialect = Probity[request.standard];

    var BEGIN_MS = Date.UTC(2026, 0, 1, 9);
    var ACT_MS = 15000,
        DAY_MS = 86400000;
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
        values["cmi.objectives._count"] = "0";
        if (request.passMark) {
            values[dialect.elements.passMark] = request.passMark;
        }

        function write(name, parameters, answer) {
            platform.calls.push([dialect.calls[name]].concat(parameters, [answer]));
            return answer;
        }

        function countEntries(element) {
            var parts = /^cmi\.(interactions|objectives)\.(\d+)\.id$/.exec(element);
            if (parts) {
                values["cmi." + parts[1] + "._count"] = String(Number(parts[2]) + 1);
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
            countEntries(element);
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

    var platformView = {};
    platformView.parent = platformView;
    platformView[dialect.api] = platform.api;

    /* A page below `parent`; gone() is what becomes of it when another takes its place. */
    function openWorld(parent) {
        var whenGone = [];
        return Object.assign({}, Probity.world, {
            view: { parent: parent },
            gone: function () {
                whenGone.forEach(function (action) {
                    action();
                });
            },
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
            whenGone: function (action) {
                whenGone.push(action);
            }
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

    var isInShell = request.acts.some(function (act) {
        return act.kind === "switch";
    });
    var course = null,
        page = null,
        language = "",
        keeper = null,
        taking = null,
        launched = null,
        world = null,
        holder = null,
        hintsShown = {},
        isWaiting = false,
        failure = null;

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

    /* Without storage: a learner on another device each time. */
    function openPage(code, parent) {
        language = code;
        page = request.pages[code];
        course = Object.assign(JSON.parse(JSON.stringify(request.course)), {
            rules: request.rules,
            profile: request.profile,
            places: page.places,
            accepted: page.accepted
        });
        hintsShown = {};
        world = openWorld(parent);
        return new Promise(function (resolve) {
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
                    taking = Probity.openTaking(world, course, keeper, page.tag);
                    taking.shown(course.places.indexOf(place) >= 0 ? place : course.places[0]);
                    resolve();
                }
            });
        });
    }

    /* A package of one language is its page; one of several holds the platform for its pages, and asks it which to open. */
    function launch() {
        if (!isInShell) {
            settle(openPage(request.language, platformView));
            return;
        }
        var shell = openWorld(platformView);
        settle(
            Probity.holdScorm(dialect, shell).then(function (opened) {
                holder = Object.assign(opened, { view: shell.view });
                return openPage(request.pages[holder.language] ? holder.language : request.language, shell.view);
            })
        );
    }

    /* ---- Answers as a page reads them: {given}, or {problem: why it takes none} ---- */

    function skeletonOf(id) {
        return course.exercises.find(function (exercise) {
            return exercise.id === id;
        });
    }

    function textsOf(act) {
        return act.words.map(function (word) {
            return word.text;
        });
    }

    function listed(ids, act) {
        return ids
            .filter(function (id) {
                return textsOf(act).indexOf(id) >= 0;
            })
            .join("");
    }

    function valueFor(key, act) {
        return act.words.find(function (word) {
            return word.key === key;
        }).text;
    }

    function readBlanks(skeleton, texts) {
        var isEmpty = texts.some(function (text) {
            return !text.trim();
        });
        return isEmpty
            ? { problem: "a blank is empty" }
            : { given: Probity.reading.blanks(skeleton, course.accepted[skeleton.id], texts) };
    }

    function attest() {
        return { given: Probity.format.day(world.now()) };
    }

    var RIGHT = {
        ordering: function (skeleton) {
            return { given: skeleton.items.join("") };
        },
        "fill-in": function (skeleton) {
            return readBlanks(
                skeleton,
                skeleton.blanks.map(function (key) {
                    return course.accepted[skeleton.id][key][0];
                })
            );
        },
        numeric: function (skeleton) {
            return { given: Probity.reading.fromMicro(skeleton.answer_micro) };
        }
    };

    var READ = {
        choices: function (skeleton, act) {
            return { given: listed(skeleton.choices, act) };
        },
        order: function (skeleton, act) {
            return { given: textsOf(act).join("") };
        },
        pairs: function (skeleton, act) {
            return {
                given: skeleton.left
                    .map(function (letter) {
                        return valueFor(letter, act);
                    })
                    .join("")
            };
        },
        words: function (skeleton, act) {
            return readBlanks(
                skeleton,
                skeleton.blanks.map(function (key) {
                    return valueFor(key, act);
                })
            );
        },
        number: function (skeleton, act) {
            var given = Probity.reading.number(act.words[0].text, page.tag);
            return given === null
                ? { problem: "\"" + act.words[0].text + "\" is not read as a number" }
                : { given: given };
        },
        text: function (skeleton, act) {
            var entry = Probity.reading.text(act.words[0].text, skeleton.size);
            return entry.problem ? { problem: "the text is empty, or longer than " + skeleton.size + " bytes" } : entry;
        },
        yes: attest,
        date: function (skeleton, act) {
            var day = Math.floor(Date.parse(act.words[0].text) / DAY_MS) - Math.floor(world.now() / DAY_MS);
            clock += Math.max(day, 0) * DAY_MS;
            return day < 0 ? { problem: "it is " + Probity.format.day(world.now()) + " already" } : attest();
        },
        right: function (skeleton) {
            return RIGHT[skeleton.kind] ? RIGHT[skeleton.kind](skeleton) : { given: skeleton.right.join("") };
        }
    };

    /* Why the page has no such exercise for the learner; "" where it has. */
    function obstacle(skeleton) {
        if (!taking.isOpen(skeleton.screen)) {
            return "its module is still closed";
        }
        return keeper.grade.drawn.indexOf(skeleton.id) < 0 ? "it is not among the questions that were drawn" : "";
    }

    /* ---- Acts: each returns why the page does not let the learner do it, or nothing ---- */

    function answer(act) {
        var skeleton = skeletonOf(act.subject);
        var closed = obstacle(skeleton);
        if (closed) {
            return closed;
        }
        if (taking.isFinal(act.subject)) {
            return "its last answer stands";
        }
        var entry = READ[act.form](skeleton, act);
        if (!entry.problem) {
            taking.answered(act.subject, entry.given, page.stems[act.subject]);
        }
        return entry.problem;
    }

    function take(act, skeleton, letter) {
        var before = keeper.learner.answers[act.subject];
        var given = before ? before.given : "";
        if (given.length >= Probity.exercise.movesLimit(skeleton)) {
            return "only beginning it anew is offered after so many choices";
        }
        if (Probity.exercise.openChoices(skeleton, given).indexOf(letter) < 0) {
            return "the choice \"" + letter + "\" is closed";
        }
        taking.moved(act.subject, Probity.exercise.shorten(skeleton, given + letter), page.stems[act.subject]);
        return "";
    }

    function move(act) {
        var skeleton = skeletonOf(act.subject);
        return textsOf(act).reduce(function (closed, letter) {
            return closed || take(act, skeleton, letter);
        }, obstacle(skeleton));
    }

    function goOnIn(code) {
        holder.follow(request.pages[code].tag);
        world.gone();
        timers = [];
        settle(openPage(code, holder.view));
    }

    var acts = {
        see: function (act) {
            if (!taking.isOpen(act.subject)) {
                return "its module is still closed";
            }
            taking.shown(act.subject);
        },
        answer: answer,
        move: move,
        again: function (act) {
            var closed = obstacle(skeletonOf(act.subject));
            if (!closed) {
                taking.moved(act.subject, "", page.stems[act.subject]);
            }
            return closed;
        },
        hint: function (act) {
            var skeleton = skeletonOf(act.subject);
            var shown = hintsShown[act.subject] || 0;
            if (shown === skeleton.hints) {
                return shown ? "there is no further hint" : "it has no hints";
            }
            hintsShown[act.subject] = shown + 1;
            return obstacle(skeleton);
        },
        switch: function (act) {
            if (act.subject === language) {
                return "this is the language already";
            }
            goOnIn(act.subject);
        },
        leave: function () {
            settle(launched.leave(false));
        },
        return: launch,
        restart: function () {
            if (!taking.mayRestart()) {
                return "not everything is answered, or no attempt is left";
            }
            keeper.restart();
            hintsShown = {};
            taking.shown(course.screens[0]);
        },
        end: function () {
            if (!course.profile.tells_failure) {
                return "the platform's profile knows no failure";
            }
            if (!taking.mayEnd()) {
                return "the course is passed, ended or not completed";
            }
            keeper.end();
        }
    };

    /* ---- Steps, and how they are told ---- */

    var steps = [];

    function finishStep(label, act) {
        var learner = keeper.learner,
            grade = keeper.grade;
        var result = act && grade.results[act.subject] && act.kind !== "hint" ? grade.results[act.subject] : undefined;
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
                    audience: request.course.audience,
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
                (request.course.audience === "all" ? "" : ", for " + request.course.audience) +
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
        refusal: "",
        refusedAct: 0,
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
            driver.refusal = acts[request.acts[at].kind](request.acts[at]) || "";
            if (driver.refusal) {
                driver.refusedAct = at;
                tell();
            }
            return !driver.refusal;
        }
    };

    launch();
    return driver;
});
