-- Cancelling and terminating (semantics C1 to C11).

local time = require("time")

local host = process.pid():match("^{(.-)|")
local me = process.pid()

local function spawn(...)
    return assert(process.spawn_monitored(process.id(), host, ...))
end

local function exit_of(pid)
    local r = channel.select({
        process.events():case_receive(),
        time.after("10s"):case_receive(),
    })
    assert(r.channel == process.events(), "still alive")
    assert(r.value.kind == process.event.EXIT and r.value.from == pid)
    return r.value.result
end

local function forced(pid)
    local err = exit_of(pid).error
    assert(err and err:message() == "process terminated", err)
    assert(err:kind() == "Canceled" and err:retryable() == nil)
end

-- (semantics C5, C8, X9)
local function test_gentle()
    local pid = spawn("obey")

    assert(process.cancel(pid) == true)
    local event = exit_of(pid).value
    assert(event.kind == "pid.cancel" and event.from == me)
    assert(event.reason == "" and event.deadline == nil)
    assert(math.type(event.at) == "float" and event.result == nil)

    pid = spawn("obey")
    assert(process.cancel(pid, "5s", "enough"))
    event = exit_of(pid).value
    assert(event.reason == "enough")
    assert(event.deadline - event.at > 4 and event.deadline - event.at < 6)

    pid = spawn("obey")
    assert(process.cancel(pid, "because"))
    event = exit_of(pid).value
    assert(event.reason == "because" and event.deadline == nil)
end

-- Whatever it does (semantics C6, C7, C10, C11).
local function test_force()
    for _, role in ipairs({ "wait", "spin", "pcall", "gsub", "sort" }) do
        local pid = spawn(role)
        assert(process.cancel(pid, 20))
        forced(pid)
        pid = spawn(role)
        assert(process.terminate(pid) == true)
        forced(pid)
    end
    local pid = spawn("wait")
    assert(process.cancel(pid, 0))
    forced(pid)
    local returned = process.listen("terminate has returned")
    pid = spawn("itself", me)
    forced(pid)
    -- It did not return.
    assert(channel.select({ returned:case_receive() }, true).default)
    process.unlisten(returned)
    -- Of several deadlines the earliest.
    pid = spawn("wait")
    local before = time.now()
    assert(process.cancel(pid, "1h") and process.cancel(pid, "30ms"))
    assert(process.cancel(pid, "2h"))
    forced(pid)
    assert(time.now():sub(before):milliseconds() >= 30)
end

-- (semantics C9)
local function test_one_at_a_time()
    local pid = spawn("twice")

    assert(process.cancel(pid, "first"))
    assert(process.cancel(pid, "1h", "second"))
    process.send(pid, "go")
    assert(process.inbox():receive():payload():data() == "first")
    assert(process.cancel(pid, "third"))
    assert(exit_of(pid).value == "third")
end

local function test_refusals()
    local function refused(text, ...)
        local ok, err = process.cancel(...)
        assert(ok == nil and err:kind() == "Invalid", err)
        assert(err:message() == text, err)
    end
    local text =
        "deadline must be either a duration string or milliseconds number"

    refused("cancel requires at least destination argument")
    for _, x in ipairs({ -1, 0 / 0, 1 / 0, "100 ms", "10", "-1s", ".x", "+1",
        "+", "-", "--force", 1e13 }) do
        refused(text, me, x)
    end
    local long = ("r"):rep((16 << 20) + 1)
    for _, args in ipairs({ { long }, { "1s", long } }) do
        local ok, err = process.cancel(me, table.unpack(args))
        assert(ok == nil and err:kind() == "Invalid")
        assert(err:message() ==
            "reason too large: 16777217 bytes (limit 16777216)")
    end
    assert(not pcall(process.cancel, me, {}))
    assert(not pcall(process.cancel, me, "one", "two"))
    assert(not pcall(process.terminate))
    local pid = spawn("end")
    exit_of(pid)
    for _, f in ipairs({ process.cancel, process.terminate }) do
        local ok, err = f(pid)
        assert(ok == nil and err:kind() == "NotFound")
        assert(err:message() == "process not found: " .. pid)
    end
end

-- Its own CANCEL is an event like any other.
local function test_itself()
    assert(process.cancel(me, "mine"))
    local event = process.events():receive()
    assert(event.kind == "pid.cancel" and event.from == me)
    assert(event.reason == "mine")
end

local roles = {
    ["end"] = function() end,
    obey = function()
        return process.events():receive()
    end,
    wait = function()
        process.inbox():receive()
    end,
    wait_told = function(watcher)
        process.send(watcher, "waits")
        process.inbox():receive()
    end,
    spin = function()
        while true do
        end
    end,
    pcall = function()
        while true do
            pcall(function()
                while true do
                    pcall(error)
                end
            end)
        end
    end,
    gsub = function()
        while true do
            string.gsub(("x"):rep(1000), ".", function()
                return "y"
            end)
        end
    end,
    sort = function()
        while true do
            local t = {}
            for i = 1, 1000 do
                t[i] = -i
            end
            table.sort(t, function(a, b)
                return a < b
            end)
        end
    end,
    itself = function(to)
        pcall(process.terminate, process.pid())
        process.send(to, "terminate has returned")
    end,
    ends_and_fails = function(victim)
        assert(process.link(victim))
        assert(process.terminate(victim))
        error("and fails")
    end,
    twice = function(...)
        local message = process.inbox():receive()
        local first = process.events():receive()
        process.send(message:from(), "was", first.reason)
        return process.events():receive().reason
    end,
}

-- What each form of the second and third argument says, as the event tells it:
-- seconds until the deadline, and the reason (semantics C2, C3, X9).
local function test_forms()
    for _, case in ipairs({
        { { 60000 }, 60, "" },
        { { 60500.5 }, 60.5005, "" },
        { { "1m" }, 60, "" },
        { { "+1m30s", "r" }, 90, "r" },
        { { time.parse_duration("1h") }, 3600, "" },
        { { 60000, "r" }, 60, "r" },
        { { nil, "r" }, nil, "r" },
        { { "r" }, nil, "r" },
        { { errors.new("e") }, nil, "e" },
        { {}, nil, "" },
    }) do
        local given, seconds, reason = case[1], case[2], case[3]

        assert(process.cancel(me, given[1], given[2]))
        local event = process.events():receive()
        assert(event.from == me and event.reason == reason, event.reason)
        assert((event.deadline == nil) == (seconds == nil))
        assert(not seconds or math.type(event.deadline) == "float")
        assert(not seconds or
            math.abs(event.deadline - event.at - seconds) < 5)
    end
end

-- Of two causes that wait, the one that came first is told: it was terminated,
-- and then a link failed. Both come from one slice (semantics C10, X6).
local function test_first_cause()
    local waits = process.listen("waits")

    for _ = 1, 50 do
        local victim = spawn("wait_told", me)
        waits:receive()
        assert(process.spawn(process.id(), host, "ends_and_fails", victim))
        forced(victim)
    end
end

local function main(role, ...)
    if role then
        return roles[role](...)
    end
    test_gentle()
    test_force()
    test_one_at_a_time()
    test_refusals()
    test_itself()
    test_forms()
    test_first_cause()
end

return { main = main }
