/* Asks the rules (the same Lua as in the compiler) what the learner's answers are worth. */
(function () {
    "use strict";
    var Probity = (window.Probity = window.Probity || {});

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

    /*
     * Opens the rules for a course, its own rules.lua included where it has one (`course.rules`). The build has run
     * that file; should it fail here all the same, the default rules decide, and a learner can always finish.
     */
    Probity.openGrade = function (course) {
        var rules = window.ProbityRules.open();
        var skeleton = JSON.stringify(
            Object.assign({}, course, { words: undefined, rules: undefined, places: undefined })
        );
        if (course.rules) {
            try {
                rules.load("rules.lua", course.rules);
            } catch (error) {
                console.warn("rules.lua", error.line, error.message);
            }
        }
        return function (learner) {
            var grade = JSON.parse(
                rules.call("evaluate", "[" + skeleton + "," + JSON.stringify(stateForRules(course, learner)) + "]")
            );
            grade.fallback.forEach(function (entry) {
                console.warn("rules.lua", entry.function, entry.message);
            });
            return grade;
        };
    };

    /* Screens seen and exercises answered, of all; the whole is reached by completion alone. */
    Probity.progressPermille = function (course, learner, grade) {
        var done =
            course.screens.filter(function (screen) {
                return learner.seen[screen];
            }).length +
            course.exercises.filter(function (exercise) {
                return grade.results[exercise.id].answered;
            }).length;
        return learner.completed
            ? 1000
            : Math.min(999, Math.floor((1000 * done) / (course.screens.length + course.exercises.length)));
    };
})();
