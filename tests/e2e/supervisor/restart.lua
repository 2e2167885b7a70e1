-- Which end restarts whom.
local kit = require("kit")
local supervisor = require("supervisor")
local time = require("time")

local cases = {}

local function three(name)
    local pid = kit.start(name)
    local pids = kit.expect_all("started a", "started b", "started c")
    kit.running(pid, "c")
    return pid, pids
end

local function close_three(pid)
    kit.close(pid)
    kit.expect("stopped c", "stopped b", "stopped a")
end

-- Only itself (semantics S10), after a failure, a normal end and a forced one
-- (semantics S9).
function cases.one_for_one()
    local pid, pids = three("one_for_one")
    for i, how in ipairs({ "fail", "return", "kill" }) do
        if how == "kill" then
            process.terminate(pids.b)
        else
            process.send(pids.b, how)
        end
        local entry = kit.expect("started b")
        assert(entry.pid ~= pids.b)
        pids.b = entry.pid
        kit.running(pid, "b")
        local b = kit.children(pid).b
        assert(b.restarts == i and b.pid == pids.b)
    end
    local children = kit.children(pid)
    assert(children.a.pid == pids.a and children.a.restarts == 0)
    close_three(pid)
end

-- All others stop in reverse order, all start in order (semantics S10, S11).
function cases.one_for_all()
    local pid, pids = three("one_for_all")
    process.send(pids.b, "fail")
    kit.expect("stopped c", "stopped a", "started a", "started b", "started c")
    for _, child in pairs(kit.children(pid)) do
        assert(child.restarts == 1)
    end
    close_three(pid)
end

-- Those after it stop, and it and they start (semantics S10).
function cases.rest_for_one()
    local pid, pids = three("rest_for_one")
    process.send(pids.b, "fail")
    kit.expect("stopped c")
    pids.b = kit.expect("started b").pid
    pids.c = kit.expect("started c").pid
    assert(kit.children(pid).a.pid == pids.a)
    process.send(pids.c, "return")
    pids.c = kit.expect("started c").pid
    process.terminate(pids.a)
    kit.expect("stopped c", "stopped b", "started a", "started b", "started c")
    close_three(pid)
end

local function types(name)
    local pid = kit.start(name)
    return pid, kit.expect_all("started permanent", "started transient",
        "started temporary")
end

-- (semantics S9)
function cases.types_one_for_one()
    local pid, pids = types("types_one")
    process.send(pids.permanent, "return")
    kit.expect("started permanent")
    process.send(pids.transient, "fail")
    pids.transient = kit.expect("started transient").pid
    process.send(pids.transient, "return")
    kit.await("the transient one stays", function()
        return kit.children(pid).transient.status == "stopped"
    end)
    assert(kit.children(pid).transient.pid == nil)
    process.send(pids.temporary, "fail")
    kit.await("the temporary one goes", function()
        return kit.children(pid).temporary == nil
    end)
    kit.close(pid)
    kit.expect("stopped permanent")
end

-- Temporary members go, and one that had been stopped starts too; a temporary
-- one's own end restarts nobody (semantics S9, S10).
function cases.types_one_for_all()
    local pid, pids = types("types_all")
    process.send(pids.transient, "return")
    kit.await("the transient one stays", function()
        return kit.children(pid).transient.status == "stopped"
    end)
    process.send(pids.permanent, "fail")
    kit.expect("stopped temporary", "started permanent", "started transient")
    assert(kit.children(pid).temporary == nil)
    kit.close(pid)
    kit.expect("stopped transient", "stopped permanent")
end

function cases.types_rest_for_one()
    local pid, pids = types("types_rest")
    process.send(pids.temporary, "fail")
    kit.await("the temporary one goes", function()
        return kit.children(pid).temporary == nil
    end)
    process.send(pids.transient, "fail")
    kit.expect("started transient")
    kit.close(pid)
    kit.expect("stopped transient", "stopped permanent")
end

-- At most `max` within the time, and the next one is too many: the others stop,
-- and the supervisor fails (semantics S13).
function cases.intensity()
    local pid = kit.start("twice")
    local a = kit.expect_all("started a", "started b").a
    for _ = 1, 2 do
        process.send(a, "fail")
        a = kit.expect("started a").pid
    end
    process.send(a, "fail")
    kit.expect("stopped b")
    kit.failed(pid, "restart intensity exceeded: 2 in 200ms")
end

