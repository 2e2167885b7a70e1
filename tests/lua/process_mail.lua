-- Sending and receiving: order, routing, what a message holds, what may travel
-- (semantics D1 to D6, M1 to M10, P12 to P14).

local host = process.pid():match("^{(.-)|")
local me = process.pid()

local function spawn(...)
    return assert(process.spawn(process.id(), host, ...))
end

-- As many as fit in one go and more, from two that race (semantics M1).
local function test_order()
    local last = { a = 0, b = 0 }

    spawn("stream", me, "a", 2000)
    spawn("stream", me, "b", 2000)
    for _ = 1, 4000 do
        local message = process.inbox():receive()
        local topic, n = message:topic(), message:payload():data()
        assert(n == last[topic] + 1)
        last[topic] = n
    end
end

local function test_self()
    local ch = process.listen("self")

    for i = 1, 3 do
        assert(process.send(me, "self", i) == true)
    end
    for i = 1, 3 do
        assert(ch:receive() == i)
    end
    assert(process.send(me, ""))
    local message = process.inbox():receive()
    assert(message:topic() == "" and message:payload() == nil)
    assert(message:from() == me)
    assert(process.unlisten(ch))
end

-- A task that waits is woken by what another task sends to its own process.
local function test_tasks()
    local got
    local ch = process.listen("task")

    coroutine.spawn(function()
        got = ch:receive()
        process.send(me, "done")
    end)
    coroutine.yield()
    assert(process.send(me, "task", "hello"))
    assert(process.inbox():receive():topic() == "done")
    assert(got == "hello")
    assert(process.unlisten(ch))
end

-- (semantics M2, M3, P14)
local function test_routing()
    for i = 1, 3 do
        assert(process.send(me, "early", i))
        assert(process.send(me, "other", i))
    end
    local ch = process.listen("early")
    assert(ch == process.listen("early"))
    assert(ch:receive() == 1)
    assert(process.inbox():receive():payload():data() == 1)
    assert(process.unlisten(ch) == true)
    -- One was in its buffer; the rest goes where it belongs now.
    local value, ok = ch:receive()
    assert(value == 2 and ok)
    value, ok = ch:receive()
    assert(value == nil and ok == false)
    for _, want in ipairs({ "other", "early", "other" }) do
        assert(process.inbox():receive():topic() == want)
    end
    local done, err = process.unlisten(ch)
    assert(done == false and err:kind() == "NotFound")
    assert(err:message() == "channel not found")
    -- Nothing is left.
    local r = channel.select({ process.inbox():case_receive() }, true)
    assert(r.default)
end

-- (semantics M5 to M8)
local function test_contents()
    local ch = process.listen("raw")

    process.send(me, "raw")
    process.send(me, "raw", 5)
    process.send(me, "raw", 5, nil, "x")
    local value, ok = ch:receive()
    assert(value == nil and ok == true)
    assert(ch:receive() == 5)
    value = ch:receive()
    assert(value[1] == 5 and value[2] == nil and value[3] == "x")
    process.unlisten(ch)

    local sent = { 1, { two = 2 }, [10] = "ten", [true] = false }
    process.send(me, "one", sent)
    sent[2].two = "changed later"
    local message = process.inbox():receive()
    local payload = message:payload()
    assert(payload == message:payload())
    value = payload:data()
    assert(value == payload:data() and value ~= sent)
    assert(message:payload():data() == value)
    assert(value[2].two == 2 and value[10] == "ten" and value[true] == false)
    assert(tostring(message) == "process.Message{topic=one}")
    assert(tostring(payload) == "payload{format=lua/any}")
    assert(payload:get_format() == "lua/any")

    -- As the value it holds, undecoded too.
    process.send(me, "again", payload, { payload })
    message = process.inbox():receive()
    local all = message:payload()
    assert(all == message:payload())
    assert(#all == 2 and all[1]:data()[2].two == 2)
    process.send(me, "again", all[2])
    assert(process.inbox():receive():payload():data()[1][2].two == 2)

    local e = errors.new({ message = "m", kind = "Conflict", details = { 1 } })
    process.send(me, "error", { e })
    local got = process.inbox():receive():payload():data()[1]
    assert(got ~= e and got:message() == "m" and got:kind() == "Conflict")
    assert(got:details()[1] == 1 and got:stack() == e:stack())

    -- Empty stays empty, and large stays whole.
    process.send(me, "large", {}, ("x"):rep(100000))
    all = process.inbox():receive():payload()
    assert(next(all[1]:data()) == nil and #all[2]:data() == 100000)
end

local function test_refusals()
    local function refused(kind, text, ...)
        local ok, err = process.send(...)
        assert(ok == nil and err:kind() == kind, err)
        assert(err:message() == text, err:message())
        assert(err:retryable() == nil)
    end
    local cycle = {}
    cycle.x = { cycle }
    local deep = {}
    for _ = 2, 64 do
        deep = { deep }
    end

    assert(process.send(me, "deep", deep))
    assert(process.inbox():receive():payload():data()[1])
    local few = "send requires at least destination and topic arguments"
    refused("Invalid", few, me)
    refused("Invalid", "cannot send to @ topics", "nobody", "@x")
    refused("NotFound",
        "could not resolve 'nobody' as PID or registered name", "nobody", "x")
    refused("Invalid", "cannot send a function (at args[1].callback)", me,
        "x", { callback = print })
    refused("Invalid", 'cannot send a function (at args[2]["a b"][3])', me,
        "x", 1, { ["a b"] = { 1, 2, print } })
    refused("Invalid", "cannot send a thread (at args[1])", me, "x",
        coroutine.create(print))
    refused("Invalid", "cannot send a channel (at args[1])", me, "x",
        process.inbox())
    refused("Invalid", "cannot send a cycle (at args[1].x[1])", me, "x", cycle)
    refused("Invalid", "cannot send a table as key (at args[1])", me, "x",
        { [{}] = 1 })
    local ok, err = process.send(me, "x", { deep })
    assert(ok == nil)
    assert(err:message():find("a value nested deeper than 64 levels", 1, true))
    ok, err = process.send(me, "x", ("x"):rep(17 * 1024 * 1024))
    assert(ok == nil and err:kind() == "Invalid")
    assert(err:message():match("^message too large: %d+ bytes %(limit %d+%)$"))
    -- Nothing was sent with any of them.
    local r = channel.select({ process.inbox():case_receive() }, true)
    assert(r.default)
end

-- (semantics D4)
local function test_the_dead()
    local child = assert(process.spawn_monitored(process.id(), host, "end"))

    process.events():receive()
    local ok, err = process.send(child, "x")
    assert(ok == nil and err:kind() == "NotFound")
    assert(err:message() == "process not found: " .. child)
    ok, err = process.send("{no:host|0x1}", "x")
    assert(ok == nil and err:message() == "host not found: no:host", err)
    assert(err:kind() == "NotFound")
    -- Another node's, of which there are none.
    for _, call in ipairs({ "send", "cancel", "terminate" }) do
        ok, err = process[call]("{far@no:host|0x1}", "1s")
        assert(ok == nil and err:kind() == "NotFound", call)
        assert(err:message() == "node not found: far", err:message())
    end
end

local function stream(to, topic, count)
    for i = 1, count do
        assert(process.send(to, topic, i))
    end
end

local function main(role, ...)
    if role == "stream" then
        return stream(...)
    elseif role then
        return
    end
    test_order()
    test_self()
    test_tasks()
    test_routing()
    test_contents()
    test_refusals()
    test_the_dead()
end

return { main = main }
