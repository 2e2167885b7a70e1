-- Times as text and back, by layouts as in Go's own tests
-- (semantics Z5, Z6).

local time = require("time")

local CET = time.fixed_zone("CET", 3600)
local T = time.date(2009, 2, 4, 21, 0, 57, 12345600, time.fixed_zone("PST", -8 * 3600))

local function equal(got, want)
    if got ~= want then
        error("got '" .. tostring(got) .. "', want '" .. want .. "'", 2)
    end
end

local function test_named_layouts()
    for name, want in pairs({
        RFC822 = "04 Feb 09 21:00 PST",
        RFC822Z = "04 Feb 09 21:00 -0800",
        RFC850 = "Wednesday, 04-Feb-09 21:00:57 PST",
        RFC1123 = "Wed, 04 Feb 2009 21:00:57 PST",
        RFC1123Z = "Wed, 04 Feb 2009 21:00:57 -0800",
        RFC3339 = "2009-02-04T21:00:57-08:00",
        RFC3339NANO = "2009-02-04T21:00:57.0123456-08:00",
        KITCHEN = "9:00PM",
        STAMP = "Feb  4 21:00:57",
        STAMP_MILLI = "Feb  4 21:00:57.012",
        STAMP_MICRO = "Feb  4 21:00:57.012345",
        STAMP_NANO = "Feb  4 21:00:57.012345600",
        DATE_TIME = "2009-02-04 21:00:57",
        DATE_ONLY = "2009-02-04",
        TIME_ONLY = "21:00:57",
    }) do
        equal(T:format(time[name]), want)
    end
    equal(T:format_rfc3339(), "2009-02-04T21:00:57-08:00")
    equal(T:utc():format_rfc3339(), "2009-02-05T05:00:57Z")
    equal(tostring(T), "2009-02-04 21:00:57.0123456 -0800 PST")
    equal(tostring(T:utc():round("1s")), "2009-02-05 05:00:57 +0000 UTC")
end

local function test_elements()
    for layout, want in pairs({
        ["3pm"] = "9pm",
        ["03PM 3 15"] = "09PM 9 21",
        ["06 2006 01 1 Jan January"] = "09 2009 02 2 Feb February",
        ["2 02 _2|__2 002"] = "4 04  4| 35 035",
        ["Mon Monday"] = "Wed Wednesday",
        ["4 04 5 05"] = "0 00 57 57",
        [".000 .999 ,00 .0000000000"] = ".012 .012 ,01 .012345600",
        ["-07 -0700 -07:00 -070000 -07:00:00"] = "-08 -0800 -08:00 -080000 -08:00:00",
        ["Z07 Z0700 Z07:00"] = "-08 -0800 -08:00",
        ["_2006"] = "_2009",
        ["Month Janet"] = "Month Janet",
        [""] = "",
        ["no time in here"] = "no time in here",
        ["MST"] = "PST",
    }) do
        equal(T:format(layout), want)
    end
    equal(T:utc():format("Z07 Z07:00 -07:00"), "Z Z +00:00")
    local half = time.fixed_zone("", -12600)
    equal(T:in_location(half):format("MST|-07:00"), "-0330|-03:30")
    equal(time.date(-7, 1, 1, 0, 0, 0, 0, time.utc):format("2006"), "-0007")
    equal(time.date(-1682, 1, 1, 0, 0, 0, 0, time.utc):format("06"), "82")
    equal(time.date(12345, 1, 1, 0, 0, 0, 0, time.utc):format("2006"), "12345")
    equal(time.date(2009, 1, 1, 0, 5, 0, 0, time.utc):format("3:04PM"), "12:05AM")
    equal(time.date(2009, 1, 1, 12, 5, 0, 0, time.utc):format("3:04PM"), "12:05PM")
end

local function test_what_is_written_is_read_again()
    for _, name in ipairs({ "RFC3339NANO", "RFC1123Z", "RFC3339", "RFC822Z" }) do
        local text = T:format(time[name])
        local back = assert(time.parse(time[name], text))
        equal(back:format(time[name]), text)
        assert(math.abs(back:sub(T):seconds()) < 60)
    end
    assert(time.parse(time.RFC3339NANO, T:format(time.RFC3339NANO)) == T)
end