-- They are forgotten after that time (semantics S13).
function cases.intensity_forgets()
    local pid = kit.start("twice")
    local a = kit.expect_all("started a", "started b").a
    for i = 1, 4 do
        process.send(a, "fail")
        a = kit.expect("started a").pid
        if i % 2 == 0 then
            time.sleep("250ms")
        end
    end
    kit.close(pid)
    kit.expect("stopped b", "stopped a")
end

-- (semantics S13)
function cases.intensity_of_none()
    local pid = kit.start("never")
    process.send(kit.expect("started a").pid, "return")
    kit.failed(pid, "restart intensity exceeded: 0 in 5s")
end

-- A failed start is another restart, and counts (semantics S13, S14).
function cases.start_fails_again()
    local pid = kit.start("fails_again")
    process.send(kit.expect("started a").pid, "fail")
    kit.failed(pid, "restart intensity exceeded: 3 in 5s")
end

-- In a group those that have started stop again, those behind it wait
-- (semantics S10, S14).
function cases.group_start_fails_again()
    local pid = kit.start("group_fails_again")
    local pids = kit.expect_all("started a", "started b", "started c")
    process.send(pids.c, "fail")
    kit.expect("stopped b", "stopped a", "started a", "stopped a", "started a",
        "started b", "started c")
    close_three(pid)
end

-- While one waits the others are supervised, and it is seen to wait
-- (semantics S14, S15, S18).
function cases.backoff()
    local pid = kit.start("patient")
    local pids = kit.expect_all("started a", "started b")
    local began = time.now()
    process.send(pids.a, "fail")
    kit.await("it waits", function()
        return kit.children(pid).a.status == "restarting"
    end)
    local a = kit.children(pid).a
    assert(a.pid == nil and a.restarts == 1)
    process.send(pids.b, "fail")
    kit.expect("started b", "started a")
    assert(time.now():sub(began):milliseconds() >= 150)
    kit.close(pid)
    kit.expect("stopped b", "stopped a")
end

-- The delay doubles (semantics S14).
function cases.backoff_grows()
    local pid = kit.start("patient")
    local a = kit.expect_all("started a", "started b").a
    process.send(a, "fail")
    a = kit.expect("started a").pid
    local began = time.now()
    process.send(a, "fail")
    kit.expect("started a")
    assert(time.now():sub(began):milliseconds() >= 300)
    kit.close(pid)
    kit.expect("stopped b", "stopped a")
end

-- An earlier child that fails widens the group that waits (semantics S15).
function cases.backoff_widens()
    local pid = kit.start("patient_rest")
    local pids = kit.expect_all("started a", "started b", "started c")
    local began = time.now()
    process.send(pids.b, "fail")
    kit.expect("stopped c")
    kit.await("they wait", function()
        return kit.children(pid).c.status == "restarting"
    end)
    process.send(pids.a, "fail")
    kit.expect("started a", "started b", "started c")
    assert(time.now():sub(began):milliseconds() >= 150)
    local children = kit.children(pid)
    assert(children.a.restarts == 1 and children.b.restarts == 1 and
        children.c.restarts == 1)
    close_three(pid)
end

-- A cancel drops what waits (semantics S12).
function cases.backoff_is_dropped()
    local pid = kit.start("patient")
    process.send(kit.expect_all("started a", "started b").a, "fail")
    kit.await("it waits", function()
        return kit.children(pid).a.status == "restarting"
    end)
    kit.close(pid)
    kit.expect("stopped b")
end

-- A supervisor that gives up is a child that failed (semantics S13).
function cases.escalates()
    local pid = kit.start("brittle")
    for _ = 1, 4 do
        local a = kit.expect("started a").pid
        kit.running(pid, "inner")
        process.send(a, "fail")
    end
    kit.failed(pid, "restart intensity exceeded: 3 in 5s")
end

-- A tree whose inner supervisor is ended by force starts again, although the
-- old child's name is still held when it does (semantics S5, S23).
function cases.killed_inner()
    local pid = kit.start("named_tree")
    local a = kit.expect("started a").pid
    for _ = 1, 20 do
        kit.running(pid, "inner")
        process.terminate(kit.children(pid).inner.pid)
        local entry = kit.expect("started a")
        assert(entry.pid ~= a)
        a = entry.pid
        if kit.children(pid).inner.restarts == 3 then
            break
        end
    end
    kit.close(pid)
    kit.expect("stopped a")
end

return { main = function() kit.run(cases) end }
