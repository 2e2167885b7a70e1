-- How children start, and what becomes of it when one cannot.
local kit = require("kit")
local time = require("time")

local cases = {}

-- One after another, each when the one before is ready (semantics S6, S8).
function cases.in_order()
    local pid = kit.start("one_for_one")
    kit.expect("started a", "started b", "started c")
    kit.close(pid)
    kit.expect("stopped c", "stopped b", "stopped a")
end

-- Those before it stop in reverse order, those after never start
-- (semantics S7, S8).
function cases.third_fails()
    local pid = kit.start("fails_third")
    kit.expect("started a", "started b", "failing c", "stopped b", "stopped a")
    kit.failed(pid, "failed to start child c: cannot start")
end

-- A normal end before it is ready is no start either (semantics S7).
function cases.ends_early()
    local pid = kit.start("ends_early")
    kit.expect("ending c")
    kit.failed(pid, "failed to start child c: ended before it was ready")
end

-- (semantics S7)
function cases.not_in_time()
    local began = time.now()
    local pid = kit.start("never_ready")
    kit.expect("started a", "stopped a")
    kit.failed(pid, "failed to start child slow: " ..
        "start timed out: slow not ready within 100ms", "Timeout")
    assert(time.now():sub(began):milliseconds() >= 100)
end

-- Who has not had his turn to start is stopped (semantics S18).
function cases.not_yet()
    local pid = kit.start("boots")
    kit.await("it boots", function()
        return process.registry.lookup("who boots")
    end)
    local children = kit.children(pid)
    assert(children.slow.status == "running")
    assert(children.later.status == "stopped" and children.later.restarts == 0)
    process.send("who boots", "enough")
    kit.failed(pid, "failed to start child slow: ended before it was ready")
end

-- A name that somebody else holds is a failure to start (semantics S3).
function cases.name_is_taken()
    assert(process.registry.register("the name"))
    local pid = kit.start("taken")
    kit.failed(pid, "failed to start child a: name already registered: the name",
        "AlreadyExists")
    process.registry.unregister("the name")
end

-- One that is held by who is about to end is waited for (semantics S23).
function cases.name_becomes_free()
    local holder = assert(process.spawn("app:worker", "app:processes", "h"))
    kit.expect("started h")
    assert(process.registry.register("the name", holder))
    process.cancel(holder, "5s")
    local pid = kit.start("taken")
    kit.expect("stopped h", "started a")
    kit.close(pid)
    kit.expect("stopped a")
end

-- Numbers in ids, arguments and names (semantics S3).
function cases.count()
    local pid = kit.start("counted")
    for i = 1, 3 do
        local entry = kit.expect("started w" .. i)
        assert(process.registry.lookup("counted-" .. i) == entry.pid)
        assert(kit.children(pid)["w-" .. i].pid == entry.pid)
    end
    kit.close(pid)
    kit.expect("stopped w3", "stopped w2", "stopped w1")
end

-- A supervisor is ready when its children are (semantics S6, S8).
function cases.tree()
    local pid = kit.start("tree")
    kit.expect("started a", "started b", "started c", "started last")
    local children = kit.children(pid)
    assert(children.inner.kind == "supervisor.one_for_one")
    assert(children.last.kind == "process.lua")
    kit.close(pid)
    kit.expect("stopped last", "stopped c", "stopped b", "stopped a")
end

-- Cancelled while a child starts: that one stops too (semantics S12).
function cases.cancelled_while_starting()
    local pid = kit.start("never_ready")
    kit.expect("started a")
    kit.close(pid)
    kit.expect("stopped a")
end

-- Its children fail with it, ready or not (semantics S5).
function cases.ended_while_starting()
    local pid = kit.start("never_ready")
    local a = kit.expect("started a").pid
    assert(process.monitor(a))
    process.terminate(pid)
    assert(kit.ended(pid).error:message() == "process terminated")
    assert(kit.ended(a).error:message() == "linked process failed: " .. pid)
end

return { main = function() kit.run(cases) end }
