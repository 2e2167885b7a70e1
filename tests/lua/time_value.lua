-- Time objects: reckoning and fields (semantics Z6).

local time = require("time")

local function at(...)
    return time.date(...)
end

local function utc(y, mo, d, h, mi, s, ns)
    return time.date(y, mo, d, h or 0, mi or 0, s or 0, ns or 0, time.utc)
end

local function test_unix()
    local t = utc(2009, 2, 13, 23, 31, 30, 123456789)

    assert(t:unix() == 1234567890)
    assert(t:unix_nano() == 1234567890123456789)
    assert(time.unix(1234567890, 123456789) == t)
    assert(time.unix(1234567891, 123456789 - 1000000000) == t)
    assert(time.unix(0, 1234567890123456789) == t)
    assert(time.unix(0):unix() == 0 and not time.unix(0):is_zero())
    assert(time.unix(-1, 0):utc():year() == 1969)
    assert(math.type(t:unix()) == "integer")
end

local function test_fields()
    local t = utc(2024, 12, 31, 23, 58, 59, 7)

    assert(t:year() == 2024 and t:month() == 12 and t:day() == 31)
    assert(t:hour() == 23 and t:minute() == 58 and t:second() == 59)
    assert(t:nanosecond() == 7)
    assert(t:weekday() == time.TUESDAY and t:year_day() == 366)
    assert(table.concat({ t:date() }, "-") == "2024-12-31")
    assert(table.concat({ t:clock() }, ":") == "23:58:59")
    assert(utc(1970, 1, 1):weekday() == time.THURSDAY)
    assert(utc(1969, 12, 31):weekday() == time.WEDNESDAY)
    assert(utc(1900, 3, 1):year_day() == 60)
    assert(utc(2000, 3, 1):year_day() == 61)
end

local function test_dates_are_normalised()
    for _, pair in ipairs({
        { utc(2023, 14, 1), utc(2024, 2, 1) },
        { utc(2023, 0, 1), utc(2022, 12, 1) },
        { utc(2023, -11, 1), utc(2022, 1, 1) },
        { utc(2023, 10, 32), utc(2023, 11, 1) },
        { utc(2024, 3, 0), utc(2024, 2, 29) },
        { utc(2023, 3, 0), utc(2023, 2, 28) },
        { utc(2023, 1, 1, 0, 0, -1), utc(2022, 12, 31, 23, 59, 59) },
        { utc(2023, 1, 1, 25, 61, 61), utc(2023, 1, 2, 2, 2, 1) },
        { utc(2023, 1, 1, 0, 0, 0, -1), utc(2022, 12, 31, 23, 59, 59, 999999999) },
    }) do
        assert(pair[1] == pair[2], tostring(pair[1]))
    end
end

-- Every day of eight centuries follows the one before.
local function test_days_follow_each_other()
    local lengths = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
    local y, m, d, weekday = 1599, 12, 31, time.FRIDAY
    local start = utc(y, m, d):unix()

    for day = 0, 365 * 800, 1 do
        local leap = m == 2 and y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0)
        if day % 7 == 0 or d > 27 or d == 1 then
            local t = time.unix(start + day * 86400):utc()
            local ty, tm, td = t:date()
            assert(ty == y and tm == m and td == d, tostring(t))
            assert(t:weekday() == weekday and utc(y, m, d) == t)
        end
        weekday = (weekday + 1) % 7
        d = d + 1
        if d > lengths[m] + (leap and 1 or 0) then
            d, m = 1, m + 1
        end
        if m > 12 then
            m, y = 1, y + 1
        end
    end
end

local function test_add_and_sub()
    local a = utc(2023, 12, 31, 23, 59, 59, 900000000)
    local b = a:add("200ms")

    assert(b == utc(2024, 1, 1, 0, 0, 0, 100000000))
    assert(b:sub(a):milliseconds() == 200)
    assert(a:sub(b):milliseconds() == -200)
    assert(b:add(-200 * time.MILLISECOND) == a)
    assert(a:add(b:sub(a)) == b)
    assert(utc(9000, 1, 1):sub(utc(1, 1, 1)):nanoseconds() == math.maxinteger)
    assert(utc(1, 1, 1):sub(utc(9000, 1, 1)):nanoseconds() == math.mininteger)
    local t, err = a:add("x")
    assert(t == nil and err:message() == 'time: invalid duration "x"')
    assert(not pcall(a.sub, a, 5))
