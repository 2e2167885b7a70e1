-- How supervisors and their children end.
local kit = require("kit")
local time = require("time")

local cases = {}

-- One that ignores its CANCEL is ended by force in its time, a brutal one at
-- once, and one without a deadline is waited for; one after the other
-- (semantics S3, S11, S12).
function cases.each_in_its_way()
    local pid = kit.start("stubborn")
    local pids = kit.expect_all("started a", "started deaf", "started brutal",
        "started long")
    local began = time.now()
    assert(process.monitor(pids.deaf) and process.monitor(pids.brutal))
    process.cancel(pid)
    local entry = kit.expect("stopped long", "stopped a")
    assert(entry.more == "supervisor stopping")
    assert(kit.ended(pids.brutal).error:message() == "process terminated")
    assert(kit.ended(pids.deaf).error:message() == "process terminated")
    assert(kit.ended(pid).value == "shutdown")
    assert(time.now():sub(began):milliseconds() >= 250)
end

-- Its own deadline is for all of it: then it goes, and they with it
-- (semantics S12, S5).
function cases.own_deadline()
    local pid = kit.start("stubborn")
    local pids = kit.expect_all("started a", "started deaf", "started brutal",
        "started long")
    assert(process.monitor(pids.a))
    process.cancel(pid, "50ms")
    assert(kit.ended(pid).error:message() == "process terminated")
    assert(kit.ended(pids.a).error:message() ==
        "linked process failed: " .. pid)
end

-- The first significant end that is not restarted (semantics S16).
function cases.any_significant()
    for _, how in ipairs({ "t fail", "t return", "s return" }) do
        local name, order = how:match("(%a) (%a+)")
        local pid = kit.start("any")
        local pids = kit.expect_all("started a", "started s", "started t")
        process.send(pids[name], order)
        kit.expect("stopped " .. (name == "t" and "s" or "t"), "stopped a")
        assert(kit.ended(pid).value == "shutdown")
    end
end

-- One that is restarted does not count (semantics S16).
function cases.any_significant_restarts()
    local pid = kit.start("any")
    local pids = kit.expect_all("started a", "started s", "started t")
    process.send(pids.s, "fail")
    kit.expect("started s")
    kit.close(pid)
    kit.expect("stopped t", "stopped s", "stopped a")
end

-- The last of them (semantics S16).
function cases.all_significant()
    local pid = kit.start("all")
    local pids = kit.expect_all("started a", "started s", "started t")
    process.send(pids.t, "fail")
    kit.await("one is gone", function()
        return kit.children(pid).t == nil
    end)
    process.send(pids.s, "return")
    kit.expect("stopped a")
    assert(kit.ended(pid).value == "shutdown")
end

-- By force: its children fail with it (semantics S5).
function cases.killed()
    local pid = kit.start("one_for_one")
    local pids = kit.expect_all("started a", "started b", "started c")
    assert(process.monitor(pids.b))
    process.terminate(pid)
    assert(kit.ended(pid).error:message() == "process terminated")
    assert(kit.ended(pids.b).error:message() ==
        "linked process failed: " .. pid)
end

-- Its parent fails: it stops its children and fails as by the link; another
-- process that is linked to it is none of its business (semantics S5).
function cases.parent_fails()
    local parent = assert(process.spawn("app:parent", "app:processes"))
    kit.expect("started a", "started b", "started c")
    local pid = assert(process.registry.lookup("child of parent"))
    assert(process.monitor(pid))
    local other = assert(process.spawn("app:worker", "app:processes", "o"))
    kit.expect("started o")
    process.send(other, "link", pid)
    process.send(other, "fail")
    kit.nothing()
    process.terminate(parent)
    kit.expect("stopped c", "stopped b", "stopped a")
    kit.failed(pid, "linked process failed: " .. parent)
end

return { main = function() kit.run(cases) end }
