-- process.upgrade (semantics P19, P4, P11, X1, X5, X9, C6, C9, W3, W7, N4, M3).

local time = require("time")
local funcs = require("funcs")
local host = "app:processes"
local me = process.pid()

local function spawn(...)
    return assert(process.spawn_monitored("app:old", host, ...))
end

local function exit_of(pid)
    local event = process.events():receive()

    assert(event.kind == process.event.EXIT and event.from == pid)
    return event.result
end

local function failure(result, kind, text)
    local err = assert(result.error, "it did not fail: " .. text)

    assert(err:kind() == kind and err:message() == text, err)
    assert(err:retryable() == nil)
end

-- What the inbox has got under one topic, and nothing else before it.
local function receive(topic)
    local message = process.inbox():receive()

    assert(message:topic() == topic, message:topic())
    return message
end

-- The same process, and all else anew.
local function check_everything()
    local pid = assert(process.with_context({ key = "value" })
        :spawn_monitored("app:old", host, "everything", me))
    local left = { hangs = true, ready = true }
    local callee

    for _ = 1, 2 do
        local message = process.inbox():receive()
        assert(left[message:topic()])
        left[message:topic()] = nil
        if message:topic() == "hangs" then
            callee = message:from()
        end
    end
    process.send(pid, "topic1", 1)
    process.send(pid, "any", 2)
    process.send("upgraded", "go")
    process.send(pid, "topic2", 3)
    local report
    repeat
        local message = process.inbox():receive()
        assert(message:topic() == "old task" or message:topic() == "report",
            message:topic())
        report = message:topic() == "report" and message:payload():data()
    until report
    assert(report.pid == pid and report.id == "app:new")
    assert(report.global == "none" and report.trap == false)
    assert(report.args.n == 2 and report.args[1] == nil)
    assert(report.args[2] == 1.5)
    assert(report.name == pid and report.ctx.key == "value")

    -- Nothing of the old program goes on: no task, no timer, no call.
    local got = exit_of(pid).value
    assert(table.concat(got, ",") == "topic1,any,topic2",
        table.concat(got, ","))
    local ok, err = process.monitor(callee)
    if ok then
        assert(exit_of(callee).error:message() == "process terminated")
    else
        assert(err:kind() == "NotFound")
    end
    assert(process.registry.lookup("upgraded") == nil)
    local none = channel.select({ process.inbox():case_receive(),
        default = true })
    assert(none.default, "the old program still says something")
end

-- It does not return, wherever it is called.
local function check_nested()
    for _, role in ipairs({ "nested", "sort", "task" }) do
        local pid = spawn(role, me)
        local message = receive("hello")

        assert(message:from() == pid)
        assert(message:payload()[1]:data() == pid)
        assert(message:payload()[2]:data() == "app:new")
        assert(exit_of(pid).value == "new")
    end
end

local function check_failures()
    local function fails(kind, text, ...)
        failure(exit_of(spawn(...)), kind, text)
    end

    fails("NotFound", "upgrade: entry not found: app:none", "to", "app:none")
    fails("NotFound", "upgrade: entry not found: ", "to", "")
    fails("NotFound", "upgrade: entry not found: 12", "to", 12)
    for id, kind in pairs({ ["app:fn"] = "function.lua",
        ["app:library"] = "library.lua", [host] = "process.host" }) do
        fails("Invalid", "upgrade: not of kind process.lua: " .. id .. " (" ..
            kind .. ")", "to", id)
    end
    fails("Invalid", "upgrade: cannot send a function (at args[2].f)",
        "function_as_argument")
    fails("Internal", "upgrade: out of memory", "to", "app:tiny")
    -- These are the new program's own.
    fails("Internal", "app:broken:1: broken at the top", "to", "app:broken")
    fails("NotFound", "method \"main\" not found in module", "to",
        "app:no_method")
    fails("Internal", "in main", "to", "app:fails")
    local err = exit_of(spawn("bad_id")).value
    assert(err:find("string expected, got table", 1, true), err)
end

