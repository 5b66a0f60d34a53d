---- Case studies ----

local function steps_by_id(scenario)
    local steps = {}
    for _, step in ipairs(scenario.steps) do
        steps[step.id] = step
    end
    return steps
end

-- A step's choices; where none does more than move, the skeleton may name the moves alone.
local function choices_of(step)
    if step.choices then
        return step.choices
    end
    local choices = {}
    for place, move in ipairs(table_or_empty(step.moves)) do
        choices[place] = { move = move }
    end
    return choices
end

local function letter_of(place)
    return place <= 26 and string.char(96 + place) or tostring(place)
end

local compare = {
    [">="] = function(left, right) return left >= right end,
    ["<="] = function(left, right) return left <= right end,
    [">"] = function(left, right) return left > right end,
    ["<"] = function(left, right) return left < right end,
    ["="] = function(left, right) return left == right end,
    ["!="] = function(left, right) return left ~= right end,
}

-- Whether a choice is open: all its tests hold. A variable that was never set is 0.
local function is_open(choice, variables)
    for _, test in ipairs(table_or_empty(choice.test)) do
        local holds = compare[test[2]]
        if not holds or not holds(variables[test[1]] or 0, test[3]) then
            return false
        end
    end
    return true
end

local VARIABLE_LIMIT = 99

-- The variables after a choice; the table given stays as it is.
local function changed(variables, choice)
    if not choice.set then
        return variables
    end
    local after = {}
    for name, value in pairs(variables) do
        after[name] = value
    end
    for _, set in ipairs(choice.set) do
        local name, sign, number = set[1], set[2], set[3]
        local before = after[name] or 0
        local value = sign == "+" and before + number or sign == "-" and before - number or number
        after[name] = math.max(-VARIABLE_LIMIT, math.min(VARIABLE_LIMIT, value))
    end
    return after
end

-- The choice that leads to the step `id`: the one with the letter where there is one, else the first that is open.
local function choice_taken(step, id, variables, letter)
    for place, choice in ipairs(choices_of(step)) do
        if choice.move == id and (not letter or letter == letter_of(place)) and is_open(choice, variables) then
            return choice, place
        end
    end
end

-- Walks the path as far as it can be walked. Returns the points of the distinct steps and choices on it, and the end that it reached,
-- if any.
local function walk(scenario, path, moves)
    local steps = steps_by_id(scenario)
    local step, variables, points, counted = nil, {}, 0, {}
    for position, id in ipairs(path) do
        if step then
            local choice, place = choice_taken(step, id, variables, moves and moves[position - 1])
            local taken = place and step.id .. "\n" .. place
            if choice and not counted[taken] then
                counted[taken] = true
                points = points + (choice.points or 0)
            end
            variables = choice and changed(variables, choice)
            step = choice and steps[id]
        else
            step = position == 1 and id == scenario.start and steps[id]
        end
        if not step then
            break
        end
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
            for _, choice in ipairs(choices_of(steps[here])) do
                local move = choice.move
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

---- The best path of a case study ----
--
-- The most points that a path collects on its way to an end without coming twice to the same step with the same variables. Only variables
-- that some choice tests tell two places apart.
--
-- Steps that lead back to each other form a loop. A path that has left a loop cannot return to it, so where it has been in there is
-- forgotten. Within a loop what lies ahead depends on the places where one has been, not on their order: of all ways with the same
-- places only the best is followed. Exact, as long as SEARCH_LIMIT suffices (`exact` tells).

local SEARCH_LIMIT = 2000 -- ways followed, over the whole scenario
local BIT_LIMIT = 60 -- places in one loop: the bits of a number

local END_RANK = { good = 3, fair = 2, poor = 1 }

