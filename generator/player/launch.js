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
        var loadedAt = world.now();
        var isBegun = false,
            isOver = false,
            found = null,
            hasLed = false,
            hasWaited = false,
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

        /* What was answered on this device without a platform, by whomever: the learner says whether it is theirs. */
        function putAnonymousAside(key) {
            return journal.read(name).then(function (anonymous) {
                return (
                    anonymous &&
                    journal
                        .update(key, function (entry) {
                            return Probity.entries.putAside(entry, anonymous);
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

        function attach(opened) {
            var session = opened ? opened.session : null,
                known = opened ? opened.known : null;
            var key = name + (known ? known.learner : "");
            var isAside = known && known.records && key !== name && !isBegun;
            if (known && known.passPermille !== null) {
                course.pass_permille = known.passPermille;
            }
            return (isAside ? putAnonymousAside(key) : Promise.resolve())
                .then(function () {
                    return journal.read(key);
                })
                .then(function (entry) {
                    if (isBegun) {
                        /* What the learner did before the platform came is theirs. */
                        entry = Probity.entries.join(course, entry, keeper.entry(), [], []);
                    }
                    var start = Probity.entries.begin(course, known, entry, hasWaited ? loadedAt : Infinity);
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

        var leader = Probity.lead(world, "probity/" + name, journal, {
            wait: function () {
                hasWaited = true;
                page.wait();
            },
            lost: function () {
                keeper.pause();
                page.wait();
            },
            lead: function () {
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
            leader.release();
        });
        return {
            /* See keeper.leave. */
            leave: function (isUrgent) {
                return keeper.leave(isUrgent).then(function (isLeft) {
                    if (isLeft || isUrgent) {
                        isOver = true;
                        leader.release();
                    }
                    return isLeft;
                });
            }
        };
    };
})();