local function test_parse()
    local want = "2010-02-04 21:00:57 +0000 UTC"

    for layout, text in pairs({
        ["Mon Jan _2 15:04:05 2006"] = "Thu Feb  4 21:00:57 2010",
        ["Mon Jan 2 15:04:05 2006"] = "THU FEB  4 21:00:57 2010",
        ["Monday, 02-Jan-06 15:04:05 MST"] = "Thursday, 04-Feb-10 21:00:57 UTC",
        [time.RFC3339] = "2010-02-04T21:00:57Z",
        ["2006-002 15:04:05"] = "2010-035 21:00:57",
        ["2006-1-2 15:04:05"] = "2010-2-4 21:00:57",
        ["2006-01-02 002 15:04:05"] = "2010-02-04 035 21:00:57",
        ["2006-__2 15:04:05"] = "2010- 35 21:00:57",
        ["2006-01-02 03:04:05PM"] = "2010-02-04 09:00:57PM",
        ["January 2, 2006 at 3:4:5pm"] = "february 4, 2010 at 9:0:57pm",
        ["20060102150405"] = "20100204210057",
    }) do
        equal(tostring(assert(time.parse(layout, text))), want)
    end
    equal(tostring(time.parse("15:04", "7:05")), "0000-01-01 07:05:00 +0000 UTC")
    equal(time.parse("06", "68"):year(), 2068)
    equal(time.parse("06", "69"):year(), 1969)
    equal(time.parse("3PM", "12AM"):hour(), 0)
    equal(time.parse("3PM", "12PM"):hour(), 12)
end

local function test_fractions()
    for text, ns in pairs({
        ["00.5"] = 500000000,
        ["00,25"] = 250000000,
        ["00"] = 0,
        ["00.123456789"] = 123456789,
        ["00.1234567891234"] = 123456789,
    }) do
        equal(assert(time.parse("05", text)):nanosecond(), ns)
        equal(assert(time.parse("05.999", text)):nanosecond(), ns)
    end
    equal(time.parse("05.000", "07.250"):nanosecond(), 250000000)
    assert(not time.parse("05.000", "07.25"))
    assert(not time.parse("05.000", "07"))
end

local function test_zones()
    local t = assert(time.parse(time.RFC3339, "2023-01-02T03:04:05+01:30"))
    equal(t:utc():format_rfc3339(), "2023-01-02T01:34:05Z")
    equal(t:format_rfc3339(), "2023-01-02T03:04:05+01:30")

    t = assert(time.parse(time.DATE_TIME, "2023-01-02 03:04:05", CET))
    equal(tostring(t), "2023-01-02 03:04:05 +0100 CET")
    assert(t:location() == CET)
    t = assert(time.parse(time.RFC822, "02 Jan 23 03:04 CET", CET))
    equal(tostring(t), "2023-01-02 03:04:00 +0100 CET")
    t = assert(time.parse("15:04 MST", "03:04 XYZ", time.utc))
    equal(t:format("15:04 -0700 MST"), "03:04 +0000 XYZ")
    t = assert(time.parse("15:04 MST", "03:04 GMT-3", time.utc))
    equal(t:format("15:04 -0700 MST"), "03:04 -0300 GMT-3")
    -- The zone of the call shows what has its offset, and its name if given.
    for layout, text in pairs({
        ["15:04 -0700 MST"] = "03:04 +0100 CET",
        ["15:04 -0700"] = "03:04 +0100",
    }) do
        assert(time.parse(layout, text, CET):location() == CET)
    end
    t = assert(time.parse("15:04 -0700 MST", "03:04 +0100 XYZ", CET))
    assert(t:location() ~= CET)
    equal(t:format("15:04 -0700 MST"), "03:04 +0100 XYZ")
    -- People write a whole day, hour or minute.
    t = assert(time.parse("15:04 -07:00:00", "03:04 +24:60:60"))
    equal(t:format("15:04 -07:00:00"), "03:04 +25:01:00")
    -- A Z counts more than an offset, and an offset more than a name.
    t = assert(time.parse("15:04 Z07 -0700", "03:04 Z +0100"))
    equal(tostring(t), "0000-01-01 03:04:00 +0000 UTC")
    t = assert(time.parse("15:04 MST", "03:04 +03", time.utc))
    equal(t:format("15:04 -0700 MST"), "03:04 +0000 +03")
    t = assert(time.parse("15:04 -0700 MST", "03:04 +0530 IST", time.utc))
    equal(t:format("15:04 -0700 MST"), "03:04 +0530 IST")
