-- The module `supervisor`.
local kit = require("kit")
local supervisor = require("supervisor")
local time = require("time")

local cases = {}

local function refused(kind, text, value, err)
    assert(value == nil and err, "it was not refused")
    assert(err:message() == text, err:message())
    assert(err:kind() == kind, err:kind())
    return err
end

local function three()
    local pid = kit.start("one_for_one")
    local pids = kit.expect_all("started a", "started b", "started c")
    kit.running(pid, "c")
    return pid, pids
end

-- In start order, with all they have (semantics S17, S18).
function cases.which_and_count()
    local pid, pids = three()
    local list = assert(supervisor.which_children(pid))
    for i, id in ipairs({ "a", "b", "c" }) do
        local child = list[i]
        assert(child.id == id and child.pid == pids[id])
        assert(child.status == "running" and child.restarts == 0)
        assert(child.kind == "process.lua")
    end
    local counts = assert(supervisor.count_children(pid, "1s"))
    assert(counts.specs == 3 and counts.active == 3)
    assert(counts.workers == 3 and counts.supervisors == 0)
    kit.close(pid)
    kit.expect("stopped c", "stopped b", "stopped a")
    refused("Unavailable", "supervisor ended: " .. pid,
        supervisor.which_children(pid))
end

-- (semantics S17, S19)
function cases.start()
    local pid, pids = three()
    local record = { id = "d", process = "app:worker", input = { "d", 5 },
        wait = "ready", shutdown = time.parse_duration("1s"),
        start_timeout = 2000000000, restart = "transient",
        backoff = { initial_delay = time.parse_duration("1ms"), factor = 2 } }
    local child = assert(supervisor.start_child(pid, record, "2s"))
    assert(type(record.shutdown) == "userdata")
    local entry = kit.expect("started d5")
    assert(entry.pid == child)
    refused("AlreadyExists", "child already started: d " .. child,
        supervisor.start_child(pid, record))
    refused("AlreadyExists", "child already started: a " .. pids.a,
        supervisor.start_child(pid, { id = "a", process = "app:worker" }))
    process.send(child, "fail")
    kit.expect("started d5")
    process.send(kit.children(pid).d.pid, "return")
    kit.await("it stays", function()
        return kit.children(pid).d.status == "stopped"
    end)
    refused("AlreadyExists", "child already present: d",
        supervisor.start_child(pid, record))
    kit.close(pid)
    kit.expect("stopped c", "stopped b", "stopped a")
end

-- It comes last, and so stops first (semantics S1).
function cases.added_comes_last()
    local pid = three()
    assert(supervisor.start_child(pid,
        { id = "0", process = "app:worker", input = { "0" } }))
    kit.expect("started 0")
    assert(supervisor.which_children(pid)[4].id == "0")
    kit.close(pid)
    kit.expect("stopped 0", "stopped c", "stopped b", "stopped a")
end

-- One that does not start leaves no record (semantics S19).
function cases.start_fails()
    local pid = three()
    refused("Internal", "cannot start", supervisor.start_child(pid,
        { id = "d", process = "app:worker", input = { "d", "fail_at_start" },
            wait = "ready" }))
    kit.expect("failing d")
    assert(kit.children(pid).d == nil)
    local err = refused("Timeout",
        "start timed out: d not ready within 50ms", supervisor.start_child(pid,
            { id = "d", process = "app:worker", input = { "d", "never_ready" },
                wait = "ready", start_timeout = "50ms" }))
    assert(err:retryable() == nil)
    assert(kit.children(pid).d == nil)
    kit.close(pid)
    kit.expect("stopped c", "stopped b", "stopped a")
end