end

local function test_add_date()
    local t = utc(2024, 1, 31, 10, 20, 30, 40)

    assert(t:add_date(0, 1, 0) == utc(2024, 3, 2, 10, 20, 30, 40))
    assert(t:add_date(1, 0, 0) == utc(2025, 1, 31, 10, 20, 30, 40))
    assert(t:add_date(0, 0, -31) == utc(2023, 12, 31, 10, 20, 30, 40))
    assert(t:add_date(-1, -1, -1) == utc(2022, 12, 30, 10, 20, 30, 40))
end

local function test_comparison()
    local a, b = utc(2023, 1, 1), utc(2023, 1, 1, 0, 0, 0, 1)

    assert(a:before(b) and not b:before(a) and not a:before(a))
    assert(b:after(a) and not a:after(b))
    local later = utc(2024, 1, 1)
    assert(a:before(later) and later:after(a) and not later:before(a))
    assert(a < later and later > b and a ~= later)
    assert(a:equal(a) and not a:equal(b))
    assert(a < b and a <= b and b > a and a ~= b and a <= a)
    assert(a:equal(a:in_location(time.fixed_zone("X", 3600))))
    assert(a == a:in_local() and a ~= 5)
    assert(a ~= time.parse_duration(1) and time.utc ~= a)
    assert(not pcall(a.before, a, 5))
    for _, compare in ipairs({
        function() return a < 5 end,
        function() return a <= {} end,
        function() return "x" > a end,
        function() return a < time.parse_duration(1) end,
    }) do
        local ok, err = pcall(compare)
        assert(not ok and tostring(err):find("attempt to compare .*time"), tostring(err))
    end
    assert(type(a) == "userdata" and getmetatable(a) == false)
end

local function test_zero()
    local zero = utc(1, 1, 1)

    assert(zero:is_zero() and not zero:add(1):is_zero())
    assert(not time.now():is_zero())
    assert(zero:year() == 1 and zero:unix() == -62135596800)
end

local function test_round_and_truncate()
    local t = utc(2012, 12, 7, 12, 15, 30, 918273645)

    for d, clock in pairs({
        ["1us"] = 918274000,
        ["1ms"] = 918000000,
    }) do
        assert(t:round(d):nanosecond() == clock)
    end
    assert(t:truncate("1us"):nanosecond() == 918273000)
    assert(t:round("1s") == utc(2012, 12, 7, 12, 15, 31))
    assert(t:truncate("1s") == utc(2012, 12, 7, 12, 15, 30))
    assert(t:round("1m") == utc(2012, 12, 7, 12, 16, 0))
    assert(t:truncate("1h") == utc(2012, 12, 7, 12))
    assert(t:round("1h") == utc(2012, 12, 7, 12))
    assert(t:truncate("24h") == utc(2012, 12, 7))
    assert(t:round(0) == t and t:truncate("-1s") == t)
    assert(utc(-5, 1, 1, 0, 0, 0, 1):truncate("1s") == utc(-5, 1, 1))
    assert(select("#", t:round("x")) == 2)
end

local function test_now_goes_forward()
    local last = time.now()

    for _ = 1, 100 do
        local now = time.now()
        assert(not now:before(last) and now:sub(last):nanoseconds() >= 0)
        last = now
    end
    assert(last:add("1s"):sub(last):milliseconds() == 1000)
end

local function test_far_away()
    assert(utc(123456789, 1, 1):year() == 123456789)
    assert(utc(-123456789, 12, 31):year() == -123456789)
    assert(not pcall(utc, math.maxinteger, 1, 1))
    assert(not pcall(utc, 1, math.mininteger, 1))
    assert(not pcall(time.unix, math.maxinteger, 0))
    assert(not pcall(time.unix, math.mininteger, math.mininteger))
    assert(not pcall(at, 2023, {}))
end

local function main()
    test_unix()
    test_fields()
    test_dates_are_normalised()
    test_days_follow_each_other()
    test_add_and_sub()
    test_add_date()
    test_comparison()
    test_zero()
    test_round_and_truncate()
    test_now_goes_forward()
    test_far_away()
    return "ok"
end

return { main = main }
