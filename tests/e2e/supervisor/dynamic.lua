-- Children on demand.
local kit = require("kit")
local supervisor = require("supervisor")
local time = require("time")

local cases = {}

local function refused(kind, text, value, err)
    assert(value == nil and err, "it was not refused")
    assert(err:message() == text, err:message())
    assert(err:kind() == kind, err:kind())
end

-- Ids are made up or given, input comes after the template's (semantics S19).
function cases.start()
    local pid = kit.start("pool")
    local first = assert(supervisor.start_child(pid, { input = { 1 } }))
    assert(kit.expect("started w1").pid == first)
    local second = assert(supervisor.start_child(pid, { id = "two",
        input = { 2, "x", { y = 1.5 } } }))
    local entry = kit.expect("started w2")
    assert(entry.more[2] == "x" and entry.more[3].y == 1.5)
    local third = assert(supervisor.start_child(pid))
    kit.expect("started w")
    local list = assert(supervisor.which_children(pid))
    assert(#list == 3 and list[1].id == "w-1" and list[2].id == "two" and
        list[3].id == "w-2")
    assert(list[1].pid == first and list[2].pid == second and
        list[3].pid == third)
    refused("AlreadyExists", "child already started: two " .. second,
        supervisor.start_child(pid, { id = "two" }))
    refused("Invalid", "id cannot be empty",
        supervisor.start_child(pid, { id = "" }))
    local value, err = supervisor.start_child(pid, { restart = "temporary" })
    assert(value == nil and err:kind() == "Invalid")
    for _, name in ipairs({ "restart_child", "delete_child" }) do
        refused("Invalid", "not supported by supervisor.dynamic",
            supervisor[name](pid, "two"))
    end
    kit.close(pid)
    kit.expect_all("stopped w1", "stopped w2", "stopped w")
end

-- By id or pid, and the record goes (semantics S19).
function cases.terminate()
    local pid = kit.start("pool")
    local first = assert(supervisor.start_child(pid, { input = { 1 } }))
    assert(supervisor.start_child(pid, { id = "two", input = { 2 } }))
    kit.expect("started w1", "started w2")
    assert(supervisor.terminate_child(pid, first) == true)
    kit.expect("stopped w1")
    assert(supervisor.terminate_child(pid, "two") == true)
    kit.expect("stopped w2")
    refused("NotFound", "child not found: two",
        supervisor.terminate_child(pid, "two"))
    refused("NotFound", "child not found: " .. first,
        supervisor.terminate_child(pid, first))
    assert(supervisor.count_children(pid).specs == 0)
    kit.close(pid)
end

-- Each is restarted with its own arguments (semantics S10).
function cases.restart()
    local pid = kit.start("pool")
    assert(supervisor.start_child(pid, { input = { 1 } }))
    local second = assert(supervisor.start_child(pid, { input = { 2 } }))
    kit.expect("started w1", "started w2")
    process.send(second, "fail")
    kit.expect("started w2")
    kit.close(pid)
    kit.expect_all("stopped w1", "stopped w2")
end

-- All are told to stop at the same time (semantics S11): one after the other
-- would take ten times as long.
function cases.stop_at_once()
    local pid = kit.start("pool")
    local said = {}
    for i = 1, 10 do
        assert(supervisor.start_child(pid, { input = { "slow_stop" } }))
        kit.expect("started w")
        said[i] = "stopped w"
    end
    local began = time.now()
    kit.close(pid)
    assert(time.now():sub(began):milliseconds() < 750)
    kit.expect_all(table.unpack(said))
end

-- By the ten thousand: started, killed, restarted, stopped (semantics S1).
function cases.many()
    local pid = kit.start("many")
    local n = 10000
    for _ = 1, n do
        assert(supervisor.start_child(pid))
    end
    local counts = assert(supervisor.count_children(pid))
    assert(counts.specs == n and counts.active == n)
    local list = assert(supervisor.which_children(pid, "10s"))
    for i = 1, n, 10 do
        process.terminate(list[i].pid)
    end
    kit.await("they are restarted", function()
        local restarts = 0
        for _, child in ipairs(assert(supervisor.which_children(pid, "10s"))) do
            restarts = restarts + child.restarts
            assert(child.restarts <= 1)
        end
        return restarts == n / 10
    end)
    for i = 2, n, 10 do
        assert(supervisor.terminate_child(pid, list[i].id))
    end
    counts = assert(supervisor.count_children(pid))
    assert(counts.specs == n - n / 10)
    kit.close(pid)
end

return { main = function() kit.run(cases) end }
