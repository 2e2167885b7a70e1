-- Futures: states, channels, cancelling (semantics B3, H2, H4, H5, H12, M6).

local funcs = require("funcs")
local time = require("time")

local function pending(future)
    assert(not future:is_complete() and not future:is_canceled())
    local value, err = future:result()
    assert(value == nil and err == nil)
    local why, failed = future:error()
    assert(why == nil and failed == false)
end

local function done(future, value)
    assert(future:is_complete() and not future:is_canceled())
    local payload, err = future:result()
    assert(err == nil and tostring(payload) == "payload{format=lua/any}")
    if type(value) ~= "table" then
        assert(payload:data() == value)
    end
    assert(payload == future:result(), "another payload on each call")
    assert(payload:data() == payload:data())
    local why, failed = future:error()
    assert(why == nil and failed == false)
    return payload
end

local function failed(future, kind, text)
    assert(future:is_complete())
    local payload, err = future:result()
    assert(payload == nil and err:kind() == kind and err:message() == text,
        err)
    local why, is_failure = future:error()
    assert(why == err and is_failure == true)
    return err
end

local function async(...)
    return assert(funcs.async("app:fn", ...))
end

local function check_states()
    local future = async("echo", { 1, nil, { x = "y" } })
    pending(future)
    local value, ok = future:channel():receive()
    assert(ok and value:data()[3].x == "y")
    assert(value == done(future, {}))
    value, ok = future:channel():receive()
    assert(value == nil and ok == false)

    for _, sent in ipairs({ 1, "s", true, 2.5 }) do
        future = async("echo", sent)
        future:channel():receive()
        done(future, sent)
    end
    future = async("nothing")
    value, ok = future:response():receive()
    assert(ok and value:data() == nil)
    done(future, nil)

    future = async("raises", "text")
    pending(future)
    value, ok = future:channel():receive()
    assert(ok and value == failed(future, "Internal", "text"))
    value, ok = future:channel():receive()
    assert(value == nil and ok == false)
    assert(not future:is_canceled())
    assert(getmetatable(future) == false)
    assert(future.nosuch == nil)
end

-- One channel, whenever it is asked for.
local function check_channel()
    local future = async("echo", 1)
    local ch = future:channel()
    assert(ch == future:response() and ch == future:channel())

    local late = async("echo", "late")
    while not late:is_complete() do
        time.sleep("1ms")
    end
    ch = late:channel()
    local result = channel.select({ ch:case_receive(), default = true })
    assert(result.ok and result.value:data() == "late")
    result = channel.select({ ch:case_receive(), default = true })
    assert(result.channel == ch and not result.ok and result.value == nil)

    -- Several receivers: one gets it, the others see it closed.
    future = async("sleeps", "10ms", "once")
    local got, closed, over = 0, 0, channel.new()
    for _ = 1, 5 do
        coroutine.spawn(function()
            local value, ok = future:channel():receive()
            if ok then
                assert(value:data() == "once")
                got = got + 1
            else
                assert(value == nil)
                closed = closed + 1
            end
            over:send(true)
        end)
    end
    for _ = 1, 5 do
        over:receive()
    end
    assert(got == 1 and closed == 4)

    -- What a program does to the channel is its own affair.
    future = async("sleeps", "10ms", "kept")
    future:channel():close()
    while not future:is_complete() do
        time.sleep("1ms")
    end
    done(future, "kept")
end

local function is_gone(pid)
    local ok, err = process.monitor(pid)

    if ok then
        local event = process.events():receive()
        assert(event.from == pid)
        err = event.result.error
        assert(err:kind() == "Canceled", err)
        return err:message() == "process terminated"
    end
    return err:message() == "pid not registered: " .. pid
end

