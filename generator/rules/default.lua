-- The default rules: how answers become a score, and when a course is passed and completed.
--
-- Pure functions over tables. Scores are whole numbers of thousandths ("permille"), so that every machine computes the same.
-- Rounding is always downwards: a learner at 79.9 per cent has not reached 80.
--
-- course  {id, pass_permille, completion = "screens" | "passed", screens = {"module/screen", ...}, exercises = {...}}
--   a question  {id, kind = "single" | "multiple" | "true-false", choices = {"a", "b"}, right = {"b"}, points = 2}
--   a scenario  {id, kind = "scenario", start = "s1", points = 3,
--                steps = {{id, points = 0, moves = {"s2", "s3"}, ["end"] = "good" | "fair" | "poor" | nil}, ...}}
-- state   {seen = {"module/screen", ...}, answers = {[question id] = {choices = {"b"}, attempts = 1}}, -- no choice twice
--          paths = {[scenario id] = {"s1", "s2", ...}}}
--   The state comes from a platform or a browser's store and may be damaged: whatever has a wrong shape counts as absent.
-- results {[exercise id] = {permille = 0..1000, answered = boolean, correct = boolean}}
--
-- A course's rules.lua may return functions named in `overridable` below; they take and return what the default ones do.

local call_course_rule, array = ...

local rules = {} -- name of a rule -> default function
local checks = {} -- name of a rule -> function that says what is wrong with a value that the course's function returned

local function table_or_empty(value)
    return type(value) == "table" and value or {}
end

local function set_of(list)
    local set = {}
    for _, item in ipairs(list) do
        set[item] = true
    end
    return set
end

local function check_permille(value)
    if math.type(value) ~= "integer" or value < 0 or value > 1000 then
        return "it must return a whole number from 0 to 1000"
    end
end

---- Questions ----

-- Single choice and true/false: all or nothing. Multiple choice: right ticks minus wrong ticks, over the number of right ones.
function rules.score_question(question, answer)
    local is_right = set_of(question.right)
    local right, wrong = 0, 0
    for _, choice in ipairs(answer.choices) do
        if is_right[choice] then
            right = right + 1
        else
            wrong = wrong + 1
        end
    end
    if question.kind == "multiple" then
        return math.max(0, right - wrong) * 1000 // math.max(1, #question.right)
    end
    return right == #question.right and wrong == 0 and 1000 or 0
end

checks.score_question = check_permille

---- Case studies ----

local function steps_by_id(scenario)
    local steps = {}
    for _, step in ipairs(scenario.steps) do
        steps[step.id] = step
    end
    return steps
end

-- Walks the path as far as its moves exist. Returns the points of the distinct steps on it, and the end that it reached, if any.
local function walk(scenario, path)
    local steps = steps_by_id(scenario)
    local step, counted, points = nil, {}, 0
    for position, id in ipairs(path) do
        local is_allowed
        if step then
            is_allowed = set_of(step.moves)[id]
        else
            is_allowed = position == 1 and id == scenario.start
        end
        if not is_allowed or not steps[id] then
            break
        end
        step = steps[id]
        if not counted[id] then
            counted[id] = true
            points = points + step.points
        end
        if step["end"] then
            return points, step["end"]
        end
    end
    return points, nil
end

