---- What counts for a learner: banks, pre-tests, modules ----

-- 32 bits of a text, in which every letter tells (FNV-1a, stirred).
local function hash_of(text)
    local hash = 0x811c9dc5
    for at = 1, #text do
        hash = (hash ~ text:byte(at)) * 0x01000193 & 0xffffffff
    end
    hash = (hash ~ hash >> 15) * 0x2c1b3c6d & 0xffffffff
    return hash ~ hash >> 13
end

-- The questions of a bank that the learner meets: those answered already, then by chance, which hangs on the learner's seed and round
-- alone. So it is the same at every launch, and a changed bank keeps what was answered.
local function draw_bank(course, bank, state)
    local order = {}
    for _, id in ipairs(bank.exercises) do
        local text = table.concat({ course.id, bank.id, id, state.seed, state.round }, "\n")
        order[#order + 1] = { id = id, is_new = state.answers[id] == nil, hash = hash_of(text) }
    end
    table.sort(order, function(left, right)
        if left.is_new ~= right.is_new then
            return right.is_new
        end
        return left.hash < right.hash or (left.hash == right.hash and left.id < right.id)
    end)
    local drawn = {}
    for place = 1, math.min(bank.draw, #order) do
        drawn[order[place].id] = true
    end
    return drawn
end

-- Whether each exercise is shown at all: those of banks by the draw.
local function draw_banks(course, state)
    local is_drawn = {}
    for _, exercise in ipairs(course.exercises) do
        is_drawn[exercise.id] = true
    end
    for _, bank in ipairs(table_or_empty(course.banks)) do
        local drawn = draw_bank(course, bank, state)
        for _, id in ipairs(bank.exercises) do
            is_drawn[id] = drawn[id] or false
        end
    end
    return is_drawn
end

local is_survey = { likert = true, reflection = true, attestation = true }

-- Earned of 1000, by points; where none of the exercises has points, all that can be right weigh the same. 0 where nothing can be right.
local function score_together(exercises, results)
    local points, earned, count, sum = 0, 0, 0, 0
    for _, exercise in ipairs(exercises) do
        local permille = results[exercise.id].permille
        points, earned = points + exercise.points, earned + exercise.points * permille
        if not is_survey[exercise.kind] then
            count, sum = count + 1, sum + permille
        end
    end
    return points > 0 and earned // points or count > 0 and sum // count or 0
end

-- The screens of a module that a passed pre-test makes unnecessary.
local function skipped_screens(course, module, results, is_drawn)
    local skipped = {}
    local tested = {}
    for _, exercise in ipairs(course.exercises) do
        if module.pretest and exercise.screen == module.pretest and is_drawn[exercise.id] then
            tested[#tested + 1] = exercise
        end
    end
    if #tested > 0 and score_together(tested, results) >= (module.pretest_permille or 1000) then
        for _, screen in ipairs(module.screens) do
            if screen ~= module.pretest then
                skipped[#skipped + 1] = screen
            end
        end
    end
    return skipped
end

-- A module is open when the modules that come before it are done (state.modules_done: those that are).
function rules.gate_module(course, module, state, results)
    local is_done = set_of(state.modules_done)
    for _, id in ipairs(table_or_empty(module.after)) do
        if not is_done[id] then
            return false
        end
    end
    return true
end

local function check_boolean(value)
    if type(value) ~= "boolean" then
        return "it must return true or false"
    end
end

checks.gate_module = check_boolean

local function is_all_seen(screens, state)
    local seen = set_of(state.seen)
    for _, screen in ipairs(screens) do
        if not seen[screen] then
            return false
        end
    end
    return true
end

local function is_all_answered(exercises, results)
    for _, exercise in ipairs(exercises) do
        if not results[exercise.id].answered then
            return false
        end
    end
    return true
end

local function sum_of_points(exercises)
    local points = 0
    for _, exercise in ipairs(exercises) do
        points = points + exercise.points
    end
    return points
end

---- The course ----

-- In what follows the course has only the screens and exercises that count for the learner; `skipped_points` is what those carry that a
-- pre-test has made unnecessary.

-- Every exercise weighs as much as its points; one that is not answered counts 0. A course without points cannot be passed, but one of
-- which the pre-tests have left no points is.
function rules.grade_course(course, results)
    local points, earned = sum_of_points(course.exercises), 0
    for _, exercise in ipairs(course.exercises) do
        earned = earned + exercise.points * results[exercise.id].permille
    end
    if points == 0 and course.skipped_points > 0 then
        return { score_permille = 1000, passed = true }
    end
    local score_permille = points > 0 and earned // points or 0
    return { score_permille = score_permille, passed = points > 0 and score_permille >= course.pass_permille }
end

function checks.grade_course(value)
    if type(value) ~= "table" or check_permille(value.score_permille) or type(value.passed) ~= "boolean" then
        return "it must return {score_permille = a whole number from 0 to 1000, passed = true or false}"
    end
end

-- "passed": the pass mark is reached. "screens": every screen seen and every exercise answered; so also where nothing can be passed,
-- because no exercise carries points.
function rules.decide_completion(course, state, results, grade)
    if course.completion == "passed" and sum_of_points(course.exercises) + course.skipped_points > 0 then
        return grade.passed
    end
    return is_all_answered(course.exercises, results) and is_all_seen(course.screens, state)
end

checks.decide_completion = check_boolean
