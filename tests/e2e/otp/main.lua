-- Does the same to a supervisor and to the model, and compares: what children
-- write, what requests give, which records there are, how it ends.
local model = require("model")
local supervisor = require("supervisor")
local time = require("time")

local LIMIT = "20s"
local journal
local history -- What was done to this one, for who must find out.

-- One supervisor beside its model.
local twin = {}
twin.__index = twin

function twin.new(kind, auto, limit, template)
    history = {}
    local name = "app:" .. kind .. (template and "_" .. template or "") ..
        "_" .. auto .. "_" .. limit
    history[1] = name
    return setmetatable({
        pid = assert(process.spawn_monitored(name, "app:processes")),
        model = model.new(kind, auto, limit),
        template = template,
        pids = {}, -- The last one to start, by id.
    }, twin)
end

local function check(holds, ...)
    if holds then
        return
    end
    local said = {}
    for i = 1, select("#", ...) do
        said[i] = tostring((select(i, ...)))
    end
    error(table.concat(history, ", ") .. ": " .. table.concat(said, " "), 0)
end

local function next_of(ch)
    local result = channel.select({
        ch:case_receive(), time.after(LIMIT):case_receive() })
    return result.channel == ch and result.value or nil
end

function twin:next_line(wanted)
    local line = next_of(journal)
    check(line, "wanted", wanted, "but nothing came")
    if line[1] == "started" then
        self.pids[line[2]] = line[3]
    end
    return line[1] .. " " .. line[2]
end

-- Children write what they should, in that order; a set in any order.
function twin:compare_trace()
    for _, wanted in ipairs(self.model:take_trace()) do
        if type(wanted) == "table" then
            local lines = {}
            for i, one in ipairs(wanted) do
                lines[i] = self:next_line(one)
            end
            table.sort(lines)
            table.sort(wanted)
            local said = table.concat(lines, ", ")
            wanted = table.concat(wanted, ", ")
            check(said == wanted, "wanted", wanted, "and not", said)
        else
            local said = self:next_line(wanted)
            check(said == wanted, "wanted", wanted, "and not", said)
        end
    end
end

local function describe(list)
    local said = {}
    for i, child in ipairs(list) do
        said[i] = child.id .. " " .. child.status .. " " .. child.restarts
    end
    return table.concat(said, "; ")
end

-- The records as the model has them.
function twin:wanted_records()
    local list = {}
    for i, child in ipairs(self.model.list) do
        list[i] = { id = child.id, restarts = child.count,
            status = child.runs and "running" or "stopped" }
    end
    return describe(list)
end

-- An end is told to all at the same time: it may take a moment to arrive.
function twin:compare_records()
    local wanted = self:wanted_records()
    local found
    for _ = 1, 2000 do
        local list, err = supervisor.which_children(self.pid, LIMIT)
        check(list, err)
        found = describe(list)
        if found == wanted then
            for _, child in ipairs(list) do
                check(child.pid == nil or child.pid == self.pids[child.id],
                    "pid of", child.id)
            end
            return
        end
        time.sleep("1ms")
    end
    check(false, "records:", found, "and not", wanted)
end

function twin:compare_end()
    local event = next_of(process.events())
    check(event and event.from == self.pid, "it has not ended")
    local how = event.result.error and event.result.error:message() or
        event.result.value
    check(how == self.model.ended, "ended by", how, "and not", self.model.ended)
end

-- Returns whether it lives.
function twin:compare()
    self:compare_trace()
    if self.model.ended then
        self:compare_end()
        return false
    end
    self:compare_records()
    return true
end

function twin:compare_answer(wanted, value, err)
    local kind = err and err:kind()
    check((wanted == true) == (value ~= nil) and
        (wanted == true or kind == wanted), "answer", value, err, "and not",
        wanted)
end

