/*
 * Begins a launch: finds the platform, joins what it kept with what this device kept, and opens the course where the
 * learner left.
 *
 *   page ──► platform found? ──► "incomplete", exit "suspend", Commit ──► joined with the journal ──► playing ──► left
 *                 │ no, or it does not open                                                     (once: Terminate)
 *                 └──► a notice says that nothing is recorded; this device alone keeps the answers
 *
 * Nothing depends on the moment of leaving: every answer and every screen has been committed by then.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var world = Probity.world;

    function notice(text) {
        var place = document.getElementById("course-notice");
        place.textContent = text;
        place.hidden = false;
    }

    /* The learner as the platform and this device know them, and how much of it the platform has. */
    function join(course, known, entry) {
        var theirs = known && known.state ? Probity.state.read(course, known.state) : null;
        var isNewAttempt =
            known &&
            !known.state &&
            entry &&
            Probity.state.read(course, entry.state) &&
            Probity.state.read(course, entry.state).change === entry.confirmed;
        var ours = entry && !isNewAttempt ? Probity.state.read(course, entry.state) : null;
        var learner = Probity.state.merge(theirs, ours) || Probity.state.create();
        var start = {
            learner: learner,
            pending: ours ? entry.pending : [],
            isDamaged: Boolean(known && known.state && !theirs),
            isLost: Boolean(known && known.state && !theirs && !ours)
        };
        if (known) {
            learner.passed = learner.passed || known.passed;
            learner.completed = learner.completed || known.completed;
            learner.ended = learner.ended || known.failed;
            if (start.isLost && course.places.indexOf(known.location) >= 0) {
                learner.screen = known.location;
            }
        }
        if (
            (theirs && Probity.state.write(course, learner) !== known.state) ||
            start.isDamaged ||
            start.pending.length
        ) {
            learner.change++;
        }
        start.confirmed = theirs ? theirs.change : 0;
        return start;
    }

    function openLeaving(say, keeper) {
        var leave = document.getElementById("course-leave");
        var isAnyway = false;

        leave.addEventListener("click", function () {
            keeper.leave(isAnyway).then(function (isLeft) {
                if (!isLeft && !isAnyway) {
                    isAnyway = true;
                    leave.textContent = say("player.leave.anyway");
                    notice(say("player.leave.unsaved"));
                    Probity.announce(say("player.leave.unsaved"));
                    return;
                }
                document.documentElement.dataset.player = "left";
                document.getElementById("course-left").hidden = false;
                document.getElementById("course-left-words").textContent = say(
                    isAnyway ? "player.left.unsaved" : "player.left.saved"
                );
                document.querySelector("#course-left h2").focus();
            });
        });
        leave.hidden = false;
        world.whenHidden(keeper.hide);
        world.whenGone(keeper.goNow);
    }

    function begin(course, say, dialect, session, known) {
        var navigation = Probity.openNavigation(say);
        course.places = navigation.ids;
        if (known && known.passPermille !== null) {
            course.pass_permille = known.passPermille;
        }
        Probity.openJournal(world, [course.id, dialect.name, known ? known.learner : ""].join("/")).then(
            function (journal) {
                return journal.read().then(function (entry) {
                    var start = join(course, known, entry);
                    var keeper = Probity.keep(
                        world,
                        course,
                        start,
                        session,
                        journal,
                        Probity.openSaveStatus(say)
                    );
                    if (!session) {
                        notice(say("player.not-recorded"));
                    } else if (!session.records) {
                        notice(say("player.review"));
                    } else if (start.isLost) {
                        notice(say("player.damaged"));
                    }
                    document.documentElement.dataset.player = "on";
                    Probity.play(course, say, keeper, navigation);
                    openLeaving(say, keeper);
                    performance.mark("course-ready");
                    if (!keeper.isConfirmed()) {
                        keeper.save(false);
                    }
                });
            }
        );
    }

    var course = Probity.course;
    var say = Probity.openWords(course.words, document.documentElement.lang);
    var dialect = Probity[document.documentElement.dataset.platform];
    document.documentElement.dataset.player = "starting";
    dialect
        .connect(world)
        .then(function (session) {
            return session
                ? session.open().then(function (known) {
                      return { session: known ? session : null, known: known };
                  })
                : { session: null, known: null };
        })
        .then(function (opened) {
            begin(course, say, dialect, opened.session, opened.known);
        });
})();