end

local function test_errors()
    local function fails(layout, text, want)
        local t, err = time.parse(layout, text)
        assert(t == nil and err:kind() == "Invalid", layout .. " " .. text)
        assert(err:retryable() == false)
        equal(err:message(), want)
    end

    fails("2006-01-02", "2023-13-01",
        'parsing time "2023-13-01": month out of range')
    fails("2006-01-02", "2023-02-29",
        'parsing time "2023-02-29": day out of range')
    fails("2006-01-02", "2023-02-30 ",
        'parsing time "2023-02-30 ": extra text: " "')
    fails("2006-01-02", "23-1-1",
        'parsing time "23-1-1" as "2006-01-02": cannot parse "23-1-1" as "2006"')
    fails("Jan 2", "Foo 1",
        'parsing time "Foo 1" as "Jan 2": cannot parse "Foo 1" as "Jan"')
    fails("2006-01-02", "2023/01/02",
        'parsing time "2023/01/02" as "2006-01-02": cannot parse "/01/02" as "-"')
    fails("15:04", "24:00", 'parsing time "24:00": hour out of range')
    fails("15:04", "23:60", 'parsing time "23:60": minute out of range')
    fails("15:04:05", "23:59:60", 'parsing time "23:59:60": second out of range')
    fails("3PM", "13PM", 'parsing time "13PM": hour out of range')
    fails("2006-002", "2023-366", 'parsing time "2023-366": day-of-year out of range')
    fails("2006-01 002", "2023-02 060",
        'parsing time "2023-02 060": day-of-year does not match month')
    fails("2006-02 002", "2023-02 060",
        'parsing time "2023-02 060": day-of-year does not match day')
    fails("2006-1", "2023-13", 'parsing time "2023-13": month out of range')
    fails("Monday", "Fri", 'parsing time "Fri" as "Monday": cannot parse "Fri" as "Monday"')
    fails("Z07:00", "+25:00",
        'parsing time "+25:00": time zone offset hour out of range')
    fails("-07:00", "+05:61",
        'parsing time "+05:61": time zone offset minute out of range')
    fails("-0700", "05300", 'parsing time "05300": time zone offset hour out of range')
    fails("-07:00", "+05-30", 'parsing time "+05-30" as "-07:00": cannot parse "+05-30" as "-07:00"')
    fails("-0700", "+05", 'parsing time "+05" as "-0700": cannot parse "+05" as "-0700"')
    -- Text that is not the layout's: what is left is shown, from there on.
    fails("at 2006", "in 2006", 'parsing time "in 2006" as "at 2006": cannot parse "in 2006" as "at "')
    fails("at: 2006", "at  2006", 'parsing time "at  2006" as "at: 2006": cannot parse "  2006" as "at: "')
    fails("é 2", "é\n2", 'parsing time "\\xc3\\xa9\\x0a2" as "\\xc3\\xa9 2": cannot parse "\\x0a2" as "\\xc3\\xa9 "')
    fails('"2\\', '"x\127', 'parsing time "\\"x\127" as "\\"2\\\\": cannot parse "x\127" as "2"')
    fails("2006", "", 'parsing time "" as "2006": cannot parse "" as "2006"')
    assert(not pcall(time.parse, "2006"))
    assert(not pcall(time.parse, {}, "2006"))
end

-- Whatever the bytes are, there is an answer.
local function test_odd_texts()
    local pieces = { "20", "06", "Jan", "_2", "-07", ":", ".000", "Z", " ", "PM",
        "\0", "\255", "MST", "GMT+", "9", "002", "__2", "Mon" }
    local state = 12345
    local function pick()
        state = (state * 1103515245 + 12345) % 2147483648
        return pieces[state // 65536 % #pieces + 1]
    end

    for _ = 1, 3000 do
        local layout, text = "", ""
        for _ = 1, 6 do
            layout = layout .. pick()
            text = text .. pick()
        end
        T:format(layout)
        time.parse(layout, text)
        time.parse(layout, T:format(layout))
    end
end

local function main()
    test_named_layouts()
    test_elements()
    test_what_is_written_is_read_again()
    test_parse()
    test_fractions()
    test_zones()
    test_errors()
    test_odd_texts()
    return "ok"
end

return { main = main }
