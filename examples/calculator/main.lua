-- Asks a program for quotients, and goes on asking when it has failed.

local time = require("time")

-- The first time it may not run yet, after a failure not again yet.
local function divider()
    while true do
        local pid = process.registry.lookup("divider")
        if pid then
            return pid
        end
        time.sleep("5ms")
    end
end

local function ask(a, b)
    local answers, events = process.listen("stdout"), process.events()
    local pid = divider()

    assert(process.monitor(pid))
    assert(process.send(pid, "stdin", a .. " " .. b))
    local got = channel.select({
        answers:case_receive(), events:case_receive() })
    if got.channel == answers then
        print(got.value)
        process.unmonitor(pid)
    else
        print(a .. " / " .. b .. ": " .. tostring(got.value.result.error))
    end
end

local function main()
    assert(process.registry.register("asker"))
    local keeper = assert(process.spawn_monitored(
        "calculator:keeper", "calculator:processes"))
    ask(84, 2)
    ask(1, 0)
    ask(84, 4)
    process.cancel(keeper)
    process.events():receive()
end

return { main = main }
