/*
 * Where a learner stands with the course's objectives, in words that are neither standard's: {id, status, permille},
 * status being incomplete, completed (nothing of it earns points), failed or passed. Platforms hear of an objective when
 * its first exercise is answered, and never of less than they have heard before.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    var RANK = { incomplete: 1, failed: 2, completed: 3, passed: 4 };

    function statusOf(course, learner, exercises, judged) {
        var isGraded = exercises.some(function (exercise) {
            return exercise.points > 0;
        });
        if (!judged.answered) {
            return "incomplete";
        }
        return !isGraded
            ? "completed"
            : judged.passed
              ? "passed"
              : learner.ended && course.profile.tells_failure
                ? "failed"
                : "incomplete";
    }

    /* Those that have been begun, in the course's order. `grade`: what the rules say. */
    Probity.standing = function (course, learner, grade) {
        var standing = [];
        (course.objectives || []).forEach(function (id) {
            var exercises = course.exercises.filter(function (exercise) {
                return exercise.objective === id;
            });
            var isBegun = exercises.some(function (exercise) {
                return learner.answers[exercise.id];
            });
            var judged = grade.objectives[id];
            if (judged && isBegun) {
                var status = statusOf(course, learner, exercises, judged);
                var isScored = status === "passed" || status === "failed";
                standing.push({ id: id, status: status, permille: isScored ? judged.permille : null });
            }
        });
        return standing;
    };

    /* The better of each; `known` may be undefined. */
    Probity.betterStanding = function (known, now) {
        if (!known) {
            return now;
        }
        var hasScore = known.permille !== null && (now.permille === null || known.permille > now.permille);
        return {
            id: now.id,
            status: RANK[known.status] > RANK[now.status] ? known.status : now.status,
            permille: hasScore ? known.permille : now.permille
        };
    };
})();
