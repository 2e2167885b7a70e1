-- Does something bad to the pool, or to one of its workers, and waits until
-- there is another in its place.

local time = require("time")

local ways = {
    terminate = function() return "pool", process.terminate("pool") end,
    deadline = function() return "pool", process.cancel("pool", "20ms") end,
    payload = function()
        return "worker 1", process.send("worker 1", "work", {})
    end,
}

local function find(name, other_than)
    local pid
    repeat
        time.sleep("10ms")
        pid = process.registry.lookup(name)
    until pid and pid ~= other_than
    return pid
end

local function main(way)
    for _, name in ipairs { "pool", "worker 1" } do
        find(name)
    end
    local victim = way == "payload" and "worker 1" or "pool"
    local old = find(victim)
    assert(process.monitor(old))
    assert(select(2, ways[way]()))
    local event = process.events():receive()
    local began = time.now()
    find(victim, old)
    print("failed with", event.result.error)
    print("another after", time.now():sub(began):milliseconds())
end

return { main = main }
