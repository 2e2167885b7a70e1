-- At the bottom of a deep recursion a process that must share its thread does its
-- work in about the time it takes at the top, also inside of what cannot give
-- way, and can be ended there (semantics C6, H13).

local time = require("time")
local host, id = process.pid():match("^{(.-)|"), process.id()
local DEPTH <const> = 150000

local roles = {}

function roles.busy()
    while true do
    end
end

local function down(n, f)
    if n == 0 then
        return f()
    end
    return 1 + down(n - 1, f)
end

-- Some millions of steps, all of them inside one call of C.
local function sort()
    local list = {}
    for i = 1, 2000 do
        list[i] = i * 7919 % 2003
    end
    table.sort(list, function(a, b)
        for _ = 1, 400 do
        end
        return a < b
    end)
    for i = 2, #list do
        assert(list[i - 1] < list[i])
    end
    return 0
end

function roles.sorts()
    return down(DEPTH, sort)
end

function roles.hangs(parent)
    return down(DEPTH, function()
        process.send(parent, "there")
        roles.busy()
    end)
end

local function main(role, ...)
    if role then
        return roles[role](...)
    end
    local busy = {}
    for i = 1, 4 do
        busy[i] = assert(process.spawn(id, host, "busy"))
    end
    assert(process.exec(id, host, "sorts") == DEPTH)

    local there, events = process.listen("there"), process.events()
    local pid = assert(process.spawn_monitored(id, host, "hangs", process.pid()))
    there:receive()
    time.sleep("5ms")
    assert(process.terminate(pid))
    assert(events:receive().result.error:message() == "process terminated")
    for _, other in ipairs(busy) do
        process.terminate(other)
    end
end

return { main = main }
