-- What holds of every process, seen on one whose kind is a plugin's. It waits
-- until it is cancelled, and then ends normally.
local supervisor = require("supervisor")
local time = require("time")

local HOST = "app:processes"
local events = process.events()
local natives = process.listen("native")

-- The EXIT of a process that is watched; others' are an error.
local function exit_of(pid)
    local got = channel.select {
        events:case_receive(), time.after("20s"):case_receive() }
    assert(got.channel == events, "no EXIT")
    assert(got.value.kind == process.event.EXIT)
    assert(got.value.from == pid)
    return got.value.result
end

local function spawn()
    return assert(process.spawn_monitored("app:native", HOST))
end

local function is(error, message, kind)
    assert(error and error:message() == message, tostring(error))
    assert(error:kind() == kind, error:kind())
end

local tests = {}

-- (semantics C1, C5, C8, X1, X10, W3)
function tests.cancel_is_heard()
    local pid = spawn()
    assert(process.cancel(pid))
    assert(exit_of(pid).error == nil)
end

-- Also when it has run for a while.
function tests.cancel_with_a_deadline_is_heard()
    local pid = spawn()
    time.sleep("30ms")
    assert(process.cancel(pid, "10s", "enough"))
    assert(exit_of(pid).error == nil)
end

-- (semantics C10, C6, X1)
function tests.terminate_is_final()
    local pid = spawn()
    assert(process.terminate(pid))
    is(exit_of(pid).error, "process terminated", "Canceled")
    local ok, err = process.send(pid, "x")
    assert(ok == nil)
    is(err, "process not found: " .. pid, "NotFound")
    pid = spawn()
    time.sleep("30ms")
    assert(process.terminate(pid))
    is(exit_of(pid).error, "process terminated", "Canceled")
end

-- (semantics W1, W2, W4, W8)
function tests.it_is_watched_once()
    local pid = spawn()
    local ok, err = process.monitor(pid)
    is(err, "already monitoring pid: " .. pid, "AlreadyExists")
    assert(process.link(pid) and process.unlink(pid))
    assert(process.unmonitor(pid) and process.monitor(pid))
    assert(process.cancel(pid))
    exit_of(pid)
    ok, err = process.monitor(pid)
    is(err, "pid not registered: " .. pid, "NotFound")
end

-- A Lua process with a native child: who falls with whom.
local function family(how)
    local parent = assert(process.spawn_monitored("app:parent", HOST, how))
    local child = natives:receive()
    return parent, child
end

-- (semantics W5)
function tests.it_falls_with_its_parent()
    local parent, child = family("fail")
    assert(process.monitor(child))
    assert(process.send(parent, "go"))
    local seen = {}
    for _ = 1, 2 do
        local event = events:receive()
        seen[event.from] = event.result.error
    end
    is(seen[parent], "the parent fails", "Internal")
    is(seen[child], "linked process failed: " .. parent, "Internal")
end

-- (semantics W4)
function tests.it_stays_when_its_parent_ends()
    local parent, child = family("end")
    assert(process.send(parent, "go"))
    assert(exit_of(parent).error == nil)
    assert(process.monitor(child))
    assert(process.cancel(child))
    assert(exit_of(child).error == nil)
end

-- (semantics W5, W6)
function tests.its_parent_falls_with_it()
    local parent, child = family("fall")
    assert(process.terminate(child))
    is(exit_of(parent).error, "linked process failed: " .. child, "Internal")
    parent, child = family("trap")
    assert(process.terminate(child))
    assert(exit_of(parent).value == "pid.link.down process terminated")
end

-- (semantics N1, N4, P10)
function tests.it_has_names()
    local pid = spawn()
    assert(process.registry.register("somebody", pid))
    assert(process.registry.lookup("somebody") == pid)
    assert(process.cancel("somebody"))
    exit_of(pid)
    assert(process.registry.lookup("somebody") == nil)
    local named = process.with_options({}):with_name("somebody")
    pid = assert(named:spawn_monitored("app:native", HOST))
    assert(named:spawn("app:native", HOST) == pid)
    assert(process.terminate("somebody"))
    exit_of(pid)
end

-- Its neighbour holds their only thread while the mailbox fills: it may well
-- read as fast as others write (semantics K2, M11, D5).
function tests.its_mail_is_bounded()
    local spinner = assert(process.spawn_monitored("app:spinner", "app:small"))
    local pid = assert(process.spawn_monitored("app:native", "app:small"))
    local ok, err = process.send(pid, "x", ("x"):rep(200))
    assert(ok == nil and err:kind() == "Invalid")
    assert(err:message():find("^message too large: %d+ bytes %(limit 100%)$"))
    repeat
        ok, err = process.send(pid, "x")
    until not ok
    is(err, "mailbox full: " .. pid, "RateLimited")
    assert(err:retryable() == true)
    -- Its signals are none of its mail.
    assert(process.cancel(pid))
    assert(exit_of(pid).error == nil)
    assert(process.terminate(spinner))
    exit_of(spinner)
end

-- (semantics P6)
function tests.it_counts_as_a_process()
    local a = assert(process.spawn_monitored("app:native", "app:small"))
    local b = assert(process.spawn_monitored("app:native", "app:small"))
    local pid, err = process.spawn("app:native", "app:small")
    is(err, "too many processes: app:small (limit 2)", "RateLimited")
    process.terminate(a)
    exit_of(a)
    process.terminate(b)
    exit_of(b)
end

local function holder(former)
    local pid = process.registry.lookup("native")
    while not pid or pid == former do
        time.sleep("1ms")
        pid = process.registry.lookup("native")
    end
    return pid
end

-- (semantics S5, S9, S11, S12, S17, S18)
function tests.it_is_supervised()
    local sup = assert(process.spawn_monitored("app:supervisor", HOST))
    local first = holder()
    assert(process.terminate(first))
    local second = holder(first)
    local child = supervisor.which_children(sup)[1]
    assert(child.status == "running" and child.pid == second)
    assert(child.restarts == 1)
    assert(supervisor.terminate_child(sup, "native"))
    assert(process.registry.lookup("native") == nil)
    assert(supervisor.restart_child(sup, "native"))
    assert(process.cancel(sup, "20s"))
    assert(exit_of(sup).value == "shutdown")
    assert(process.registry.lookup("native") == nil)
end

-- (semantics S5)
function tests.it_falls_with_its_supervisor()
    local sup = assert(process.spawn_monitored("app:supervisor", HOST))
    local child = holder()
    assert(process.monitor(child))
    assert(process.terminate(sup))
    for _ = 1, 2 do
        local event = events:receive()
        if event.from == child then
            is(event.result.error, "linked process failed: " .. sup, "Internal")
        end
    end
end

local function main()
    assert(process.registry.register("conduct"))
    for name, test in pairs(tests) do
        local ok, err = xpcall(test, function(err)
            return name .. ": " .. tostring(err) .. "\n"
                .. (type(err) == "userdata" and err:stack() or "")
        end)
        if not ok then
            error(err, 0)
        end
    end
    print("all is as it should be")
end

return main
