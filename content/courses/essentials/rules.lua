-- The rules of this course where they differ from the usual ones.
--
-- This file returns a table of functions. Each takes the place of the usual rule of the same name; rules that are not named here stay as
-- they are. Six can be replaced: score_question, score_scenario, choose_feedback, gate_module, grade_course and decide_completion. What
-- they are given and what they return is written at the top of generator/rules/default/shapes.lua. Where a function returns nothing, the
-- usual rule answers: so it can care for a few cases alone.
--
-- A function sees what it is given and nothing else: no files, no clock, no chance. Scores are whole numbers from 0 (nothing) to 1000
-- (everything); divide with //, which gives whole numbers. Should a function fail, the usual rule steps in, the build reports
-- it, and no learner is held up.

-- What share of a question's points an answer earns.
--
-- question.kind is "multiple" in a question with several right choices; question.choices are the ids of its choices, question.right those
-- of the right ones, answer.choices those that the learner ticked. All other kinds are left to the usual rule.
--
-- In this office a wrong tick in a multiple choice costs half of what a right one earns (the usual rule lets it cost all of it): we would
-- rather have colleagues report once too often than once too rarely. Ticking everything is not an answer and earns nothing.
local function score_question(question, answer)
    if question.kind ~= "multiple" then
        return nil
    end
    local right, wrong = 0, 0
    local is_right = {}
    for _, id in ipairs(question.right) do
        is_right[id] = true
    end
    for _, id in ipairs(answer.choices) do
        if is_right[id] then
            right = right + 1
        else
            wrong = wrong + 1
        end
    end

    if wrong > 0 and right + wrong == #question.choices then
        return 0
    end
    local halves = 2 * right - wrong
    return math.max(0, halves) * 1000 // (2 * #question.right)
end

return { score_question = score_question }
