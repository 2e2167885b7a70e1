-- time.timer and time.ticker (semantics Z3, Z4).

local time = require("time")

local function invalid(text, value, err)
    assert(value == nil and err:kind() == errors.INVALID)
    assert(err:message() == text, err:message())
end

local function is_open(ch)
    return channel.select({ ch:case_receive() }, true).default == true
end

local function is_closed(ch)
    return channel.select({ ch:case_receive() }, true).ok == false
end

local function test_timer_fires()
    local start = time.now()
    local timer = time.timer("3ms")

    assert(timer:channel() == timer:response())
    local at, ok = timer:channel():receive()
    assert(ok and at:sub(start):milliseconds() >= 3)
    assert(is_closed(timer:channel()))
    assert(timer:stop() == false)
end

local function test_timer_stops()
    local timer = time.timer("1h")

    assert(is_open(timer:channel()))
    assert(timer:stop() == true)
    assert(is_closed(timer:channel()))
    assert(timer:stop() == false)
    assert(is_closed(timer:channel()))
end

local function test_stop_wakes_who_waits()
    local timer = time.timer("1h")
    local got

    coroutine.spawn(function()
        got = { timer:channel():receive() }
    end)
    time.sleep("1ms")
    timer:stop()
    time.sleep("1ms")
    assert(got[1] == nil and got[2] == false)
end

local function test_timer_resets()
    local start = time.now()
    local timer = time.timer("1h")
    local ch = timer:channel()

    assert(timer:reset("1m") == true)
    assert(timer:reset("3ms") == true)
    assert(timer:channel() == ch)
    assert(ch:receive():sub(start):milliseconds() >= 3)
end

local function test_timer_resets_to_later()
    local start = time.now()
    local timer = time.timer("1h")

    -- The first of them must not fire; who is late has another hour.
    assert(timer:reset("50ms") == true)
    assert(timer:reset("1h") == true)
    assert(timer:reset("100ms") == true)
    local at = timer:channel():receive()
    assert(at:sub(start):milliseconds() >= 100)
end

local function test_ended_timer_gets_a_new_channel()
    local timer = time.timer("1ms")
    local old = timer:channel()

    assert(old:receive())
    assert(timer:reset("1ms") == false)
    assert(timer:channel() ~= old and is_closed(old))
    assert(timer:channel():receive())

    assert(timer:reset("1h") == false)
    assert(timer:stop() == true)
    assert(timer:reset("1ms") == false)
    assert(timer:channel():receive())
end

local function test_reset_raises()
    local timer = time.timer("1h")

    for _, bad in ipairs({ 0, -1, "-3s", "abc", {}, "" }) do
        local ok, err = pcall(timer.reset, timer, bad)
        local text = "timer:reset: duration must be > 0"
        assert(not ok and tostring(err):find(text, 1, true), tostring(err))
    end
    assert(not pcall(timer.reset, timer))
    -- It goes on as it was.
    assert(timer:stop() == true)
end

local function test_ticker_ticks()
    local start = time.now()
    local ticker = time.ticker("2ms")
    local before = start

    assert(ticker:channel() == ticker:response())
    for i = 1, 5 do
        local at = ticker:channel():receive()
        assert(at:sub(start):milliseconds() >= 2 * i)
        assert(at:after(before))
        before = at
    end
    assert(ticker:stop() == true)
    assert(is_closed(ticker:channel()))
    assert(ticker:stop() == true)
end

local function test_ticker_keeps_sixteen()
    local ticker = time.ticker("1ms")
    local count = 0

    -- Slices, and so ticks: a sleep of 40 ms alone may be one.
    for _ = 1, 40 do
        time.sleep("1ms")
    end
    ticker:stop()
    while ticker:channel():receive() do
        count = count + 1
    end
    assert(count == 16, count)
end

local function test_ticker_ends_with_its_channel()
    local ticker = time.ticker("1ms")

    ticker:channel():receive()
    ticker:channel():close()
    time.sleep("5ms")
    assert(ticker:stop() == true)
end

local function test_bad_durations()
    invalid("time.timer: duration must be > 0", time.timer(0))
    invalid("time.ticker: duration must be > 0", time.ticker("-1s"))
    invalid("duration must be number or string", time.timer({}))
    invalid("duration must be number or string", time.ticker())
    invalid('time: invalid duration "x"', time.ticker("x"))
end

local function test_objects_are_closed()
    local timer, ticker = time.timer("1h"), time.ticker("1h")

    assert(type(timer) == "userdata" and type(ticker) == "userdata")
    assert(getmetatable(timer) == false and getmetatable(ticker) == false)
    assert(not pcall(timer.stop, ticker))
    assert(not pcall(ticker.stop, timer))
    timer:stop()
    ticker:stop()
end

local function main()
    test_timer_fires()
    test_timer_stops()
    test_stop_wakes_who_waits()
    test_timer_resets()
    test_timer_resets_to_later()
    test_ended_timer_gets_a_new_channel()
    test_reset_raises()
    test_ticker_ticks()
    test_ticker_keeps_sixteen()
    test_ticker_ends_with_its_channel()
    test_bad_durations()
    test_objects_are_closed()
    return "ok"
end

return { main = main }
