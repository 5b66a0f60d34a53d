-- The default rules: how answers become a score, which parts of a course count for a learner, and when it is passed and completed.
--
-- Pure functions over tables. Scores are whole numbers of thousandths ("permille"), so that every machine computes the same.
-- Rounding is always downwards: a learner at 79.9 per cent has not reached 80.
-- The files of this folder are one Lua file, joined in the order that the Makefile names.
--
-- course   {id, pass_permille, completion = "screens" | "passed", screens = {"module/screen", ...}, exercises = {...},
--           modules = {{id, screens, after = {module ids}, pretest = "module/screen" | nil, pretest_permille}, ...},
--           banks = {{id, draw = 2, exercises = {ids}}, ...}, objectives = {ids}}
--   every exercise  {id, kind, points, attempts = 0 (as many as one likes) .. 9, feedback = {"right", "partly", "wrong", "any"} in part,
--                    objective = id | nil, module = id, screen = "module/screen"}; and by its kind
--     single, multiple, true-false, hotspot  choices = {"a", "b"}, right = {"b"}; hotspot also multiple = boolean
--     likert      choices
--     ordering    items = {"a", "b", "c"}: the right order
--     matching    left = {"a", ...}, targets = {"a", ...}, right = {"b", "a", ...}: the target of each on the left
--     fill-in     blanks = {"1", "2"}
--     numeric     answer_micro, tolerance_micro: value * 1,000,000
--     reflection  size; attestation: nothing
--     scenario    start = "s1", steps = {{id, points = 0, moves = {"s2", "s3"}, ["end"] = "good" | "fair" | "poor" | nil,
--                 choices = {{move = "s2", points = 1, set = {{"trust", "+", 1}}, test = {{"trust", ">=", 1}}}, ...}}, ...}
-- state    {seen = {"module/screen", ...}, seed, round, answers = {[question id] = answer},
--           paths = {[scenario id] = {"s1", "s2", ...}}, moves = {[scenario id] = {"a", ...}}}: the choices between those steps
--   an answer  {attempts = 1} and choices = {"b"}, no choice twice (also likert, hotspot) | order = {"c", "a", "b"} | matches = {"b", "-"} |
--              blanks = {true, false} (accepted or not) | micro = 12500000 | text = true | date = "2026-11-21"
--   The state comes from a platform or a browser's store and may be damaged: whatever has a wrong shape counts as absent.
-- results  {[exercise id] = {permille = 0..1000, answered = boolean, correct = boolean}}
--
-- A course's rules.lua may return functions named in `overridable` (evaluate.lua); they take and return what the default ones do.

local call_course_rule, array = ...

local rules = {} -- name of a rule -> default function
local checks = {} -- name of a rule -> function that says what is wrong with a value that the course's function returned

local function table_or_empty(value)
    return type(value) == "table" and value or {}
end

local function set_of(list)
    local set = {}
    for _, item in ipairs(table_or_empty(list)) do
        set[item] = true
    end
    return set
end

local function list_of(type_name, list)
    local kept = {}
    for _, item in ipairs(table_or_empty(list)) do
        if type(item) == type_name then
            kept[#kept + 1] = item
        end
    end
    return kept
end

local function only_strings(list)
    return list_of("string", list)
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

local function integer_or(default, value)
    return math.type(value) == "integer" and value or default
end

local function check_permille(value)
    if math.type(value) ~= "integer" or value < 0 or value > 1000 then
        return "it must return a whole number from 0 to 1000"
    end
end

---- Answers and states with the same shape whatever they were read from ----

local function clean_list(field, list)
    return #list > 0 and { [field] = list } or nil
end

local function clean_choices(answer)
    return clean_list("choices", distinct(only_strings(answer.choices)))
end

local clean_by_kind = {
    ordering = function(answer)
        return clean_list("order", distinct(only_strings(answer.order)))
    end,
    matching = function(answer)
        return clean_list("matches", only_strings(answer.matches))
    end,
    ["fill-in"] = function(answer)
        return clean_list("blanks", list_of("boolean", answer.blanks))
    end,
    numeric = function(answer)
        return math.type(answer.micro) == "integer" and { micro = answer.micro } or nil
    end,
    reflection = function(answer)
        return answer.text == true and { text = true } or nil
    end,
    attestation = function(answer)
        return type(answer.date) == "string" and { date = answer.date } or nil
    end,
}

-- An answer without a choice is no answer, and a choice counts once.
local function clean_answer(question, answer)
    answer = table_or_empty(answer)
    local clean = (clean_by_kind[question.kind] or clean_choices)(answer)
    if clean then
        clean.attempts = integer_or(1, answer.attempts)
    end
    return clean
end

local function clean_state(course, stored)
    stored = table_or_empty(stored)
    local answers, paths, moves = table_or_empty(stored.answers), table_or_empty(stored.paths), table_or_empty(stored.moves)
    local clean = { seen = only_strings(stored.seen), answers = {}, paths = {}, moves = {} }
    clean.seed, clean.round = integer_or(0, stored.seed), integer_or(0, stored.round)
    for _, exercise in ipairs(course.exercises) do
        local id = exercise.id
        if exercise.kind ~= "scenario" then
            clean.answers[id] = clean_answer(exercise, answers[id])
        elseif paths[id] ~= nil then
            clean.paths[id] = only_strings(paths[id])
            clean.moves[id] = moves[id] ~= nil and only_strings(moves[id]) or nil
        end
    end
    return clean
end
