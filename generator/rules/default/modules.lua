---- Which modules are open and done, and what of the course counts ----

-- The screens and exercises of each module that a learner has to do: drawn, and not made unnecessary by a pre-test.
local function parts_of_modules(course, results, is_drawn, skipped)
    local parts, is_skipped = {}, {}
    for _, module in ipairs(table_or_empty(course.modules)) do
        local part = { module = module, screens = {}, exercises = {} }
        parts[#parts + 1], parts[module.id] = part, part
        for _, screen in ipairs(skipped_screens(course, module, results, is_drawn)) do
            skipped[#skipped + 1] = screen
            is_skipped[screen] = true
        end
        for _, screen in ipairs(module.screens) do
            if not is_skipped[screen] then
                part.screens[#part.screens + 1] = screen
            end
        end
    end
    for _, exercise in ipairs(course.exercises) do
        local part = parts[exercise.module]
        if part and is_drawn[exercise.id] and not is_skipped[exercise.screen] then
            part.exercises[#part.exercises + 1] = exercise
        end
    end
    return parts, is_skipped
end

-- Opens what can be opened. A module that only waits for others counts in full: it will open. One that the course's own rule keeps
-- closed although nothing comes before it any more must hold nobody up: it is left out, and does not keep others closed either.
-- A module may stand before the one that it comes after, hence the rounds.
local function open_modules(course, parts, state, results, fallback)
    local is_settled = {}
    state.modules_done = {}
    local function settle(part)
        is_settled[part.module.id] = true
        table.insert(state.modules_done, part.module.id)
    end
    local function try_to_open(part)
        local is_waiting = false
        for _, id in ipairs(table_or_empty(part.module.after)) do
            is_waiting = is_waiting or (parts[id] ~= nil and not is_settled[id])
        end
        part.is_open = apply(fallback, "gate_module", course, part.module, state, results)
        part.is_left_out = not part.is_open and not is_waiting
        part.is_done = part.is_open and is_all_answered(part.exercises, results) and is_all_seen(part.screens, state)
        if part.is_done or part.is_left_out then
            settle(part)
        end
        return part.is_open or part.is_left_out
    end

    local is_changed = true
    while is_changed do
        is_changed = false
        for _, part in ipairs(parts) do
            if not part.is_open and not part.is_left_out then
                is_changed = try_to_open(part) or is_changed
            end
        end
    end
end

-- {open, done, skipped: lists for the result; course: with only what counts for this learner}
local function plan_course(course, state, results, is_drawn, fallback)
    local plan = { open = array({}), done = array({}), skipped = array({}) }
    local parts, is_skipped = parts_of_modules(course, results, is_drawn, plan.skipped)
    open_modules(course, parts, state, results, fallback)

    local is_left_out = {}
    for _, part in ipairs(parts) do
        if part.is_open then
            plan.open[#plan.open + 1] = part.module.id
        end
        if part.is_done then
            plan.done[#plan.done + 1] = part.module.id
        end
        for _, screen in ipairs(part.is_left_out and part.module.screens or {}) do
            is_left_out[screen] = true
        end
    end

    local counting = {}
    for key, value in pairs(course) do
        counting[key] = value
    end
    counting.screens, counting.exercises, counting.skipped_points = array({}), array({}), 0
    for _, screen in ipairs(course.screens) do
        if not is_skipped[screen] and not is_left_out[screen] then
            table.insert(counting.screens, screen)
        end
    end
    for _, exercise in ipairs(course.exercises) do
        local screen = exercise.screen or ""
        if is_drawn[exercise.id] and is_skipped[screen] then
            counting.skipped_points = counting.skipped_points + exercise.points
        elseif is_drawn[exercise.id] and not is_left_out[screen] then
            table.insert(counting.exercises, exercise)
        end
    end
    plan.course = counting
    return plan
end
