/*
 * What the platform that a package is for is told of the course's outcome. `course.profile` says it
 * (generator/model/profile.c); both SCORM dialects make their values of the report that comes out of here.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.isGraded = function (course) {
        return course.exercises.some(function (exercise) {
            return exercise.points > 0;
        });
    };

    /* What a session reads of a platform at the start: objectives only where the course has them and may tell of them. */
    Probity.elementsFor = function (course, elements, isTold) {
        var hasObjectives = isTold && (course.objectives || []).length > 0;
        return hasObjectives ? Object.assign({ objectives: "cmi.objectives._count" }, elements) : elements;
    };

    /* The keeper's report with less in it; `exit` is added: how the platform is to understand that the launch ends. */
    Probity.profiled = function (course, report) {
        var profile = course.profile;
        var told = Object.assign({}, report, { exit: report.isOver ? profile.exit_when_over : "suspend" });
        if (report.success === "failed" && !profile.tells_failure) {
            told.success = told.scorePermille = undefined;
        }
        if (profile.completes_by_passing && Probity.isGraded(course) && report.success !== "passed") {
            told.completed = false;
            /* The whole would be completion. */
            told.progressPermille = report.progressPermille && Math.min(report.progressPermille, 999);
        }
        return told;
    };
})();