-- reaches[a][b] is true when moves lead from a to b (also over other steps).
local function reachability(steps)
    local reaches = {}
    for id in pairs(steps) do
        local found, waiting = {}, { id }
        while #waiting > 0 do
            local here = table.remove(waiting)
            for _, move in ipairs(steps[here].moves) do
                if steps[move] and not found[move] then
                    found[move] = true
                    waiting[#waiting + 1] = move
                end
            end
        end
        reaches[id] = found
    end
    return reaches
end

local SEARCH_LIMIT = 5000 -- steps visited, over the whole scenario

-- The most points that a path without repeated steps collects on its way to an end: {points, path, exact}.
--
-- Steps that lead back to each other form a loop. A path that has left a loop cannot return to it, so what can be collected
-- from the first step in a loop on does not depend on how one came there, and is computed once. Within a loop every order is tried:
-- a loop of up to seven steps is exact whatever its moves, larger ones as long as SEARCH_LIMIT suffices (`exact` tells).
local function best_points(scenario)
    local steps = steps_by_id(scenario)
    local reaches = reachability(steps)
    local entered, visits, exact = {}, 0, true -- entered[id]: the best from id on, or false where no end can be reached

    local search
    local function best_from(id, on_path)
        visits = visits + 1
        if visits > SEARCH_LIMIT then
            exact = false
            return false
        end
        local step, best = steps[id], nil
        if step["end"] then
            return { id = id, points = step.points }
        end
        on_path[id] = true
        for _, move in ipairs(step.moves) do
            if steps[move] and not on_path[move] then
                local rest
                if reaches[move][id] then
                    rest = best_from(move, on_path)
                else
                    rest = search(move)
                end
                if rest and (not best or rest.points > best.points) then
                    best = rest
                end
            end
        end
        on_path[id] = nil
        return best and { id = id, points = step.points + best.points, next = best } or false
    end

    function search(id)
        if entered[id] == nil then
            entered[id] = best_from(id, {})
        end
        return entered[id]
    end

    local best = steps[scenario.start] and search(scenario.start)
    local path, node = array({}), best
    while node do
        path[#path + 1] = node.id
        node = node.next
    end
    return { exact = exact, path = path, points = best and best.points or 0 }
end

local END_PERMILLE = { good = 1000, fair = 500, poor = 0 }

-- The points collected on the way to an end, over the most that can be collected; nothing before an end is reached.
-- Where no step has points, the end alone counts.
function rules.score_scenario(scenario, path)
    local points, reached_end = walk(scenario, path)
    if not reached_end then
        return 0
    end
    local best = best_points(scenario).points
    if best == 0 then
        return END_PERMILLE[reached_end] or 0
    end
    return math.min(1000, points * 1000 // best)
end

checks.score_scenario = check_permille

---- The course ----

-- Every exercise weighs as much as its points; one that is not answered counts 0. A course without points cannot be passed.
function rules.grade_course(course, results)
    local points, earned = 0, 0
    for _, exercise in ipairs(course.exercises) do
        points = points + exercise.points
        earned = earned + exercise.points * results[exercise.id].permille
    end
    local score_permille = points > 0 and earned // points or 0
    return { score_permille = score_permille, passed = points > 0 and score_permille >= course.pass_permille }
end

function checks.grade_course(value)
    if type(value) ~= "table" or check_permille(value.score_permille) or type(value.passed) ~= "boolean" then
        return "it must return {score_permille = a whole number from 0 to 1000, passed = true or false}"
    end
end

local function is_all_seen(course, state)
    local seen = set_of(state.seen)
    for _, screen in ipairs(course.screens) do
        if not seen[screen] then
            return false
        end
    end
    return true
end

-- "passed": the pass mark is reached. "screens": every screen seen and every exercise answered; so also where nothing can be passed,
-- because no exercise carries points.
function rules.decide_completion(course, state, results, grade)
    local all_answered, points = true, 0
    for _, exercise in ipairs(course.exercises) do
        points = points + exercise.points
        all_answered = all_answered and results[exercise.id].answered
    end
    if course.completion == "passed" and points > 0 then
        return grade.passed
    end
    return all_answered and is_all_seen(course, state)
end

function checks.decide_completion(value)
    if type(value) ~= "boolean" then
        return "it must return true or false"
    end
end

---- The course's functions in place of the default ones ----

-- Runs the course's function where there is a good one, else the default one. Every function that fell back is reported once, with
-- what happened first.
local function apply(fallback, name, ...)
    local is_called, value, problem = call_course_rule(name, ...)
    if is_called then
        problem = problem or checks[name](value)
        if not problem then
            return value
        end
        if not fallback.reported[name] then
            fallback.reported[name] = true
            fallback.list[#fallback.list + 1] = { ["function"] = name, message = problem }
        end
    end
    return rules[name](...)
end

local function new_fallback()
    return { list = array({}), reported = {} }
end

---- The one entry of the player, the build and the tests ----

local function only_strings(list)
    local kept = {}
    for _, item in ipairs(table_or_empty(list)) do
        if type(item) == "string" then
            kept[#kept + 1] = item
        end
    end
    return kept
end

local function distinct(list)
    local kept, found = {}, {}
    for _, item in ipairs(list) do
        if not found[item] then
            found[item] = true
            kept[#kept + 1] = item
        end
    end
    return kept
end

-- The state with the same shape whatever it was read from. An answer without a choice is no answer, and a choice counts once.
local function clean_state(state)
    local clean = { seen = only_strings(table_or_empty(state).seen), answers = {}, paths = {} }
    for id, answer in pairs(table_or_empty(table_or_empty(state).answers)) do
        local choices = distinct(only_strings(table_or_empty(answer).choices))
        if #choices > 0 then
            local attempts = answer.attempts
            clean.answers[id] = { choices = choices, attempts = math.type(attempts) == "integer" and attempts or 1 }
        end
    end
    for id, path in pairs(table_or_empty(table_or_empty(state).paths)) do
        clean.paths[id] = only_strings(path)
    end
    return clean
end

local function score_exercise(exercise, state, fallback)
    local permille, answered = 0, false
    if exercise.kind == "scenario" then
        local path = state.paths[exercise.id]
        if path then
            local _, reached_end = walk(exercise, path)
            answered = reached_end ~= nil
            permille = apply(fallback, "score_scenario", exercise, path)
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

-- {results, answered, score_permille, score_raw = 0..100, passed, completed, success = "passed" | "failed" | "unknown",
--  completion = "completed" | "incomplete", fallback = {{["function"], message}, ...}}
-- `success` stays "unknown" until every exercise is answered, and where no exercise carries points.
local function evaluate(course, stored_state)
    local state, fallback = clean_state(stored_state), new_fallback()
    local results, all_answered, points = {}, true, 0
    for _, exercise in ipairs(course.exercises) do
        local result = score_exercise(exercise, state, fallback)
        results[exercise.id] = result
        all_answered = all_answered and result.answered
        points = points + exercise.points
    end
    local grade = apply(fallback, "grade_course", course, results)
    local completed = apply(fallback, "decide_completion", course, state, results, grade)
    local success = "unknown"
    if all_answered and points > 0 then
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
        fallback = fallback.list,
    }
end

local function with_fallback(name)
    return function(...)
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
local overridable = { "decide_completion", "grade_course", "score_question", "score_scenario" }
for _, name in ipairs(overridable) do
    entries[name] = with_fallback(name)
end

return entries, overridable
