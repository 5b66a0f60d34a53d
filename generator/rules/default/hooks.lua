---- The course's functions in place of the default ones ----

-- Runs the course's function where there is a good one, else the default one. Every function that fell back is reported once, with
-- what happened first. One that returns nil leaves the case to the default rule. One that has used up the budget is not called again: it would only fail again, and take time to.
local function apply(fallback, name, ...)
    if fallback.is_stopped[name] then
        return rules[name](...)
    end
    local is_called, value, problem, is_exhausted = call_course_rule(name, ...)
    if is_called and (problem or value ~= nil) then
        problem = problem or checks[name](value)
        if not problem then
            return value
        end
        fallback.is_stopped[name] = is_exhausted
        if not fallback.is_reported[name] then
            fallback.is_reported[name] = true
            fallback.list[#fallback.list + 1] = { ["function"] = name, message = problem }
        end
    end
    return rules[name](...)
end

local function new_fallback()
    return { list = array({}), is_reported = {}, is_stopped = {} }
end