local function tested_variables(scenario)
    local names, found = {}, {}
    for _, step in ipairs(scenario.steps) do
        for _, choice in ipairs(choices_of(step)) do
            for _, test in ipairs(table_or_empty(choice.test)) do
                if not found[test[1]] then
                    found[test[1]] = true
                    names[#names + 1] = test[1]
                end
            end
        end
    end
    return names
end

-- How many steps can be reached from each, itself included: the same for all of a loop, and less for what lies behind it.
local function depths_of(steps, reaches)
    local depths = {}
    for id in pairs(steps) do
        depths[id] = reaches[id][id] and 0 or 1
        for _ in pairs(reaches[id]) do
            depths[id] = depths[id] + 1
        end
    end
    return depths
end

-- Gives out the bits of numbers, from the first on in each loop; nil when there are no more.
local function new_bits()
    local given, count = {}, {}
    return function(loop, name)
        if not given[name] then
            count[loop] = (count[loop] or 0) + 1
            given[name] = count[loop] <= BIT_LIMIT and 1 << count[loop] or nil
        end
        return given[name]
    end
end

local function best_points(scenario)
    local steps = steps_by_id(scenario)
    local reaches = reachability(steps)
    local depths = depths_of(steps, reaches)
    local names = tested_variables(scenario)
    local place_bit, choice_bit, bits_of_step = new_bits(), new_bits(), {}
    local ways, queues, best, exact = {}, {}, nil, true

    local function place_of(id, variables)
        local parts = { id }
        for at, name in ipairs(names) do
            parts[at + 1] = variables[name] or 0
        end
        return table.concat(parts, "\n")
    end

    local function is_better(way)
        local rank = END_RANK[steps[way.id]["end"]] or 0
        return not best
            or way.points > best.points
            or (way.points == best.points and rank > best.rank)
            or (way.points == best.points and rank == best.rank and way.length < best.length)
    end

    -- A way comes to a step. `visited` and `taken` are bits of the places and choices of the present loop.
    local function arrive(id, points, visited, taken, variables, former, letter)
        local step, place = steps[id], place_of(id, variables)
        local worth = step.points
        if reaches[id][id] then
            local bit = place_bit(depths[id], place)
            if not bit or visited & bit ~= 0 then
                exact = exact and bit ~= nil
                return
            end
            worth = visited & (bits_of_step[id] or 0) == 0 and worth or 0
            bits_of_step[id] = (bits_of_step[id] or 0) | bit
            visited = visited | bit
        end
        local key = table.concat({ place, visited, taken }, "\n")
        local way = ways[key] or { id = id, visited = visited, taken = taken, variables = variables }
        if way.points and way.points >= points + worth then
            return
        end
        way.points, way.former, way.letter = points + worth, former, letter
        way.length = former and former.length + 1 or 1
        ways[key] = way
        if step["end"] then
            if is_better(way) then
                best = { points = way.points, way = way, rank = END_RANK[step["end"]] or 0, length = way.length }
            end
        else
            local queue = queues[depths[id]] or { first = 1 }
            queues[depths[id]] = queue
            queue[#queue + 1] = way
        end
    end

    local function follow(way)
        local is_in_loop = reaches[way.id][way.id]
        for at, choice in ipairs(choices_of(steps[way.id])) do
            local target = choice.move
            if steps[target] and is_open(choice, way.variables) then
                local points, taken = choice.points or 0, way.taken
                if points > 0 and is_in_loop then
                    local bit = choice_bit(depths[way.id], way.id .. "\n" .. at)
                    points = bit and taken & bit == 0 and points or 0
                    taken = taken | (bit or 0)
                end
                local variables = changed(way.variables, choice)
                if depths[target] == depths[way.id] then
                    arrive(target, way.points + points, way.visited, taken, variables, way, letter_of(at))
                else
                    arrive(target, way.points + points, 0, 0, variables, way, letter_of(at))
                end
            end
        end
    end

    if steps[scenario.start] then
        local left = SEARCH_LIMIT
        arrive(scenario.start, 0, 0, 0, {}, nil, nil)
        for depth = depths[scenario.start], 1, -1 do
            -- A loop that uses up the limit must not keep all ways from an end.
            local queue, last = queues[depth], math.max(left, SEARCH_LIMIT // 100)
            while queue and queue.first <= #queue and last > 0 do
                left, last, queue.first = left - 1, last - 1, queue.first + 1
                follow(queue[queue.first - 1])
            end
            exact = exact and not (queue and queue.first <= #queue)
        end
    end

    local path, moves = array({}), array({})
    local way = best and best.way
    while way do
        table.insert(path, 1, way.id)
        if way.letter then
            table.insert(moves, 1, way.letter)
        end
        way = way.former
    end
    return { exact = exact, path = path, moves = moves, points = best and best.points or 0 }
end

-- The most points of case studies, kept for the next call: every answer is judged with the whole course again, in which the case studies
-- are what they were. What a call's exercises do not name is forgotten.
local known = {}

local function forget_others(exercises)
    local kept = {}
    for _, exercise in ipairs(table_or_empty(exercises)) do
        local id = table_or_empty(exercise).id or ""
        kept[id] = known[id]
    end
    known = kept
end

local function is_same(left, right)
    if type(left) ~= "table" or type(right) ~= "table" then
        return left == right
    end
    for key, value in pairs(left) do
        if not is_same(value, right[key]) then
            return false
        end
    end
    for key in pairs(right) do
        if left[key] == nil then
            return false
        end
    end
    return true
end

local function most_points(scenario)
    local id = scenario.id or ""
    local entry = known[id]
    if not entry or not is_same(entry.scenario, scenario) then
        entry = { scenario = scenario, points = best_points(scenario).points }
    end
    known[id] = entry
    return entry.points
end

---- The score of a case study ----

local END_PERMILLE = { good = 1000, fair = 500, poor = 0 }

-- The points collected on the way to an end, over the most that can be collected; nothing before an end is reached.
-- Where nothing has points, the end alone counts.
function rules.score_scenario(scenario, path, moves)
    local points, reached_end = walk(scenario, path, moves)
    if not reached_end then
        return 0
    end
    local best = most_points(scenario)
    if best == 0 then
        return END_PERMILLE[reached_end] or 0
    end
    return math.min(1000, points * 1000 // best)
end

checks.score_scenario = check_permille
