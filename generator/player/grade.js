/* Asks the rules (the same Lua as in the compiler) what the learner's answers are worth. */
(function () {
    "use strict";
    var Probity = window.Probity = window.Probity || {};

    /* The learner's state as the rules take it. */
    function stateForRules(course, learner) {
        var state = { seen: Object.keys(learner.seen), answers: {}, paths: {} };
        course.exercises.forEach(function (exercise) {
            var answer = learner.answers[exercise.id];
            if (answer && exercise.kind === "scenario") {
                state.paths[exercise.id] = Probity.exercise.path(exercise, answer.given);
            } else if (answer) {
                state.answers[exercise.id] = { choices: Array.from(answer.given), attempts: answer.tries };
            }
        });
        return state;
    }

    Probity.grade = function (course, learner) {
        return window.ProbityRules.evaluate(course, stateForRules(course, learner));
    };

    /* Screens seen and exercises answered, of all. */
    Probity.progressPermille = function (course, learner, grade) {
        var done = course.screens.filter(function (screen) { return learner.seen[screen]; }).length +
            course.exercises.filter(function (exercise) { return grade.results[exercise.id].answered; }).length;
        return Math.floor(1000 * done / (course.screens.length + course.exercises.length));
    };
}());
