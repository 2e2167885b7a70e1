-- time.sleep and time.after (semantics Z2, Z3).

local time = require("time")

local function invalid(text, value, err)
    assert(value == nil and err:kind() == errors.INVALID)
    assert(err:message() == text, err:message())
    assert(err:retryable() == false)
end

local function took(start, least)
    local ms = time.now():sub(start):milliseconds()

    assert(ms >= least, ms)
end

local function test_sleeps_long_enough()
    for _, d in ipairs({
        "3ms",
        3 * time.MILLISECOND,
        3e6 + 0.9,
        time.parse_duration("3ms"),
    }) do
        local start = time.now()
        assert(select("#", time.sleep(d)) == 0)
        took(start, 3)
    end
end

local function test_zero_and_less_return_at_once()
    local turns = 0

    coroutine.spawn(function()
        turns = turns + 1
    end)
    for _, d in ipairs({ 0, -1, "0", "-5s", "0s", 0.5, -math.huge }) do
        assert(select("#", time.sleep(d)) == 0)
    end
    assert(turns == 0)
end

local function test_bad_durations()
    local MIXED = "duration must be number or string"

    invalid(MIXED, time.sleep())
    invalid(MIXED, time.sleep(nil))
    invalid(MIXED, time.sleep({}))
    invalid(MIXED, time.sleep(true))
    invalid(MIXED, time.sleep(0 / 0))
    invalid('time: missing unit in duration "5"', time.sleep("5"))
    invalid('time: unknown unit "x" in duration "5x"', time.sleep("5x"))
    invalid('time: invalid duration "abc"', time.sleep("abc"))
    invalid('time: invalid duration ""', time.after(""))
    invalid("time.after: duration must be > 0", time.after(0))
    invalid("time.after: duration must be > 0", time.after("-1s"))
    invalid(MIXED, time.after(nil))
end

local function test_sleepers_wake_in_order()
    local start, log = time.now(), {}

    for i = 10, 1, -1 do
        coroutine.spawn(function()
            local due = start:add(i * 5 * time.MILLISECOND)
            time.sleep(due:sub(time.now()))
            log[#log + 1] = i
        end)
    end
    time.sleep("100ms")
    assert(table.concat(log, " ") == "1 2 3 4 5 6 7 8 9 10")
end

local function test_sleeps_anywhere()
    local start = time.now()
    local mt = {
        __index = function()
            time.sleep("1ms")
            return "index"
        end,
        __close = function()
            time.sleep("1ms")
        end,
        __eq = function()
            time.sleep("1ms")
            return true
        end,
    }
    local function object()
        return setmetatable({}, mt)
    end
    local gen = coroutine.wrap(function()
        for i = 1, 3 do
            time.sleep("1ms")
            coroutine.yield(i)
        end
    end)

    assert(pcall(time.sleep, "1ms"))
    assert(object().x == "index")
    assert(object() == object())
    do
        local _ <close> = object()
    end
    local sum = 0
    for i in gen do
        sum = sum + i
        if i == 3 then
            break
        end
    end
    assert(sum == 6)
    took(start, 7)

    local ok, err = pcall(string.gsub, "x", "x", function()
        time.sleep("1ms")
    end)
    assert(not ok and tostring(err):find("cannot wait inside", 1, true))
end

local function test_after_gives_one_time()
    local start = time.now()
    local ch = time.after("5ms")
    local at, ok = ch:receive()

    assert(ok == true and not at:before(start:add("5ms")))
    assert(not time.now():before(at))
    at, ok = ch:receive()
    assert(at == nil and ok == false)
end

local function test_after_is_kept()
    local ch = time.after("2ms")

    time.sleep("10ms")
    local got = channel.select({ ch:case_receive() }, true)
    assert(got.channel == ch and got.ok and got.value:unix() > 0)
    assert(channel.select({ ch:case_receive() }, true).ok == false)
end

local function test_after_as_timeout()
    local never = channel.new()
    local ch = time.after("2ms")
    local got = channel.select({ never:case_receive(), ch:case_receive() })

    assert(got.channel == ch and got.ok)
    -- A channel that nobody holds any more does no harm.
    for _ = 1, 1000 do
        assert(time.after("1ms"))
    end
    time.sleep("3ms")
end

local function test_after_for_many()
    local ch = time.after("2ms")
    local times, ends = 0, 0

    for _ = 1, 5 do
        coroutine.spawn(function()
            local at, ok = ch:receive()
            if ok then
                times = times + 1
            else
                assert(at == nil)
                ends = ends + 1
            end
        end)
    end
    time.sleep("10ms")
    assert(times == 1 and ends == 4)
end

local function main()
    test_sleeps_long_enough()
    test_zero_and_less_return_at_once()
    test_bad_durations()
    test_sleepers_wake_in_order()
    test_sleeps_anywhere()
    test_after_gives_one_time()
    test_after_is_kept()
    test_after_as_timeout()
    test_after_for_many()
    return "ok"
end

return { main = main }
