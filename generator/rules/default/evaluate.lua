---- The one entry of the player, the build and the tests ----

local function score_exercise(exercise, state, fallback)
    local permille, answered = 0, false
    if exercise.kind == "scenario" then
        local path, moves = state.paths[exercise.id], state.moves[exercise.id]
        if path then
            local _, reached_end = walk(exercise, path, moves)
            answered = reached_end ~= nil
            permille = apply(fallback, "score_scenario", exercise, path, moves)
        end
    else
        local answer = state.answers[exercise.id]
        if answer then
            answered = true
            permille = apply(fallback, "score_question", exercise, answer)
        end
    end
    return { permille = permille, answered = answered, correct = answered and permille == 1000 }
end

local function choose_feedback_for(course, state, results, fallback)
    local chosen = {}
    for _, exercise in ipairs(course.exercises) do
        local answer = state.answers[exercise.id]
        if answer and #table_or_empty(exercise.feedback) > 0 then
            chosen[exercise.id] = apply(fallback, "choose_feedback", exercise, answer, results[exercise.id].permille)
        end
    end
    return chosen
end

-- Only where they are limited.
local function count_attempts_left(course, state)
    local left = {}
    for _, exercise in ipairs(course.exercises) do
        local limit, answer = exercise.attempts or 0, state.answers[exercise.id]
        if limit > 0 then
            left[exercise.id] = math.max(0, limit - (answer and answer.attempts or 0))
        end
    end
    return left
end

-- {[objective id] = {permille, answered, passed}}, for those to which exercises belong that count
local function judge_objectives(course, results)
    local judged = {}
    for _, id in ipairs(table_or_empty(course.objectives)) do
        local exercises = {}
        for _, exercise in ipairs(course.exercises) do
            if exercise.objective == id then
                exercises[#exercises + 1] = exercise
            end
        end
        if #exercises > 0 then
            local permille = score_together(exercises, results)
            local answered = is_all_answered(exercises, results)
            judged[id] = { permille = permille, answered = answered, passed = answered and permille >= course.pass_permille }
        end
    end
    return judged
end

local function ids_of(exercises, is_wanted)
    local ids = array({})
    for _, exercise in ipairs(exercises) do
        if not is_wanted or is_wanted[exercise.id] then
            ids[#ids + 1] = exercise.id
        end
    end
    return ids
end

-- {results, answered, score_permille, score_raw = 0..100, passed, completed, success = "passed" | "failed" | "unknown",
--  completion = "completed" | "incomplete", fallback = {{["function"], message}, ...},
--  drawn = {ids of exercises that are shown}, required = {screens, exercises}: what counts for this learner,
--  open, modules_done = {module ids}, skipped = {screens}, feedback = {[id] = "right" | "partly" | "wrong"},
--  attempts_left = {[id] = number}, objectives}
-- `success` stays "unknown" until every exercise is answered, and where no exercise carries points.
local function evaluate(course, stored_state)
    forget_others(course.exercises)
    local state, fallback = clean_state(course, stored_state), new_fallback()
    local is_drawn = draw_banks(course, state)
    local results = {}
    for _, exercise in ipairs(course.exercises) do
        results[exercise.id] = is_drawn[exercise.id] and score_exercise(exercise, state, fallback)
            or { permille = 0, answered = false, correct = false }
    end
    local plan = plan_course(course, state, results, is_drawn, fallback)
    local counting = plan.course
    local all_answered = is_all_answered(counting.exercises, results)
    local grade = apply(fallback, "grade_course", counting, results, state)
    local completed = apply(fallback, "decide_completion", counting, state, results, grade)
    local success = "unknown"
    if all_answered and sum_of_points(counting.exercises) + counting.skipped_points > 0 then
        success = grade.passed and "passed" or "failed"
    end
    return {
        results = results,
        answered = all_answered,
        score_permille = grade.score_permille,
        score_raw = grade.score_permille // 10,
        passed = grade.passed,
        completed = completed,
        success = success,
        completion = completed and "completed" or "incomplete",
        drawn = ids_of(course.exercises, is_drawn),
        required = { screens = counting.screens, exercises = ids_of(counting.exercises) },
        open = plan.open,
        modules_done = plan.done,
        skipped = plan.skipped,
        feedback = choose_feedback_for(course, state, results, fallback),
        attempts_left = count_attempts_left(course, state),
        objectives = judge_objectives(counting, results),
        fallback = fallback.list,
    }
end

local function with_fallback(name)
    return function(...)
        forget_others({ (...) })
        local fallback = new_fallback()
        return { value = apply(fallback, name, ...), fallback = fallback.list }
    end
end

local entries = {
    evaluate = evaluate,
    best_points = best_points,
    identity = function(value)
        return value
    end,
}
local overridable =
    { "choose_feedback", "decide_completion", "gate_module", "grade_course", "score_question", "score_scenario" }
for _, name in ipairs(overridable) do
    entries[name] = with_fallback(name)
end

return entries, overridable
