/*
 * Keeps what the learner does: on this device first, then with the platform, and tells truthfully how far it has
 * come.
 *
 *   changed ──► waiting ──(journal, then platform confirms)──► saved
 *                  │ the platform does not confirm
 *                  ▼
 *               waiting: 2, 4, 8 … s after the first time, then every 60 s, and when the network comes back;
 *               after five seconds: failed (and again)
 *
 * Score and verdict travel together: a platform that knows a pass mark makes "failed" of any score below it, so it
 * hears of no score before the course is passed or the learner has ended it below the mark. A pass is never taken
 * back, the best score counts.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var RETRY_FIRST_MS = 2000,
        RETRY_LIMIT_MS = 60000,
        TROUBLE_UNTIL_TOLD_MS = 5000;

    /*
     * `tell(status)`: saved, waiting, failed; local (no platform, kept on this device), lost (nowhere), review. The
     * keeper keeps nothing before attach.
     */
    Probity.keep = function (world, course, tell) {
        var session = null,
            journal = null,
            journalKey = "",
            grade = null;
        var confirmed = -1,
            pending = [],
            unsent = [],
            former = [],
            settled = [],
            aside = [],
            verdictTold = "";
        var troubleSince = null,
            timer = null,
            journalTroubleSince = null,
            journalTimer = null,
            turn = Promise.resolve(),
            isPaused = false;
        var writer = world.token(),
            records = 0;
        var stopwatch = Probity.openStopwatch(world);
        /*
         * whenReplaced: other answers than those on the screen have come in; whenFormer: former attempts have; whenChanged:
         * what entry() gives is no more what it was.
         */
        var keeper = {
            learner: null,
            grade: null,
            whenReplaced: function () {},
            whenFormer: function () {},
            whenChanged: function () {},
            /* what the rules recommend in a case study */
            bestPath: function (scenario) {
                return grade.bestPath(scenario);
            }
        };

        function judge() {
            var learner = keeper.learner;
            keeper.grade = grade(learner);
            learner.bestPermille = Math.max(learner.bestPermille, keeper.grade.score_permille);
            learner.completed = learner.completed || keeper.grade.completed;
            learner.passed = learner.passed || (keeper.grade.completed && keeper.grade.passed);
        }

        function replace(learner) {
            keeper.learner = learner;
            judge();
            keeper.whenReplaced();
        }

        /* Whether there is a platform that may be told anything now. */
        function isRecording() {
            return Boolean(session && session.records && session.isOpen() && !isPaused);
        }

        /* What has been told, or has to be, beside the answers. */
        function verdict() {
            var learner = keeper.learner;
            var isDecided = learner.passed || learner.ended;
            return [learner.passed, learner.completed, learner.ended, isDecided ? learner.bestPermille : 0].join();
        }

        /*
         * What the platform may know now; see the top of this file. An answer alone is brief: calls are slow on some
         * platforms, and time and progress follow with the next screen.
         */
        function report(isBrief) {
            var learner = keeper.learner;
            var isDecided = learner.passed || learner.ended;
            var brief = {
                state: Probity.state.write(course, learner),
                location: learner.screen,
                known: session.known,
                isOver: keeper.grade.completed && (isDecided || !Probity.isGraded(course))
            };
            return isBrief
                ? brief
                : Object.assign(brief, {
                      seconds: stopwatch.seconds(),
                      scorePermille: isDecided ? learner.bestPermille : undefined,
                      success: learner.passed ? "passed" : learner.ended ? "failed" : undefined,
                      completed: learner.completed,
                      ungraded: !Probity.isGraded(course),
                      progressPermille: Probity.progressPermille(course, learner, keeper.grade)
                  });
        }

        function entry() {
            return {
                state: Probity.state.write(course, keeper.learner),
                confirmed: confirmed,
                pending: pending,
                former: former,
                writer: writer,
                savedAt: world.now(),
                isSettled: confirmed === keeper.learner.change && !pending.length && !former.length
            };
        }

        /* Until the next attempt: as long as the trouble has lasted. */
        function delayAfter(trouble) {
            return Math.min(Math.max(trouble, RETRY_FIRST_MS), RETRY_LIMIT_MS);
        }

        /* A journal that could not be read or written may be in order again: then what it has is joined. */
        function tryJournalLater() {
            journalTroubleSince = journalTroubleSince === null ? world.monotonic() : journalTroubleSince;
            world.clearTimeout(journalTimer);
            journalTimer = world.setTimeout(keeper.save, delayAfter(world.monotonic() - journalTroubleSince));
        }

        /* Promises whether it is on the disk. */
        function writeJournal() {
            var mine = entry();
            return journal
                .update(journalKey, function (stored) {
                    return Probity.entries.join(course, stored, mine, settled, aside);
                })
                .then(function (answer) {
                    var joined = answer && answer.value;
                    if (answer) {
                        journalTroubleSince = null;
                        world.clearTimeout(journalTimer);
                    } else {
                        tryJournalLater();
                    }
                    if (joined && joined !== mine) {
                        var formers = former.length;
                        former = Probity.entries.joinFormer(former, joined.former);
                        pending = Probity.entries.joinRecords(pending, joined.pending);
                        unsent = Probity.entries.joinRecords(
                            unsent,
                            joined.pending.filter(function (record) {
                                return mine.pending.indexOf(record) < 0;
                            })
                        );
                        var learner = Probity.entries.merge(
                            keeper.learner,
                            Probity.state.read(course, joined.state)
                        );
                        if (learner !== keeper.learner) {
                            replace(learner);
                        }
                        keeper.whenChanged();
                        if (former.length > formers) {
                            keeper.whenFormer();
                        }
                    }
                    return Boolean(answer);
                });
        }

        /* Hands over everything: what is confirmed next is what stands here now. */
        function handOver(isBrief) {
            var sent = {
                change: keeper.learner.change,
                records: pending,
                verdict: isBrief ? verdictTold : verdict()
            };
            while (unsent.length) {
                session.sendInteraction(unsent[0]);
                unsent = unsent.slice(1);
            }
            if (!isBrief) {
                session.sendStanding(Probity.standing(course, keeper.learner, keeper.grade));
            }
            sent.isTaken = session.send(session.dialect.report(report(isBrief)));
            return sent;
        }

        function confirm(sent) {
            troubleSince = null;
            verdictTold = sent.verdict;
            settled = settled.concat(
                sent.records.map(function (record) {
                    return record.key;
                })
            );
            pending = pending.filter(function (record) {
                return settled.indexOf(record.key) < 0;
            });
            confirmed = sent.verdict === verdict() ? sent.change : confirmed;
            keeper.whenChanged();
        }

        /* The platform has it; said when it stands in the journal, too: a platform may be mistaken. */
        function tellConfirmed() {
            return writeJournal().then(function () {
                tell(keeper.isConfirmed() ? "saved" : "waiting");
            });
        }

        /* However often the learner's own doing has tried meanwhile, it is the time that counts. */
        function retryLater() {
            troubleSince = troubleSince === null ? world.monotonic() : troubleSince;
            var trouble = world.monotonic() - troubleSince;
            tell(trouble >= TROUBLE_UNTIL_TOLD_MS ? "failed" : "waiting");
            world.clearTimeout(timer);
            timer = world.setTimeout(keeper.save, delayAfter(trouble));
        }

        function saveWithPlatform(isBrief) {
            /*
             * An answer that decides the course goes first by itself: no step may take a slow platform long. Not in the
             * first of a launch: with it, a platform may store all that it was loaded with, and that may be behind.
             */
            var isAlone = verdictTold !== "" && (isBrief || (unsent.length > 0 && verdict() !== verdictTold));
            var sent = handOver(isAlone);
            return session.commit().then(function (isCommitted) {
                if (!isCommitted || !sent.isTaken) {
                    retryLater();
                    return false;
                }
                confirm(sent);
                return tellConfirmed().then(function () {
                    return isRecording() && !keeper.isConfirmed() ? saveWithPlatform(false) : true;
                });
            });
        }

        function inTurn(action) {
            turn = turn.then(action, action);
            return turn;
        }

        /* Whether nothing is left to tell the platform. */
        keeper.isConfirmed = function () {
            return !session || !session.records || (confirmed === keeper.learner.change && !pending.length);
        };

        keeper.save = function (isBrief) {
            world.clearTimeout(timer);
            return inTurn(function () {
                return writeJournal().then(function (isKept) {
                    if (!session || !session.records) {
                        tell(session ? "review" : isKept ? "local" : "lost");
                    } else if (isRecording() && !keeper.isConfirmed()) {
                        return saveWithPlatform(isBrief);
                    } else if (!session.isOpen() && !keeper.isConfirmed()) {
                        /* Ended, though the page still stands: the next launch sends it. */
                        tell(isKept ? "local" : "lost");
                    }
                });
            });
        };

        /* The learner did something. An answer that a platform can show in its reports comes as `record`. */
        keeper.change = function (record) {
            keeper.learner.change++;
            judge();
            if (session && !session.records) {
                tell("review");
                return Promise.resolve();
            }
            if (record) {
                record.key = writer + "-" + records++;
                record.permille = keeper.grade.results[record.id].permille;
                pending = pending.concat([record]);
                unsent = unsent.concat([record]);
            }
            keeper.whenChanged();
            tell("waiting");
            return keeper.save(Boolean(record));
        };

        keeper.end = function () {
            keeper.learner.ended = true;
            return keeper.change();
        };

        /* Answers are forgotten, the pass and the best score are not. */
        keeper.restart = function () {
            Object.assign(keeper.learner, {
                round: keeper.learner.round + 1,
                seed: Probity.state.drawSeed(),
                seen: {},
                answers: {},
                foreignSeen: [],
                foreignAnswers: []
            });
            return keeper.change();
        };

        /* Former attempts that this device has kept, newest first: {learner, savedAt}; the learner takes them up or not. */
        keeper.former = function () {
            return former
                .map(function (item) {
                    return {
                        learner: Probity.state.read(course, item.state),
                        pending: item.pending,
                        savedAt: item.savedAt
                    };
                })
                .filter(function (item) {
                    return item.learner;
                })
                .sort(function (left, right) {
                    return right.savedAt - left.savedAt;
                });
        };

        keeper.settleFormer = function (isTakenUp) {
            var learner = keeper.learner;
            if (isTakenUp) {
                keeper.former().forEach(function (item) {
                    learner = Probity.entries.merge(learner, item.learner);
                    pending = Probity.entries.joinRecords(pending, item.pending);
                    unsent = Probity.entries.joinRecords(unsent, item.pending);
                });
            }
            former = [];
            if (learner !== keeper.learner) {
                replace(learner);
            }
            return keeper.change();
        };

        /* The page is put aside: the last moment at which a platform can be reached dependably. */
        keeper.hide = function () {
            if (isRecording()) {
                var sent = handOver(false);
                if (session.commitNow() && sent.isTaken) {
                    confirm(sent);
                    inTurn(tellConfirmed).then(function () {
                        /* The journal may have brought something new. */
                        return keeper.isConfirmed() || keeper.save(false);
                    });
                } else if (!keeper.isConfirmed()) {
                    retryLater();
                }
            }
        };

        function close() {
            world.clearTimeout(timer);
            stopwatch.stop();
            var sent = isRecording() ? handOver(false) : null;
            return session.close().then(function (isClosed) {
                if (isClosed && sent && sent.isTaken) {
                    confirm(sent);
                    return tellConfirmed().then(function () {
                        return true;
                    });
                }
                return isClosed && (!sent || sent.isTaken);
            });
        }

        /*
         * Ends the launch. Promises false where the platform did not confirm: then nothing is ended, unless
         * `isUrgent`: the learner wants it all the same.
         */
        keeper.leave = function (isUrgent) {
            return inTurn(function () {
                if (!session || !session.isOpen()) {
                    stopwatch.stop();
                    return true;
                }
                if (isUrgent || keeper.isConfirmed()) {
                    return close();
                }
                return saveWithPlatform(false).then(function (isSaved) {
                    return isSaved && close();
                });
            });
        };

        /* The page is going: what can be done is done before this returns. */
        keeper.goNow = function () {
            if (session && session.isOpen()) {
                close();
            }
        };

        /* Another window leads for a while. */
        keeper.pause = function () {
            isPaused = true;
        };

        /* It has ended: what it kept is joined with the next write. */
        keeper.resume = function () {
            isPaused = false;
            confirmed = -1;
            return keeper.save(false);
        };

        /* What has been done so far, for another journal. */
        keeper.entry = entry;

        /*
         * From here on with `newSession` (null without a platform) and `newJournal`. `start` is what entries.begin made
         * of them.
         */
        keeper.attach = function (start, newSession, newJournal, newKey) {
            session = newSession;
            journal = newJournal;
            journalKey = newKey;
            confirmed = start.confirmed;
            pending = unsent = start.pending;
            former = start.former;
            aside = former.map(function (item) {
                return item.state;
            });
            grade = Probity.openGrade(course);
            var before = Probity.state.write(course, start.learner);
            replace(start.learner);
            if (Probity.state.write(course, start.learner) !== before) {
                /* Another version of the course, another grade. */
                start.learner.change++;
            }
            verdictTold = keeper.isConfirmed() ? verdict() : "";
            keeper.whenChanged();
            if (start.isUnread) {
                tryJournalLater();
            }
            if (!keeper.isConfirmed()) {
                tell("waiting");
                keeper.save(false);
            } else {
                tell(!session ? "local" : session.records ? "saved" : "review");
                if (isRecording()) {
                    session.commit();
                }
            }
        };

        world.whenOnline(function () {
            if (keeper.learner && !keeper.isConfirmed()) {
                keeper.save(false);
            }
        });
        return keeper;
    };
})();
