-- While nobody reads stdout and two printers wait for that: timers fire,
-- processes answer, and cancels end who heeds, who spins and who prints.
-- It tells stderr, by a process whose failure nobody watches (semantics X8).

local time = require("time")

local HOST = "app:processes"
local events, inbox

local function spawn(...)
    return assert(process.spawn_monitored(...))
end

local function result_of(pid)
    local event = events:receive()
    assert(event.kind == process.event.EXIT and event.from == pid)
    return event.result
end

local function worst(times, action)
    local longest = 0
    for i = 1, times do
        local began = time.now()
        action(i)
        longest = math.max(longest, time.now():sub(began):seconds())
    end
    return longest * 1000
end

local function cancel_those_that(heeds, ...)
    local pid = spawn(...)
    time.sleep("50ms")
    assert(process.cancel(pid, heeds and "10s" or "10ms"))
    local result = result_of(pid)
    if heeds then
        assert(result.value == "heeded")
    else
        assert(tostring(result.error) == "process terminated")
    end
end

local function main(lines)
    lines = math.tointeger(tonumber(lines))
    events, inbox = process.events(), process.inbox()
    local answerer = assert(process.spawn_linked("app:answerer", HOST))
    local printer = spawn("app:printer", HOST, "first", lines)

    time.sleep("500ms")
    local timer = worst(20, function()
        time.sleep("10ms")
    end)
    local answer = worst(50, function(i)
        assert(process.send(answerer, "ask", i))
        assert(inbox:receive():payload():data() == i)
    end)
    cancel_those_that(true, "app:heeder", HOST)
    cancel_those_that(false, "app:spinner", HOST)
    cancel_those_that(false, "app:printer", HOST, "second", lines)
    assert(process.spawn("app:witness", HOST, (
        "sleeps of 10 ms took up to %.1f ms, answers up to %.1f ms"):format(
        timer, answer)))

    -- Not before somebody reads.
    local result = result_of(printer)
    assert(result.value == lines, result.error)
end

return { main = main }
