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
    Probity.keep = function (course, start, session, journal, tell) {
        var learner = start.learner,
            confirmed = start.confirmed,
            pending = start.pending;
        var failures = 0,
            troubleSince = 0,
            timer = null,
            saving = null,
            unsent = start.pending;
        var startedAt = performance.now();
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
                seconds: isBrief ? undefined : (performance.now() - startedAt) / 1000,
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
                savedAt: Date.now()
            });
        }

        function sendAll(isBrief) {
            while (unsent.length) {
                session.sendInteraction(unsent[0]);
                unsent = unsent.slice(1);
            }
            return session.send(session.dialect.report(report(isBrief)));
        }

        function confirm(change) {
            confirmed = change;
            failures = 0;
            pending = unsent;
            tell(learner.change === change ? "saved" : "waiting");
        }

        function retryLater() {
            troubleSince = failures ? troubleSince : performance.now();
            failures++;
            tell(performance.now() - troubleSince >= TROUBLE_UNTIL_TOLD_MS ? "failed" : "waiting");
            clearTimeout(timer);
            timer = setTimeout(keeper.save, Math.min(RETRY_FIRST_MS * Math.pow(2, failures - 1), RETRY_LIMIT_MS));
        }

        /* At once and in one go: for leaving and hiding, when nothing that waits may happen any more. */
        function saveNow(isBrief) {
            var change = learner.change;
            var isSent = sendAll(isBrief);
            if (session.commit() && isSent) {
                confirm(change);
                writeJournal();
                return true;
            }
            return false;
        }

        /* Whether nothing is left to tell the platform. */
        keeper.isConfirmed = function () {
            return !session || !session.records || confirmed === learner.change;
        };

        keeper.save = function (isBrief) {
            clearTimeout(timer);
            saving = (saving || Promise.resolve()).then(writeJournal).then(function (isKept) {
                if (!session || !session.records) {
                    tell(session ? "review" : isKept ? "local" : "lost");
                } else if (session.isOpen() && !keeper.isConfirmed() && !saveNow(isBrief)) {
                    retryLater();
                }
            });
            return saving;
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
            learner.seen = {};
            learner.answers = {};
            learner.foreignSeen = [];
            learner.foreignAnswers = [];
            return keeper.change();
        };

        /* The page is put aside: the last moment at which a platform can be reached dependably. */
        keeper.hide = function () {
            if (session && session.records && session.isOpen()) {
                if (!saveNow(false)) {
                    retryLater();
                }
            }
        };

        /*
         * Ends the launch. False where the platform did not confirm: then nothing is ended, unless `isUrgent`: the
         * page is going.
         */
        keeper.leave = function (isUrgent) {
            if (!session || !session.isOpen()) {
                return true;
            }
            if (!isUrgent && !keeper.isConfirmed() && !saveNow(true)) {
                retryLater();
                return false;
            }
            clearTimeout(timer);
            var isSent = !session.records || sendAll(false);
            var isClosed = session.close();
            if (isClosed && isSent) {
                confirm(learner.change);
                journal.forget();
            }
            return isClosed;
        };

        window.addEventListener("online", function () {
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
