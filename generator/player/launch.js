/*
 * One launch, from finding the platform to leaving it; README.md in this folder draws it and lists the calls. It knows
 * no page: what is shown is start.js's part.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var LOOK_AGAIN_FIRST_MS = 5000,
        LOOK_AGAIN_LIMIT_MS = 60000;

    /*
     * `page` hears, in this order: wait() while another window leads; begin(keeper, known, start) once; attached(known,
     * start) where the platform comes later; lead() when it may go on after another window led; tell(status) always.
     * `known` is what session.open said, with `records`, or null without a platform; `start` as in entries.begin.
     */
    Probity.launch = function (world, course, dialect, page) {
        var keeper = Probity.keep(world, course, page.tell);
        var journal = Probity.openJournal(world);
        var name = [course.id, dialect.name, ""].join("/");
        var spoken = dialect.under ? dialect.under(course) : dialect;
        var windows = Probity.openWindows(world, "probity/" + name, function () {
            return keeper.learner && { key: keptUnder, entry: keeper.entry() };
        });
        var loadedAt = world.now();
        var isBegun = false,
            isOver = false,
            found = null,
            hasLed = false,
            hasWaited = false,
            keptUnder = name,
            lookAgainAfter = LOOK_AGAIN_FIRST_MS;

        function open() {
            return (found ? Promise.resolve(found) : spoken.connect(world)).then(function (session) {
                found = session;
                return session
                    ? session.open().then(function (known) {
                          return known
                              ? { session: session, known: Object.assign(known, { records: session.records }) }
                              : null;
                      })
                    : null;
            });
        }

        /*
         * What was answered on this device without a platform, by whomever: the learner says whether it is theirs. What
         * this launch has written there is.
         */
        function putAnonymousAside(key) {
            return journal.read(name).then(function (answer) {
                return (
                    answer &&
                    answer.value &&
                    !(isBegun && answer.value.writer === keeper.entry().writer) &&
                    journal
                        .update(key, function (entry) {
                            return Probity.entries.putAside(entry, answer.value);
                        })
                        .then(function (isKept) {
                            return (
                                isKept &&
                                journal.update(name, function () {
                                    return null;
                                })
                            );
                        })
                );
            });
        }

        /* The journal's entry with what the window has told that led before this one. */
        function withHeard(entry, key) {
            var heard = windows.heard();
            if (heard && heard.key === key) {
                return Probity.entries.join(course, entry, heard.entry, [], []);
            }
            return heard && heard.key === name && !isBegun ? Probity.entries.putAside(entry, heard.entry) : entry;
        }

        /* Whether another window has led since this one was loaded; one that waits for a dead one's lease hears nothing. */
        function wasAnother() {
            return windows.canHear ? windows.heard() !== null : hasWaited;
        }

        function attach(opened) {
            var session = opened ? opened.session : null,
                known = opened ? opened.known : null;
            var key = name + (known ? known.learner : "");
            var isAside = known && known.records && key !== name;
            if (known && known.passPermille !== null) {
                course.pass_permille = known.passPermille;
            }
            return (isAside ? putAnonymousAside(key) : Promise.resolve())
                .then(function () {
                    return journal.read(key);
                })
                .then(function (answer) {
                    var entry = withHeard(answer && answer.value, key);
                    var start = Probity.entries.begin(course, known, entry, wasAnother() ? loadedAt : Infinity);
                    start.isUnread = !answer;
                    if (isBegun) {
                        Probity.entries.continueIn(course, start, keeper.entry());
                    }
                    keptUnder = key;
                    keeper.attach(start, session, journal, key);
                    if (isBegun) {
                        page.attached(known, start);
                    } else {
                        isBegun = true;
                        page.begin(keeper, known, start);
                    }
                    /* Not without a platform: then nobody knows whose entry is the learner's own. */
                    return known && journal.sweep([name, key]);
                });
        }

        /* A platform may come late, or open only when its server is back. */
        function lookAgain() {
            if (isOver || !Probity.mayHavePlatform(world.view)) {
                return;
            }
            world.setTimeout(function () {
                if (!isOver) {
                    open().then(function (opened) {
                        if (opened && isOver) {
                            opened.session.close();
                        } else if (opened) {
                            attach(opened);
                        } else {
                            lookAgain();
                        }
                    });
                }
            }, lookAgainAfter);
            lookAgainAfter = Math.min(2 * lookAgainAfter, LOOK_AGAIN_LIMIT_MS);
        }

        function begin() {
            open().then(function (opened) {
                return attach(opened).then(function () {
                    if (!opened) {
                        lookAgain();
                    }
                });
            });
        }

        keeper.whenChanged = windows.tell;
        var leader = Probity.lead(world, "probity/" + name, journal, {
            wait: function () {
                hasWaited = true;
                page.wait();
            },
            lost: function () {
                windows.lead(false);
                keeper.pause();
                page.wait();
            },
            lead: function () {
                windows.lead(true);
                if (!hasLed) {
                    hasLed = true;
                    begin();
                } else {
                    keeper.resume();
                    page.lead();
                }
            }
        });

        world.whenHidden(function () {
            keeper.hide();
        });
        world.whenGone(function () {
            isOver = true;
            keeper.goNow();
            windows.lead(false);
            leader.release();
        });
        return {
            /* See keeper.leave. */
            leave: function (isUrgent) {
                return keeper.leave(isUrgent).then(function (isLeft) {
                    if (isLeft || isUrgent) {
                        isOver = true;
                        windows.lead(false);
                        leader.release();
                    }
                    return isLeft;
                });
            }
        };
    };
})();
