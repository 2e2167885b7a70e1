-- A few counters, which are written in C, and a program that uses them as it
-- would use processes written in Lua.
local time = require("time")
local host = "app:processes"

-- What a counter says it has counted.
local function get(counter)
    assert(process.send(counter, "get"))
    return (process.listen("total"):receive())
end

-- Who has a name, once somebody has it who is not `former`.
local function holder(name, former)
    local pid = process.registry.lookup(name)
    while not pid or pid == former do
        time.sleep("1ms")
        pid = process.registry.lookup(name)
    end
    return pid
end

local function main()
    -- One of our own. It counts what it is told to, and us while we live.
    local own = assert(process.spawn_monitored("app:counter", host))
    process.send(own, "add", 20)
    process.send(own, "follow", process.pid())
    print("own", get(own))

    -- Three under a supervisor, which have names.
    local supervisor = assert(process.spawn_linked("app:counters", host))
    local pids = {}
    for i = 1, 3 do
        local name = "counter-" .. i
        pids[i] = holder(name)
        process.send(name, "add", i)
    end
    print("sum", assert(process.exec("app:sum", host, pids)))

    -- One that is told nonsense fails, and its successor starts at 100.
    local events = process.events()
    process.monitor("counter-1")
    process.send("counter-1", "add", "many")
    print("failed", events:receive().result.error)
    print("again", get(holder("counter-1", pids[1])))

    process.cancel(own)
    print("ended", events:receive().result.value)
    process.unlink(supervisor)
    process.cancel(supervisor)
end

return main
