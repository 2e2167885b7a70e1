-- Durations and constants (semantics Z1, Z2, Z5, Z7).

local time = require("time")

local function duration(x)
    return assert(time.parse_duration(x))
end

local function test_fields()
    local d = duration("1h30m0.5s")

    assert(d:nanoseconds() == 5400500000000)
    assert(d:microseconds() == 5400500000)
    assert(d:milliseconds() == 5400500)
    assert(math.type(d:milliseconds()) == "integer")
    assert(d:seconds() == 5400.5)
    assert(d:minutes() == 5400.5 / 60)
    assert(d:hours() == 5400.5 / 3600)
    assert(math.type(duration("1h"):hours()) == "float")
    assert(duration("-1999us"):milliseconds() == -1)
    assert(duration("1.1s"):seconds() == 1.1)
end

local function test_text()
    for from, to in pairs({
        ["1.5h"] = "1h30m0s",
        ["100ms"] = "100ms",
        [".5s"] = "500ms",
        ["90s"] = "1m30s",
        ["-1.5s"] = "-1.5s",
        ["0"] = "0s",
        ["1us"] = "1µs",
        ["1µs"] = "1µs",
    }) do
        assert(tostring(duration(from)) == to, tostring(duration(from)))
    end
    assert(tostring(duration(1500)) == "1.5µs")
    assert(tostring(duration(2.9)) == "2ns")
    assert(tostring(duration(-2.9)) == "-2ns")
    assert(duration(duration("3s")) == duration("3s"))
end

local function test_bounds()
    assert(duration(math.maxinteger):nanoseconds() == math.maxinteger)
    assert(duration(math.mininteger):nanoseconds() == math.mininteger)
    assert(duration(math.huge):nanoseconds() == math.maxinteger)
    assert(duration(-math.huge):nanoseconds() == math.mininteger)
    assert(duration(2.0 ^ 63):nanoseconds() == math.maxinteger)
    assert(duration(-2.0 ^ 63):nanoseconds() == math.mininteger)
end

local function test_errors()
    for text, bad in pairs({
        ['time: missing unit in duration "5"'] = "5",
        ['time: unknown unit "x" in duration "5x"'] = "5x",
        ['time: invalid duration ""'] = "",
        ['time: invalid duration "300000000000h"'] = "300000000000h",
        ["duration must be number or string"] = {},
    }) do
        local d, err = time.parse_duration(bad)
        assert(d == nil and err:message() == text, err:message())
        assert(err:kind() == "Invalid" and err:retryable() == false)
    end
    for _, f in ipairs({ time.parse_duration, time.sleep, time.after }) do
        local none, err = f(0 / 0)
        assert(none == nil)
        assert(err:message() == "duration must be number or string")
    end
end

local function test_comparison()
    local a, b = duration("1s"), duration("2s")

    assert(a < b and a <= b and not (a > b) and a ~= b)
    assert(a == duration("1000ms") and a <= duration("1s"))
    assert(a ~= 1000000000 and a ~= time.now())
    local ok, err = pcall(function()
        return a < 5
    end)
    assert(not ok and tostring(err):find("attempt to compare duration with number"))
    assert(type(a) == "userdata" and getmetatable(a) == false)
end

local function test_constants()
    assert(time.NANOSECOND == 1 and time.MICROSECOND == 1000)
    assert(time.MILLISECOND == 1000000 and time.SECOND == 1000000000)
    assert(time.MINUTE == 60 * time.SECOND and time.HOUR == 60 * time.MINUTE)
    for i, name in ipairs({
        "JANUARY",
        "FEBRUARY",
        "MARCH",
        "APRIL",
        "MAY",
        "JUNE",
        "JULY",
        "AUGUST",
        "SEPTEMBER",
        "OCTOBER",
        "NOVEMBER",
        "DECEMBER",
    }) do
        assert(time[name] == i)
    end
    for i, name in ipairs({
        "SUNDAY",
        "MONDAY",
        "TUESDAY",
        "WEDNESDAY",
        "THURSDAY",
        "FRIDAY",
        "SATURDAY",
    }) do
        assert(time[name] == i - 1)
    end
end

local function test_module_is_read_only()
    assert(not pcall(function()
        time.sleep = print
    end))
    assert(not pcall(function()
        time.new = 1
    end))
    assert(not pcall(function()
        channel.new = 1
    end))
end

local function main()
    test_fields()
    test_text()
    test_bounds()
    test_errors()
    test_comparison()
    test_constants()
    test_module_is_read_only()
    return "ok"
end

return { main = main }