-- Each kind of option says what it must be (semantics S19, S4).
function cases.bad_values()
    local pid = three()
    local function bad(option, value, text)
        local record = { id = "d", process = "app:worker" }
        record[option] = value
        refused("Invalid", text, supervisor.start_child(pid, record))
    end
    local function bad_backoff(option, value, text)
        bad("backoff", { [option] = value }, "backoff." .. option .. text)
    end
    bad("id", "d\0", "id must not contain a NUL")
    bad("process", 7, "process must be the id of an entry, not an integer")
    bad("host", "app:none", "host: host not found: app:none")
    bad("host", "app:worker", "host: not a host: app:worker (process.lua)")
    bad("input", "x", 'input must be a list, not the text "x"')
    bad("restart", 1,
        "restart must be permanent, transient or temporary, not an integer")
    bad("significant", "yes",
        'significant must be true or false, not the text "yes"')
    bad("count", 1.5, "count must be an integer, not a number")
    bad("count", 0, "count must be at least 1 and at most 1000000")
    bad("shutdown", true,
        "shutdown must be a duration with a unit like 5s, not a boolean")
    bad("shutdown", -1.5, "shutdown must be at least 0s")
    bad("shutdown", 0 / 0, "shutdown must be at least 0s")
    bad("shutdown", 1e300, "shutdown is more than a duration can be")
    bad("backoff", 5, "backoff must be a mapping, not an integer")
    bad("backoff", { 5 }, "backoff must be a mapping, not a list")
    bad_backoff("factor", "x", ' must be a number, not the text "x"')
    bad_backoff("factor", 0 / 0,
        " must be at least 1 and at most 9223372036854775807")
    bad_backoff("initial_delay", {},
        " must be a duration with a unit like 5s, not a list")
    bad(7, "seven", "keys of a record must be strings")
    kit.close(pid)
    kit.expect("stopped c", "stopped b", "stopped a")
end

-- Bad records: Invalid, with the text of the load error (semantics S19, S4).
function cases.bad_records()
    local pid = three()
    local function bad(record, text)
        refused("Invalid", text, supervisor.start_child(pid, record))
    end
    bad({}, "id is required")
    bad({ id = "", process = "app:worker" }, "id is required")
    bad({ id = "d" }, "process is required")
    bad({ id = 7, process = "app:worker" }, "id must be a string, not an integer")
    bad({ id = "d", process = "app:nobody" },
        "process: entry not found: app:nobody")
    bad({ id = "d", process = "app:processes" },
        "process: not a process: app:processes (process.host)")
    bad({ id = "d", process = "app:worker", restart = "always" },
        'restart must be permanent, transient or temporary, ' ..
        'not the text "always"')
    bad({ id = "d", process = "app:worker", shutdown = "5" },
        'shutdown: time: missing unit in duration "5"')
    bad({ id = "d", process = "app:worker", shutdown = -1 },
        "shutdown must be at least 0s")
    bad({ id = "d", process = "app:worker", backoff = { factor = 0.5 } },
        "backoff.factor must be at least 1 and at most 9223372036854775807")
    bad({ id = "d", process = "app:worker", count = 3 },
        "option count is not for start_child")
    bad({ id = "d", process = "app:worker", significant = true },
        "significant has no meaning with auto_shutdown: never")
    local value, err = supervisor.start_child(pid,
        { id = "d", process = "app:worker", colour = "red" })
    assert(value == nil and err:message():find("^unknown option colour"))
    value, err = supervisor.start_child(pid,
        { id = "d", process = "app:worker", backoff = { colour = 1 } })
    assert(value == nil and
        err:message():find("^unknown option backoff.colour; known here: "))
    refused("Invalid", "cannot send a function (at args[1].input[1])",
        supervisor.start_child(pid,
            { id = "d", process = "app:worker", input = { print } }))
    assert(not pcall(supervisor.start_child, pid, "d"))
    kit.close(pid)
    kit.expect("stopped c", "stopped b", "stopped a")
end

-- terminate keeps the record and no rule restarts it; restart, delete
-- (semantics S17, S20).
function cases.terminate_restart_delete()
    local pid, pids = three()
    assert(supervisor.terminate_child(pid, "b") == true)
    kit.expect("stopped b")
    assert(kit.children(pid).b.status == "stopped")
    assert(supervisor.terminate_child(pid, "b") == true)
    local child = assert(supervisor.restart_child(pid, "b"))
    assert(kit.expect("started b").pid == child)
    refused("Conflict", "child is running: b", supervisor.restart_child(pid, "b"))
    refused("Conflict", "child is running: b", supervisor.delete_child(pid, "b"))
    assert(supervisor.terminate_child(pid, "b"))
    kit.expect("stopped b")
    assert(supervisor.delete_child(pid, "b") == true)
    assert(kit.children(pid).b == nil)
    for _, name in ipairs({ "terminate_child", "restart_child", "delete_child" })
    do
        refused("NotFound", "child not found: b", supervisor[name](pid, "b"))
    end
    assert(supervisor.count_children(pid).specs == 2)
    assert(kit.children(pid).a.pid == pids.a)
    kit.close(pid)
    kit.expect("stopped c", "stopped a")
