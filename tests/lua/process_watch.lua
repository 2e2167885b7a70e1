-- Monitors, links, and what trapping changes (semantics W1 to W10, P11).

local time = require("time")

local host = process.pid():match("^{(.-)|")
local me = process.pid()

local function spawn(how, ...)
    return assert(process[how](process.id(), host, ...))
end

local function next_event()
    local r = channel.select({
        process.events():case_receive(),
        time.after("10s"):case_receive(),
    })
    assert(r.channel == process.events(), "no event came")
    return r.value
end

local function no_event()
    time.sleep("5ms")
    local r = channel.select({ process.events():case_receive() }, true)
    assert(r.default, r.value and r.value.kind)
end

-- A process that has ended for everyone.
local function dead()
    local pid = spawn("spawn_monitored", "end")
    assert(next_event().from == pid)
    return pid
end

local function refused(kind, text, ok, err)
    assert(ok == nil and err:kind() == kind, err)
    assert(err:message() == text, err:message())
end

local function test_results()
    local pid, gone = spawn("spawn", "wait"), dead()

    assert(process.monitor(pid) == true)
    refused("AlreadyExists", "already monitoring pid: " .. pid,
        process.monitor(pid))
    refused("NotFound", "pid not registered: " .. gone, process.monitor(gone))
    refused("NotFound", "pid not registered: " .. gone, process.link(gone))
    assert(process.link(pid) == true and process.link(pid) == true)
    for _, x in ipairs({ pid, pid, gone, me }) do
        assert(process.unmonitor(x) == true and process.unlink(x) == true)
    end
    assert(process.monitor(me) == true and process.link(me) == true)
    refused("Invalid", "link requires a destination argument", process.link())
    assert(process.terminate(pid))
    -- Of a host or node that nobody knows, no more is known (semantics W1).
    for _, x in ipairs({ "{no:host|0x1}", "{node@no:host|0x1}" }) do
        refused("NotFound", "pid not registered: " .. x, process.monitor(x))
        refused("NotFound", "pid not registered: " .. x, process.link(x))
        assert(process.unmonitor(x) == true and process.unlink(x) == true)
    end
    for _, call in ipairs({ "monitor", "link", "cancel", "terminate" }) do
        refused("NotFound",
            "could not resolve 'nobody' as PID or registered name",
            process[call]("nobody"))
    end
    no_event()
end

-- (semantics W3, X9)
local function test_monitor()
    local pid = spawn("spawn", "wait")

    assert(process.monitor(pid))
    process.send(pid, "end", "the value")
    local event = next_event()
    assert(event.kind == process.event.EXIT and event.from == pid)
    assert(event.result.value == "the value" and event.result.error == nil)
    pid = spawn("spawn_monitored", "fail")
    event = next_event()
    assert(event.from == pid and event.result.value == nil)
    assert(event.result.error:message() == "failed")
    assert(event.result.error:kind() == "Internal")
    no_event()
end

-- Also one that has already happened, if it was not handled yet (semantics W9).
local function test_unmonitor()
    local pid = spawn("spawn_monitored", "wait")

    assert(process.unmonitor(pid))
    process.terminate(pid)
    no_event()
end

-- Only a failure goes along a link, through processes that do not trap, up to
-- one that does (semantics W4, W5).
local function test_links()
    local head = spawn("spawn_monitored", "chain", me, 4)
    local pids = {}

    for i = 1, 5 do
        pids[i] = process.inbox():receive():from()
    end
    for i = 1, 5 do
        assert(pids[i] == head or process.monitor(pids[i]))
    end
    process.send(pids[3], "fail")
    local left = {}
    for i = 1, 5 do
        left[pids[i]] = true
    end
    for _ = 1, 5 do
        local event = next_event()
        local text = event.result.error:message()
        assert(left[event.from])
        left[event.from] = nil
        if event.from == pids[3] then
            assert(text == "failed")
        else
            assert(text:match("^linked process failed: {.+}$"), text)
            assert(event.result.error:kind() == "Internal")
        end
    end
    local pid = spawn("spawn_linked", "wait")
    process.send(pid, "end")
    no_event()
end

-- (semantics W6, W8, X10)
local function test_trap()
    assert(process.get_options().trap_links == false)
    assert(process.set_options({ trap_links = true }) == true)
    assert(process.get_options().trap_links == true)
    local pid = spawn("spawn_linked_monitored", "fail")
    local event = next_event()
    assert(event.kind == process.event.EXIT and event.from == pid)
    assert(event.result.error:message() == "failed")
    event = next_event()
    assert(event.kind == process.event.LINK_DOWN and event.from == pid)
    assert(event.result.error:message() == "failed")
    assert(math.type(event.at) == "float" and event.result.value == nil)
    pid = spawn("spawn_linked", "wait")
    assert(process.unlink(pid))
    process.terminate(pid)
    no_event()
    assert(process.set_options({ trap_links = false }))
end

-- From the other side too (semantics W10).
local function test_unlink_by_the_other()
    local pid = spawn("spawn_linked_monitored", "unlink", me)

    assert(next_event().from == pid)
    no_event()
end

local roles = {
    ["end"] = function() end,
    fail = function()
        return nil, "failed"
    end,
    wait = function()
        local message = process.inbox():receive()
        if message:topic() == "fail" then
            error("failed", 0)
        end
        local payload = message:payload()
        return payload and payload:data()
    end,
    unlink = function(parent)
        assert(process.unlink(parent))
        error("not your concern", 0)
    end,
}

function roles.chain(top, depth)
    if depth > 0 then
        spawn("spawn_linked", "chain", top, depth - 1)
    end
    process.send(top, "up")
    return roles.wait()
end

-- What is valid beside what is not is applied, in whatever order they come
-- (semantics P11).
local function test_options_beside_bad_ones()
    for i = 1, 40 do
        local options = { trap_links = i % 2 == 0, [5] = true }
        for n = 1, 5 do
            options[("k%d_%d"):format(i, n)] = n
        end
        local ok, err = process.set_options(options)
        assert(ok == false and err:kind() == "Invalid")
        assert(err:message():find("^option k%d+_%d is not supported$"), err)
        assert(process.get_options().trap_links == (i % 2 == 0))
    end
    assert(process.set_options({ trap_links = false, [5] = true }) == true)
end

local function main(role, ...)
    if role then
        return roles[role](...)
    end
    test_results()
    test_options_beside_bad_ones()
    test_monitor()
    test_unmonitor()
    test_links()
    test_trap()
    test_unlink_by_the_other()
end

return { main = main }
