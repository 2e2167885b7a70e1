-- A child that says in the journal what it does, and does what it is told.
local time = require("time")

local function say(what, name, more)
    process.send("journal", "journal", { what = what, name = name,
        pid = process.pid(), more = more })
end

-- How often it has started, counted by the journal's owner through a name.
local function starts(name)
    local key = "started " .. name
    local found = process.registry.lookup(key) ~= nil
    if not found then
        process.registry.register(key, process.registry.lookup("journal"))
    end
    return found
end

local modes = {}

function modes.fail_at_start(name)
    say("failing", name)
    error("cannot start", 0)
end

function modes.end_at_start(name)
    say("ending", name)
    return true
end

function modes.never_ready()
    process.inbox():receive()
    return true
end

function modes.fail_second(name)
    if starts(name) then
        error("no second time", 0)
    end
end

function modes.fail_second_once(name)
    if starts(name) and not process.registry.lookup("failed " .. name) then
        process.registry.register("failed " .. name,
            process.registry.lookup("journal"))
        error("not now", 0)
    end
end

local function main(name, mode, ...)
    if type(mode) == "number" then
        name = name .. mode
    end
    if modes[mode] and modes[mode](name) then
        return
    end
    local inbox, events = process.inbox(), process.events()
    say("started", name, { mode, ... })
    process.ready()
    while true do
        local cases = { inbox:case_receive() }
        if mode ~= "ignore_cancel" then
            cases[2] = events:case_receive()
        end
        local result = channel.select(cases)
        if result.channel == events then
            if mode == "slow_stop" then
                time.sleep("150ms")
            end
            say("stopped", name, result.value.reason)
            return "stopped"
        end
        local order = result.value:topic()
        if order == "fail" then
            error("told to fail", 0)
        elseif order == "return" then
            return "told to return"
        elseif order == "link" then
            process.link(result.value:payload():data())
        elseif order == "ask" then
            local supervisor = require("supervisor")
            local value, err = supervisor.count_children(
                result.value:payload():data())
            say("asked", name, value or err:message())
        end
    end
end

return main
