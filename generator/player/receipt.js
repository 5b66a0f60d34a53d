/*
 * What the learner has done, as text: for people in its first lines, and the state itself, whose checksum shows
 * whether it was copied whole.
 */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

    Probity.receiptText = function (world, course, learner, learnerId) {
        return [
            "course: " + course.id,
            "learner: " + learnerId,
            "time: " + new Date(world.now()).toISOString(),
            "score: " + Probity.format.percent(learner.bestPermille) + " %",
            "completed: " + (learner.completed ? "yes" : "no"),
            "passed: " + (learner.passed ? "yes" : "no"),
            "state: " + Probity.state.write(course, learner)
        ].join("\n");
    };

    /* Returns what shows the receipt that `text()` gives. */
    Probity.openReceipt = function (text) {
        var dialog = document.getElementById("course-receipt");
        var place = document.getElementById("course-receipt-text");

        document.getElementById("course-receipt-close").addEventListener("click", function () {
            dialog.close();
        });
        /* Selected, it is copied as any text is; a page in a frame is seldom allowed to do so itself. */
        place.addEventListener("focus", function () {
            place.select();
        });
        return function () {
            place.value = text();
            dialog.showModal();
        };
    };
})();
