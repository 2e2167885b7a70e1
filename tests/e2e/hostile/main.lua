-- Lets hostile processes do their worst, one way after the other, and sees
-- that each ends as it should, that a neighbour answers all the while, and that
-- nothing of them is left.
local time = require("time")

local MEMORY = "memory limit exceeded"
local ended = {
    { "strings", MEMORY }, { "tables", MEMORY }, { "coroutines", MEMORY },
    { "tasks", MEMORY }, { "timers", MEMORY }, { "channels", MEMORY },
    { "full_channel", MEMORY }, { "topics", MEMORY },
    { "subscriptions", MEMORY }, { "names", "too many names" },
    { "kept_memory_error", MEMORY },
    { "repetition", "too many elements" },
    { "concatenation", "too many elements" },
    { "json_depth", "json: " },
    { "recursion", MEMORY },
    { "recursion_of_pcall", nil },
    { "recursion_in_c", "stack overflow" },
    { "closes_in_closes", "stack overflow" },
    { "endless_index", "loop" },
    { "deep_message", "deep" }, { "loop_message", "cycle" },
    { "large_message", "message too large" },
    { "flood", "mailbox" }, { "flood_of_itself", "mailbox" },
    { "pattern", "pattern too complex" },
    { "ask_for_the_world", "given: %." },
    { "poison_shared", "read%-only" },
    { "finalizer", "__gc is not available" },
    { "error_without_end", "" }, { "large_error", "" },
}
local spinning = { "spin", "spin_in_pcall", "spin_in_sort" }

local victim
local pongs = process.listen("pong")

local function ping()
    while not process.send(victim, "ping") do -- Its mailbox may be full.
        time.sleep("1ms")
    end
    local got = channel.select { pongs:case_receive(), time.after("20s"):case_receive() }
    assert(got.channel == pongs, "the neighbour does not answer")
end

local function start(way, entry)
    return assert(process.spawn_monitored(entry or "app:hostile", "app:processes", way, victim))
end

local function result_of(pid)
    while true do
        local got = channel.select {
            process.events():case_receive(), time.after("300s"):case_receive(),
        }
        assert(got.channel == process.events(), "it does not end")
        if got.value.kind == process.event.EXIT and got.value.from == pid then
            return got.value.result
        end
    end
end

local function check(way, wanted, entry)
    local pid = start(way, entry)
    ping()
    local err = result_of(pid).error
    local text = err and err:message()
    if wanted == nil and err == nil then
        return
    end
    assert(wanted and text and text:find(wanted), way .. ": " .. tostring(text):sub(1, 200))
end

local function main(...)
    victim = assert(process.spawn("app:victim", "app:processes"))
    local only = { ... }
    for _, row in ipairs(ended) do
        if #only == 0 or only[1] == row[1] then
            check(row[1], row[2])
            ping()
        end
    end
    local pids = {}
    for i, way in ipairs(spinning) do
        pids[i] = start(way)
    end
    ping()
    for _, pid in ipairs(pids) do
        assert(process.terminate(pid))
        assert(result_of(pid).error:message() == "process terminated")
    end
    check("topics", MEMORY, "app:large") -- To clear it away must not take long.
    check("spawns", "too many processes") -- Last: they are there to stay.
    print("held")
end
return { main = main }
