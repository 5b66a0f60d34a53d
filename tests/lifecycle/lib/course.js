/* Random courses as the build describes them (course.js without words), their next versions, and answers to them. */
"use strict";
const profiles = require("./profiles");

const KINDS = ["single", "multiple", "true-false", "scenario"];
const LETTERS = "abcdefgh";

function exercise(random, id, isGraded) {
    const kind = KINDS[random(KINDS.length)];
    const skeleton = { id: `${kind}-${id}`, kind, points: isGraded ? 1 + random(3) : 0 };
    if (kind === "scenario") {
        const steps = 2 + random(3);
        skeleton.start = "s0";
        skeleton.steps = Array.from({ length: steps }, (_, at) =>
            at === steps - 1
                ? { id: `s${at}`, points: 1, moves: [], end: "good" }
                : {
                      id: `s${at}`,
                      points: 0,
                      moves: [`s${at + 1}`].concat(random(2) ? [`s${random(steps)}`] : [])
                  }
        );
        return skeleton;
    }
    skeleton.choices = LETTERS.slice(0, kind === "true-false" ? 2 : 2 + random(2)).split("");
    skeleton.right = kind === "multiple" ? ["a", "b"] : ["a"];
    return skeleton;
}

function screenOf(id) {
    return `m${id % 2}/s${id}`;
}

/* `ids`: of the exercises and, one each, of the screens. */
function describe(exercises, pass) {
    const screens = exercises.map(({ at }) => screenOf(at));
    return {
        id: "course",
        pass_permille: pass,
        completion: "screens",
        profile: profiles.generic,
        screens,
        places: ["_about"].concat(screens, "_result"),
        exercises: exercises.map(({ skeleton }) => skeleton)
    };
}

/* The same course in three versions: something added, something removed, something moved. */
function versions(random) {
    const isGraded = random(8) > 0;
    const all = Array.from({ length: 2 + random(3) }, (_, at) => ({ at, skeleton: exercise(random, at, isGraded) }));
    const pass = [500, 800, 1000][random(3)];
    const fewer = all.filter((_, at) => at !== random(all.length));
    const moved = all.slice().reverse().concat({ at: 7, skeleton: exercise(random, 7, isGraded) });
    return [all, fewer.length ? fewer : all, moved].map((exercises) => describe(exercises, pass));
}

function answer(random, skeleton) {
    if (random(2)) {
        return skeleton.right.join("");
    }
    return skeleton.kind === "multiple" ? "ac".slice(0, 1 + random(skeleton.choices.length - 1)) : "b";
}

module.exports = { versions, answer, LETTERS };