local function check_cancel()
    local hangs = process.listen("hangs")
    local future = async("hangs", process.pid())
    local pid = hangs:receive()

    assert(future:cancel() == true)
    failed(future, "Canceled", "canceled")
    assert(future:is_canceled())
    assert(is_gone(pid))
    local err = failed(future, "Canceled", "canceled")
    -- Twice, and after it has been received.
    assert(future:cancel() == false and future:cancel() == false)
    local value, ok = future:channel():receive()
    assert(ok and value == err)
    value, ok = future:channel():receive()
    assert(value == nil and not ok)
    assert(future:cancel() == false)

    -- While somebody waits on its channel.
    future = async("hangs", process.pid())
    pid = hangs:receive()
    coroutine.spawn(function()
        future:cancel()
    end)
    value, ok = future:channel():receive()
    assert(ok and value:kind() == "Canceled")
    assert(is_gone(pid))

    -- At once, before it has run; one that spins; and one that is done.
    future = async("echo", 1)
    assert(future:cancel() == true)
    failed(future, "Canceled", "canceled")
    future = async("spins")
    time.sleep("5ms")
    assert(future:cancel() == true)
    future = async("echo", "done")
    future:channel():receive()
    assert(future:cancel() == false and not future:is_canceled())
    done(future, "done")
    future = async("raises", "failed")
    future:channel():receive()
    assert(future:cancel() == false and not future:is_canceled())
    failed(future, "Internal", "failed")

    -- It has ended, but this process has not been told.
    future = async("nothing")
    local until_ns = time.now():add("20ms")
    while time.now():before(until_ns) do
    end
    if future:cancel() then
        failed(future, "Canceled", "canceled")
        time.sleep("5ms")
        failed(future, "Canceled", "canceled")
    end
    process.unlisten(hangs)
end

-- A select over many, in the order in which they end.
local function check_select()
    local channels, cases, number = {}, {}, {}

    for i = 1, 200 do
        local future = async(i % 7 == 0 and "raises" or "sleeps",
            i % 7 == 0 and "r" .. i or (200 - i) % 10 .. "ms", i)
        channels[i] = future:channel()
        cases[i] = channels[i]:case_receive()
        number[channels[i]] = i
    end
    while #cases > 0 do
        local result = channel.select(cases)
        local i = number[result.channel]

        assert(result.ok and i)
        if i % 7 == 0 then
            assert(result.value:message() == "r" .. i)
        else
            assert(result.value:data() == i)
        end
        number[result.channel] = nil
        for at, ch in ipairs(channels) do
            if ch == result.channel then
                table.remove(channels, at)
                table.remove(cases, at)
                break
            end
        end
    end
    assert(next(number) == nil)
end

local function check_refusals()
    local function refused(kind, text, future, err)
        assert(future == nil and err:kind() == kind, err)
        assert(err:message() == text, err)
    end

    refused("Invalid", "function ID required", funcs.async())
    refused("Invalid", "namespace required in function ID", funcs.async("x"))
    refused("NotFound", "no handler registered for target: app:none",
        funcs.async("app:none", print))
    refused("Invalid", "cannot send a function (at args[1])",
        funcs.async("app:fn", print))
    refused("Invalid", "cannot send a future (at args[2])",
        funcs.async("app:fn", 1, async("nothing")))
    refused("Unavailable", "host is not running: app:stopped",
        funcs.async("app:on_stopped"))
    -- It does not wait, so that it can be called anywhere.
    local t = { 3, 1, 2 }
    local futures = {}
    table.sort(t, function(a, b)
        futures[#futures + 1] = async("echo", a)
        return a < b
    end)
    for _, future in ipairs(futures) do
        future:channel():receive()
    end
end

-- Those that nobody holds any more do no harm.
local function check_forgotten()
    for i = 1, 300 do
        async("echo", i)
        async("raises", "forgotten")
        async("echo", i):channel()
    end
    async("hangs", process.pid())
    process.inbox():receive()
end

local function check_large()
    local big = { ("x"):rep(4 * 1024 * 1024), ("y"):rep(100) }
    local future = async("echo", big)
    local payload = future:channel():receive()

    -- Sent on without being decoded.
    assert(funcs.call("app:fn", "echo", payload)[2] == big[2])
    assert(payload:data()[1] == big[1])
end

local function main()
    check_states()
    check_channel()
    check_cancel()
    check_select()
    check_refusals()
    check_large()
    check_forgotten()
end

return { main = main }
