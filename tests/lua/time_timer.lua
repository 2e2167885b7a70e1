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

-- Due, but not fired: between the two there is only this program.
local function burn(ms)
    local start = time.now()

    while time.now():sub(start):milliseconds() < ms do
    end
end

-- Whoever stops or resets it before it has said so is in time.
local function test_due_timer_is_stopped_or_reset()
    local timer = time.timer("1ms")
    local stopped, seen = nil, 0

    table.sort({ 1, 2, 3 }, function(a, b)
        -- In here the process cannot be preempted, and so nothing fires.
        if stopped == nil then
            burn(5)
            stopped = timer:stop()
        end
        return a < b
    end)
    assert(stopped == true and is_closed(timer:channel()))

    local start = time.now()
    timer = time.timer("1ms")
    local ch = timer:channel()
    table.sort({ 1, 2 }, function(a, b)
        burn(5)
        stopped = timer:reset("20ms")
        return a < b
    end)
    assert(stopped == true and timer:channel() == ch)
    assert(ch:receive():sub(start):milliseconds() >= 20)
    for _ in function() return ch:receive() end do
        seen = seen + 1
    end
    assert(seen == 0)
end

-- Many tasks stop and reset the same timers while they fire: each channel gives
-- one Time at most, and none after its stop.
local function test_races_within_a_process()
    local done = channel.new(8)

    for task = 1, 8 do
        coroutine.spawn(function()
            for i = 1, 60 do
                local timer = time.timer((i % 3 + 1) * 100000)
                if i % 2 == task % 2 then
                    time.sleep(i % 4 * 100000)
                end
                local ch = timer:channel()
                if i % 5 == 0 then
                    timer:reset("100us")
                    assert(timer:channel():receive())
                elseif timer:stop() then
                    assert(ch:receive() == nil)
                else
                    assert(ch:receive() ~= nil and ch:receive() == nil)
                end
                assert(timer:stop() == false)
            end
            done:send(true)
        end)
    end
    for _ = 1, 8 do
        done:receive()
    end
end

-- Its channel is one like any other: full, closed and used by the program.
local function test_channel_of_a_timer()
    local timer = time.timer("2ms")
    local ch = timer:channel()

    assert(ch:send("mine"))
    time.sleep("4ms")
    assert(ch:receive() == "mine" and is_closed(ch))
    assert(timer:stop() == false)

    timer = time.timer("2ms")
    timer:channel():close()
    assert(is_closed(timer:channel()))
    time.sleep("4ms")
    assert(timer:stop() == false and timer:reset("1ms") == false)
    assert(timer:channel():receive():unix() > 0)

    ch = time.after("2ms")
    ch:close()
    time.sleep("4ms")
    assert(is_closed(ch))

    -- A send that waits for room is closed with it.
    timer = time.timer("1h")
    assert(timer:channel():send(1))
    local sent, err = "waits", nil
    coroutine.spawn(function()
        sent, err = timer:channel():send(2)
    end)
    time.sleep("1ms")
    assert(timer:stop() == true)
    time.sleep("1ms")
    assert(sent == nil and err:message() == "send on closed channel")
    assert(timer:channel():receive() == 1 and is_closed(timer:channel()))
end

-- Twenty in one select: each gives its one Time, and never before it is due.
local function test_select_over_twenty()
    local start = time.now()
    local due, open = {}, 20

    for i = 1, 20 do
        due[time.after((21 - i) * 200000)] = (21 - i) * 200
    end
    while open > 0 do
        local cases = {}
        for ch in pairs(due) do
            cases[#cases + 1] = ch:case_receive()
        end
        local got = channel.select(cases)
        assert(got.ok and got.value:sub(start):microseconds() >= due[got.channel])
        assert(is_closed(got.channel))
        due[got.channel] = nil
        open = open - 1
    end
    assert(next(due) == nil)
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
    invalid("time.after: duration must be > 0", time.after(0))
    invalid("time.after: duration must be > 0", time.after(-0.5))
    invalid("time.timer: duration must be > 0", time.timer(0.9))
    invalid("time.ticker: duration must be > 0", time.ticker(time.parse_duration("-1h")))
    invalid("time.after: duration must be > 0", time.after(-math.huge))
    invalid("duration must be number or string", time.after(0 / 0))
    -- Longer than there is time: they wait, and can be stopped.
    for _, long in ipairs({ math.maxinteger, math.huge, "2562047h47m16.854775807s" }) do
        local timer, ticker = time.timer(long), time.ticker(long)
        assert(is_open(timer:channel()) and is_open(ticker:channel()))
        assert(timer:reset(long) == true and timer:stop() == true and ticker:stop() == true)
    end
    assert(select("#", time.sleep(0)) == 0 and select("#", time.sleep(-1)) == 0)
    invalid("duration must be number or string", time.sleep({}))
    invalid("duration must be number or string", time.sleep())
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
    test_due_timer_is_stopped_or_reset()
    test_races_within_a_process()
    test_channel_of_a_timer()
    test_select_over_twenty()
    test_ticker_ticks()
    test_ticker_keeps_sixteen()
    test_ticker_ends_with_its_channel()
    test_bad_durations()
    test_objects_are_closed()
    return "ok"
end

return { main = main }