end

-- A temporary child's record goes (semantics S20).
function cases.terminate_temporary()
    local pid = kit.start("types_one")
    kit.expect_all("started permanent", "started transient", "started temporary")
    assert(supervisor.terminate_child(pid, "temporary"))
    kit.expect("stopped temporary")
    refused("NotFound", "child not found: temporary",
        supervisor.restart_child(pid, "temporary"))
    kit.close(pid)
    kit.expect("stopped transient", "stopped permanent")
end

-- What waits for its restart (semantics S17, S20).
function cases.while_it_waits()
    local pid = kit.start("patient")
    local pids = kit.expect_all("started a", "started b")
    process.send(pids.a, "fail")
    kit.await("it waits", function()
        return kit.children(pid).a.status == "restarting"
    end)
    refused("Conflict", "child is restarting: a",
        supervisor.restart_child(pid, "a"))
    refused("Conflict", "child is restarting: a",
        supervisor.delete_child(pid, "a"))
    assert(supervisor.terminate_child(pid, "a"))
    assert(kit.children(pid).a.status == "stopped")
    time.sleep("200ms")
    assert(kit.children(pid).a.status == "stopped")
    kit.close(pid)
    kit.expect("stopped b")
end

-- (semantics S17, S21, R4)
function cases.who_is_asked()
    refused("NotFound", "could not resolve 'nobody' as PID or registered name",
        supervisor.which_children("nobody"))
    refused("Invalid", "not a supervisor: " .. process.pid(),
        supervisor.which_children(process.pid()))
    refused("Invalid", "duration must be number or string",
        supervisor.which_children(process.pid(), {}))
    local pid = three()
    assert(process.registry.register("the supervisor", pid))
    assert(#supervisor.which_children("the supervisor") == 3)
    kit.close(pid)
    kit.expect("stopped c", "stopped b", "stopped a")
end

-- A child that asks its own supervisor about itself waits for nothing once it
-- has started; while the supervisor waits for another one, changes wait, and
-- reading does not (semantics S21).
function cases.order_of_requests()
    local pid = three()
    local slow = { id = "slow", process = "app:worker",
        input = { "slow", "never_ready" }, wait = "ready",
        start_timeout = "200ms" }
    coroutine.spawn(function()
        local value, err = supervisor.start_child(pid, slow)
        assert(value == nil and err:kind() == "Timeout")
    end)
    kit.await("it starts", function() return kit.children(pid).slow end)
    assert(supervisor.count_children(pid).active == 4)
    local err = refused("Timeout",
        "supervisor did not answer within 20ms: " .. pid,
        supervisor.terminate_child(pid, "a", "20ms"))
    assert(err:retryable() == true)
    -- It may still act, and does.
    kit.expect("stopped a")
    kit.close(pid)
    kit.expect("stopped c", "stopped b")
end

-- Those who wait learn that it stops, or that it has ended (semantics S21).
function cases.it_stops_meanwhile()
    local pid = kit.start("stubborn")
    kit.expect_all("started a", "started deaf", "started brutal",
        "started long")
    process.cancel(pid)
    local value, err = supervisor.start_child(pid,
        { id = "x", process = "app:worker", input = { "x" } })
    if err:message() ~= "supervisor ended: " .. pid then
        refused("Unavailable", "supervisor is stopping: " .. pid, value, err)
    end
    kit.expect("stopped long", "stopped a")
    kit.ended(pid)
end

-- Killed while somebody waits for its answer (semantics S21).
function cases.it_ends_meanwhile()
    local pid = three()
    local done = channel.new(1)
    coroutine.spawn(function()
        local _, err = supervisor.start_child(pid, { id = "slow",
            process = "app:worker", input = { "slow", "never_ready" },
            wait = "ready" })
        done:send(err:message())
    end)
    kit.await("it starts", function() return kit.children(pid).slow end)
    process.terminate(pid)
    assert(done:receive() == "supervisor ended: " .. pid)
    kit.ended(pid)
end

-- A request keeps its process alive though it waits for nothing else, and a
-- child may ask its own supervisor (semantics H12, S21).
function cases.child_asks()
    local pid, pids = three()
    process.send(pids.b, "ask", pid)
    assert(kit.expect("asked b").more.active == 3)
    kit.close(pid)
    kit.expect("stopped c", "stopped b", "stopped a")
end

return { main = function() kit.run(cases) end }
