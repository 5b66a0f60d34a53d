/*
 * Keeps what the learner does: on this device first, then with the platform, and tells truthfully how far it has
 * come.
 *
 *   changed ──► waiting ──(journal, then platform confirms)──► saved
 *                  │ the platform does not confirm
 *                  ▼
 *               waiting: again after 2, 4, 8 … 60 s and when the network comes back; after five seconds: failed (and again)
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
     * `start`: {learner, confirmed, pending}: what is known at this launch, the number of the last change that the
     * platform has, and the answers that it has not. `session`: null without a platform. `tell(status)`: saved,
     * waiting, failed; local (no platform, kept on this device), lost (nowhere), review.
     */
    Probity.keep = function (world, course, start, session, journal, tell) {
        var learner = start.learner,
            confirmed = start.confirmed,
            pending = start.pending;
        var failures = 0,
            troubleSince = 0,
            timer = null,
            saving = null,
            unsent = start.pending;
        var startedAt = world.monotonic();
        var grade = Probity.openGrade(course);
        var keeper = { learner: learner, grade: null };

        function judge() {
            keeper.grade = grade(learner);
            learner.bestPermille = Math.max(learner.bestPermille, keeper.grade.score_permille);
            learner.completed = learner.completed || keeper.grade.completed;
            learner.passed = learner.passed || (keeper.grade.completed && keeper.grade.passed);
        }

        function isGraded() {
            return course.exercises.some(function (exercise) {
                return exercise.points > 0;
            });
        }

        /*
         * What the platform may know now; see the top of this file. An answer alone is brief: calls are slow on some
         * platforms, and time and progress follow with the next screen.
         */
        function report(isBrief) {
            var isDecided = learner.passed || learner.ended;
            return {
                state: Probity.state.write(course, learner),
                location: learner.screen,
                seconds: isBrief ? undefined : (world.monotonic() - startedAt) / 1000,
                scorePermille: isDecided ? learner.bestPermille : undefined,
                success: learner.passed ? "passed" : learner.ended ? "failed" : undefined,
                completed: learner.completed,
                ungraded: !isGraded(),
                progressPermille:
                    isBrief && !learner.completed
                        ? undefined
                        : Probity.progressPermille(course, learner, keeper.grade)
            };
        }

        function writeJournal() {
            return journal.write({
                state: Probity.state.write(course, learner),
                confirmed: confirmed,
                pending: pending,
                savedAt: world.now()
            });
        }

        function sendAll(isBrief) {
            while (unsent.length) {
                session.sendInteraction(unsent[0]);
                unsent = unsent.slice(1);
            }
            return session.send(session.dialect.report(report(isBrief)));
        }

        /* What is handed over now and may be confirmed later, when more has been done. */
        function mark() {
            return { change: learner.change, records: pending };
        }

        function confirm(sent) {
            confirmed = sent.change;
            failures = 0;
            pending = pending.filter(function (record) {
                return sent.records.indexOf(record) < 0;
            });
            tell(keeper.isConfirmed() ? "saved" : "waiting");
        }

        function retryLater() {
            troubleSince = failures ? troubleSince : world.monotonic();
            failures++;
            tell(world.monotonic() - troubleSince >= TROUBLE_UNTIL_TOLD_MS ? "failed" : "waiting");
            world.clearTimeout(timer);
            timer = world.setTimeout(keeper.save, Math.min(RETRY_FIRST_MS * Math.pow(2, failures - 1), RETRY_LIMIT_MS));
        }

        function saveWithPlatform(isBrief) {
            var sent = mark();
            var isSent = sendAll(isBrief);
            return session.commit().then(function (isCommitted) {
                if (!isCommitted || !isSent) {
                    retryLater();
                    return false;
                }
                confirm(sent);
                return writeJournal().then(function () {
                    return true;
                });
            });
        }

        function inTurn(action) {
            saving = (saving || Promise.resolve()).then(action);
            return saving;
        }

        /* Whether nothing is left to tell the platform. */
        keeper.isConfirmed = function () {
            return !session || !session.records || confirmed === learner.change;
        };

        keeper.save = function (isBrief) {
            world.clearTimeout(timer);
            return inTurn(function () {
                return writeJournal().then(function (isKept) {
                    if (!session || !session.records) {
                        tell(session ? "review" : isKept ? "local" : "lost");
                    } else if (session.isOpen() && !keeper.isConfirmed()) {
                        return saveWithPlatform(isBrief);
                    }
                });
            });
        };

        /* The learner did something. An answer that a platform can show in its reports comes as `record`. */
        keeper.change = function (record) {
            learner.change++;
            judge();
            if (session && !session.records) {
                tell("review");
                return Promise.resolve();
            }
            if (record) {
                record.permille = keeper.grade.results[record.id].permille;
                pending = pending.concat([record]);
                unsent = unsent.concat([record]);
            }
            tell("waiting");
            return keeper.save(Boolean(record));
        };

        keeper.end = function () {
            learner.ended = true;
            return keeper.change();
        };

        /* Answers are forgotten, the pass and the best score are not. */
        keeper.restart = function () {
            learner.round++;
            learner.seed = Probity.state.drawSeed();
            learner.seen = {};
            learner.answers = {};
            learner.foreignSeen = [];
            learner.foreignAnswers = [];
            return keeper.change();
        };

        /* The page is put aside: the last moment at which a platform can be reached dependably. */
        keeper.hide = function () {
            if (session && session.records && session.isOpen()) {
                var sent = mark();
                if (sendAll(false) && session.commitNow()) {
                    confirm(sent);
                    writeJournal();
                } else {
                    retryLater();
                }
            }
        };

        function close() {
            world.clearTimeout(timer);
            var sent = mark();
            var isSent = !session.records || sendAll(false);
            return session.close().then(function (isClosed) {
                if (isClosed && isSent) {
                    confirm(sent);
                    journal.forget();
                }
                return isClosed;
            });
        }

        /*
         * Ends the launch. Promises false where the platform did not confirm: then nothing is ended, unless
         * `isUrgent`: the learner wants it all the same.
         */
        keeper.leave = function (isUrgent) {
            return inTurn(function () {
                if (!session || !session.isOpen()) {
                    return true;
                }
                if (isUrgent || keeper.isConfirmed()) {
                    return close();
                }
                return saveWithPlatform(true).then(function (isSaved) {
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

        world.whenOnline(function () {
            if (!keeper.isConfirmed()) {
                keeper.save(false);
            }
        });

        judge();
        if (keeper.isConfirmed()) {
            tell(!session ? "local" : session.records ? "saved" : "review");
        }
        return keeper;
    };
})();