-- Mail that was sorted by topics, that had not been taken, and that comes
-- later: all of it, in order (M1, M3); although it is more than the new
-- program's mailbox takes.
local function check_mail()
    local pid = spawn("mail", me, "app:new")
    local topics = { "first", "second", "other", "" }
    local expected = {}

    receive("ready")
    process.send(pid, "first", 1)
    process.send(pid, "second", 2)
    for i = 1, 400 do
        local topic = topics[i * 7 % 4 + 1]

        assert(process.send(pid, topic, i))
        expected[i] = topic .. "=" .. i
    end
    process.send(pid, "last", 0)
    process.send(pid, "go")
    local got = exit_of(pid).value
    for i = 1, 400 do
        assert(got[i] == expected[i], got[i])
    end

    -- The same program again, which listens to its topics anew.
    pid = spawn("mail", me, "app:old")
    receive("ready")
    process.send(pid, "first", 1)
    process.send(pid, "second", 2)
    process.send(pid, "go")
    receive("ready")
    assert(process.terminate(pid))
    failure(exit_of(pid), "Canceled", "process terminated")
end

-- Events that nobody has read: they are in its mailbox still (W7, X9).
local function check_events()
    local pid = spawn("events", me)

    receive("ready")
    process.send(pid, "go")
    local got = exit_of(pid).value
    table.sort(got)
    assert(table.concat(got, ",") == "pid.exit,pid.link.down,pid.link.down" or
        table.concat(got, ",") == "pid.exit,pid.exit,pid.link.down",
        table.concat(got, ","))
end

-- A cancel that was not read is not lost, nor is its deadline (C5, C6, C9).
local function check_cancel()
    local pid = spawn("deaf", me)
    receive("ready")
    assert(process.cancel(pid, "10s", "first"))
    assert(process.cancel(pid, "second"))
    process.send(pid, "go")
    local got = exit_of(pid).value
    assert(got[1] == process.event.CANCEL and got[2] == "first")
    assert(got[3] == me and type(got[4]) == "number")

    pid = spawn("to", "app:new", "fails_later")
    assert(process.cancel(pid, "20ms"))
    failure(exit_of(pid), "Canceled", "process terminated")
end

-- Links and monitors are as they were.
local function check_links()
    process.set_options({ trap_links = true })
    local pid = assert(process.spawn_linked_monitored("app:old", host, "to",
        "app:new", "fails_later"))
    assert(process.send(pid, "any"))
    failure(exit_of(pid), "Internal", "later")
    local event = process.events():receive()
    assert(event.kind == process.event.LINK_DOWN and event.from == pid)
    failure(event.result, "Internal", "later")
    process.set_options({ trap_links = false })

    -- The limits are the new program's.
    pid = spawn("to", "app:small", "limits", me)
    receive("ready")
    local ok, err = process.send(pid, "any", ("x"):rep(2000))
    assert(not ok and err:message():find("limit 1024", 1, true), err)
    assert(process.send(pid, "go"))
    failure(exit_of(pid), "Internal", "memory limit exceeded: 1 MiB")
end

-- Functions too; only not across kinds.
local function check_functions()
    assert(funcs.call("app:fn", "counts", 20) == "counted")
    local _, err = funcs.call("app:fn", "to_process")
    assert(err:message() ==
        "upgrade: not of kind function.lua: app:new (process.lua)", err)
end

-- Often, with a mailbox that is full of mail all the time.
local function check_often()
    local pid = assert(process.spawn_monitored("app:loop", host, 10000))
    local sent = 0

    for i = 1, 1000 do
        local ok, err = process.send(pid, i % 3 == 0 and "topic" .. i % 10 or
            "other", i)
        if ok then
            sent = sent + 1
        else
            assert(err:kind() == "NotFound", err)
        end
    end
    local result = exit_of(pid)
    assert(result.error == nil, result.error)
    -- Some were taken by the tasks that listened to their topics.
    assert(result.value <= sent and result.value >= sent * 2 // 3,
        result.value)
end

local function main()
    check_everything()
    check_nested()
    check_failures()
    check_mail()
    check_events()
    check_cancel()
    check_links()
    check_functions()
    check_often()
end

return { main = main }
