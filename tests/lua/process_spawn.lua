-- Spawning: pids, arguments, mail before the first slice, failures at the
-- start (semantics P1 to P6, M8, M9).

local host = process.pid():match("^{(.-)|")

local function spawn(...)
    return assert(process.spawn_monitored(process.id(), host, ...))
end

local function exit_of(pid)
    local event = process.events():receive()

    assert(event.kind == process.event.EXIT and event.from == pid)
    return event.result
end

local function test_pids()
    local me = process.pid()
    local child = spawn("tell_pid", me)
    local message = process.inbox():receive()

    assert(me:match("^{.+|0x%x+}$"), me)
    assert(message:from() == child and message:payload():data() == child)
    assert(exit_of(child).value == child)
    assert(child ~= me and child ~= spawn("nothing"))
    process.events():receive()
end

local function test_arguments()
    local shared = { 1, 2, { deep = true } }
    local result = exit_of(spawn("count", nil, shared, 1, 1.0, "a\0b", nil))

    assert(result.error == nil, result.error)
    local got = result.value
    assert(got.n == 6 and got[1] == nil and got[6] == nil)
    assert(got[2][3].deep == true and got[2] ~= shared)
    assert(math.type(got[3]) == "integer" and math.type(got[4]) == "float")
    assert(got[5] == "a\0b")
    assert(exit_of(spawn("count")).value.n == 0)
end

-- The child can get mail as soon as spawn has returned (semantics P4).
local function test_mail_before_first_slice()
    local child = spawn("echo")

    for i = 1, 5 do
        assert(process.send(child, "number", i))
    end
    local got = exit_of(child).value
    for i = 1, 5 do
        assert(got[i] == i)
    end
end

-- None of them is lost, however early the child is dead (semantics P4, P5).
local function test_early_deaths()
    local left = {}

    for _ = 1, 50 do
        left[spawn("nothing")] = true
        left[spawn("fail")] = true
    end
    for _ = 1, 100 do
        local event = process.events():receive()
        assert(left[event.from])
        left[event.from] = nil
    end
    assert(next(left) == nil)
end

local function test_errors()
    local function refused(kind, text, ...)
        local pid, err = process.spawn(...)
        assert(pid == nil and err:kind() == kind, err)
        assert(err:message() == text, err)
        assert(err:retryable() == nil)
    end
    local id = process.id()

    refused("Invalid", "spawn requires at least id and host arguments", id)
    refused("NotFound", "host not found: no:host", id, "no:host")
    refused("Invalid", "not a host: " .. id .. " (process.lua)", id, id)
    refused("NotFound", "entry not found: no:entry", "no:entry", host)
    refused("NotFound", "host not found: no:host", "no:entry", "no:host")
    refused("Invalid", "cannot send a function (at args[2].f)", id, host,
        1, { f = print })
    refused("NotFound", "entry not found: no:entry", "no:entry", host, print)
end

local roles = {
    tell_pid = function(to)
        assert(process.send(to, "pid", process.pid()))
        return process.pid()
    end,
    nothing = function() end,
    fail = function()
        error("early")
    end,
    count = function(...)
        return { n = select("#", ...), ... }
    end,
    echo = function()
        local got = {}
        for i = 1, 5 do
            got[i] = process.inbox():receive():payload():data()
        end
        return got
    end,
}

local function main(role, ...)
    if role then
        return roles[role](...)
    end
    test_pids()
    test_arguments()
    test_mail_before_first_slice()
    test_early_deaths()
    test_errors()
end

return { main = main }