function twin:close()
    history[#history + 1] = "close"
    self.model:close("shutdown")
    process.cancel(self.pid)
    self:compare()
end

-- How a child ends by itself, and whether that is a failure.
local endings = {
    { name = "fail", failed = true,
        run = function(pid) process.send(pid, "fail") end },
    { name = "return", failed = false,
        run = function(pid) process.send(pid, "return") end },
    { name = "terminate", failed = true, run = process.terminate },
    { name = "late", failed = true,
        run = function(pid) process.cancel(pid, 0) end },
    { name = "cancel", failed = false, writes = true, run = process.cancel },
}

function twin:finish(id, ending)
    local child = self.model:find(id)
    history[#history + 1] = ending.name .. " " .. id
    if ending.writes then
        self.model:write("stopped", child)
    end
    self.model:ends(id, ending.failed)
    ending.run(self.pids[id])
    return self:compare()
end

-- It fails so often when it next starts.
function twin:fail_next(id, times)
    history[#history + 1] = id .. " fails " .. times
    for n = 1, times do
        assert(process.registry.register("fail " .. id .. " " .. n))
    end
    self.model.fails[id] = times
end

-- What was not used up.
function twin:forget_fails()
    for id in pairs(self.model.fails) do
        for n = 1, 3 do
            process.registry.unregister("fail " .. id .. " " .. n)
        end
    end
end

function twin:start_child(id, restart, significant)
    history[#history + 1] = "start " .. id .. " " .. restart ..
        (significant and " significant" or "")
    local wanted = self.model:start_child(
        { id = id, restart = restart, significant = significant })
    local record = { id = id, input = { id } }
    if not self.template then
        record.process = "app:child"
        record.wait = "ready"
        record.restart = restart
        record.significant = significant
    end
    local value, err = supervisor.start_child(self.pid, record, LIMIT)
    self:compare_answer(wanted, value, err)
    return self:compare()
end

function twin:request(name, id)
    history[#history + 1] = name .. " " .. id
    local wanted = self.model[name](self.model, id)
    self:compare_answer(wanted, supervisor[name](self.pid, id, LIMIT))
    return self:compare()
end

local types = { "permanent", "transient", "temporary" }
local ids = { "a", "b", "c" }

-- Each strategy, with each restart type of each of three children, and each way
-- in which each of them can end (semantics S9, S10, S11, S12).
local function all_of_three(kind)
    local n = 0
    for combination = 0, 26 do
        for victim = 1, 3 do
            for _, ending in ipairs(endings) do
                local it = twin.new(kind, "never", 50)
                local rest = combination
                for _, id in ipairs(ids) do
                    it:start_child(id, types[rest % 3 + 1], false)
                    rest = rest // 3
                end
                it:finish(ids[victim], ending)
                it:close()
                n = n + 1
            end
        end
    end
    return n
end

local function one_of(list)
    return list[math.random(#list)]
end

-- One random step. Returns whether it still lives.
function twin:step()
    local chance = math.random(10)
    local id = one_of({ "a", "b", "c", "d", "e" })
    local child = self.model:find(id)
    if chance <= 5 and child and child.runs then
        if chance == 1 and child.restart ~= "temporary" then
            self:fail_next(id, math.random(3))
        end
        return self:finish(id, one_of(endings))
    elseif chance <= 5 or chance <= 7 and not child then
        local restart = self.template or one_of(types)
        local significant = math.random(2) == 1
        if self.template then
            significant = self.model.auto ~= "never" and
                restart ~= "permanent"
        end
        if chance == 1 and not child then
            self:fail_next(id, 1)
        end
        return self:start_child(id, restart, significant)
    elseif chance == 8 then
        return self:request("delete_child", id)
    elseif chance == 9 then
        return self:request("restart_child", id)
    end
    return self:request("terminate_child", id)
end

-- Whatever comes (semantics S13, S16, S17, S18, S19, S20).
local function random_life(kind)
    local it = twin.new(kind, one_of({ "never", "any", "all" }),
        one_of({ 0, 1, 2, 50 }), kind == "dynamic" and one_of(types) or nil)
    local steps = math.random(30)
    if it.model.auto ~= "never" then
        it.model.auto = it.model.auto .. "_significant"
    end
    for _ = 1, steps do
        if not it:step() then
            it:forget_fails()
            return
        end
        it:forget_fails()
        it.model.fails = {}
    end
    it:close()
end

return function(seed, lives)
    math.randomseed(tonumber(seed))
    journal = process.listen("journal")
    assert(process.registry.register("journal"))
    local n = 0
    for _, kind in ipairs({ "one_for_one", "one_for_all", "rest_for_one" }) do
        n = n + all_of_three(kind)
    end
    for _ = 1, tonumber(lives) do
        random_life(one_of(
            { "one_for_one", "one_for_all", "rest_for_one", "dynamic" }))
    end
    local result = channel.select({
        journal:case_receive(), time.after("20ms"):case_receive() })
    assert(result.channel ~= journal, "something was written at last")
    print(n .. " cases, " .. lives .. " lives")
end
