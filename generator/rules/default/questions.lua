---- Questions ----

-- Right ones minus wrong ones, over the number of right ones.
local function score_ticks(question, answer)
    local is_right = set_of(question.right)
    local right, wrong = 0, 0
    for _, choice in ipairs(table_or_empty(answer.choices)) do
        if is_right[choice] then
            right = right + 1
        else
            wrong = wrong + 1
        end
    end
    return right, wrong
end

local function score_multiple(question, answer)
    local right, wrong = score_ticks(question, answer)
    return math.max(0, right - wrong) * 1000 // math.max(1, #question.right)
end

local function score_single(question, answer)
    local right, wrong = score_ticks(question, answer)
    return right == #question.right and wrong == 0 and 1000 or 0
end

-- The share of places that hold what belongs there.
local function score_places(wanted, given)
    local right = 0
    given = table_or_empty(given)
    for place, item in ipairs(wanted) do
        if given[place] == item then
            right = right + 1
        end
    end
    return right * 1000 // math.max(1, #wanted)
end

-- What has no right answer has its full score once it is answered; it carries no points.
local function score_given()
    return 1000
end

local score_by_kind = {
    single = score_single,
    ["true-false"] = score_single,
    multiple = score_multiple,
    hotspot = function(question, answer)
        return (question.multiple and score_multiple or score_single)(question, answer)
    end,
    ordering = function(question, answer)
        return score_places(question.items, answer.order)
    end,
    matching = function(question, answer)
        return score_places(question.right, answer.matches)
    end,
    ["fill-in"] = function(question, answer)
        local wanted = {}
        for place in ipairs(question.blanks) do
            wanted[place] = true
        end
        return score_places(wanted, answer.blanks)
    end,
    numeric = function(question, answer)
        local micro = answer.micro
        local is_number = math.type(micro) == "integer" and math.abs(micro) <= 1000000000000000
        return is_number and math.abs(micro - question.answer_micro) <= question.tolerance_micro and 1000 or 0
    end,
    likert = score_given,
    reflection = score_given,
    attestation = score_given,
}

-- Single choice, true/false, a number, one place in a picture: all or nothing. Several choices: right ticks minus wrong ticks. Ordering,
-- matching, blanks: the share that is right.
function rules.score_question(question, answer)
    local score = score_by_kind[question.kind]
    return score and score(question, answer) or 0
end

checks.score_question = check_permille

-- Which of the question's overall feedback is shown; what stands under "any" is shown with each.
function rules.choose_feedback(question, answer, permille)
    return permille == 1000 and "right" or permille > 0 and "partly" or "wrong"
end

function checks.choose_feedback(value)
    if value ~= "right" and value ~= "partly" and value ~= "wrong" then
        return 'it must return "right", "partly" or "wrong"'
    end
end
