-- Locations (semantics Z3, Z6, Z7). What is said about the local zone holds
-- where that is the one of central Europe, as `is_known` promises.

local time = require("time")

local function test_locations()
    local zone = time.fixed_zone("ABC", -5400)

    assert(tostring(time.utc) == "UTC" and time.utc:string() == "UTC")
    assert(tostring(time.localtz) == "Local")
    assert(zone:string() == "ABC" and tostring(zone) == "ABC")
    assert(zone == time.fixed_zone("ABC", -5400) and zone ~= time.utc)
    assert(getmetatable(zone) == false)
    assert(not pcall(time.fixed_zone, "X", 1e9))
    assert(not pcall(time.fixed_zone, {}, 0))
end

local function test_fixed()
    local zone = time.fixed_zone("ABC", -5400)
    local t = time.date(2023, 1, 1, 0, 0, 0, 0, zone)

    assert(t:utc() == time.date(2023, 1, 1, 1, 30, 0, 0, time.utc))
    assert(t:location() == zone and t:hour() == 0 and t:utc():hour() == 1)
    assert(t:add("1h"):location() == zone)
    assert(t:add_date(0, 1, 0):location() == zone)
    assert(tostring(t) == "2023-01-01 00:00:00 -0130 ABC")
    -- The zone is the time's own, also when nobody else has it any more.
    zone = nil
    for i = 1, 500 do
        time.fixed_zone("ZZZ" .. i, i)
    end
    assert(t:add(1):format("MST") == "ABC")
end

local function test_local()
    local winter = time.date(2023, 1, 15, 12, 0, 0, 0)
    local summer = time.date(2023, 7, 15, 12, 0, 0, 0, time.localtz)

    assert(winter:utc():hour() == 11 and summer:utc():hour() == 10)
    assert(winter:format("MST -0700") == "CET +0100")
    assert(summer:format("MST -0700") == "CEST +0200")
    assert(winter:location() == time.localtz)
    assert(winter:utc():location() == time.utc)
    assert(winter:utc():in_local():hour() == 12)
    assert(time.unix(0, 0):hour() == 1)
    assert(time.now():location() == time.localtz)
    assert(winter:in_location(time.utc):format_rfc3339()
        == "2023-01-15T11:00:00Z")
    assert(winter:format_rfc3339() == "2023-01-15T12:00:00+01:00")
    -- Both names are known at any time of the year.
    for name, hour in pairs({ CET = 11, CEST = 10, XYZ = 12 }) do
        for _, month in ipairs({ "01", "07" }) do
            local t = assert(time.parse("2006-01-02 15:04 MST",
                "2023-" .. month .. "-15 12:00 " .. name, time.localtz))
            assert(t:utc():hour() == hour, name)
        end
    end
end

-- An hour is missing on 26 March, and another comes twice on 29 October.
local function test_changes()
    local skipped = time.date(2023, 3, 26, 2, 30, 0, 0)
    local twice = time.date(2023, 10, 29, 2, 30, 0, 0)

    assert(skipped:hour() == 1 or skipped:hour() == 3)
    assert(skipped:minute() == 30)
    assert(twice:hour() == 2 and twice:minute() == 30)
    assert(time.date(2023, 3, 26, 1, 59, 59, 0):utc():hour() == 0)
    assert(time.date(2023, 3, 26, 3, 0, 0, 0):utc():hour() == 1)
    assert(time.date(2023, 10, 29, 1, 59, 59, 0):utc():hour() == 23)
    assert(time.date(2023, 10, 29, 3, 0, 0, 0):utc():hour() == 2)
end

-- Years that the C library cannot name have no rules, and no offset.
local function test_far_away()
    local far = time.date(2147485549, 1, 1, 12, 0, 0, 0, time.utc)

    assert(far:in_local():hour() == 12)
    assert(far:in_local():format("MST -0700") == "UTC +0000")
end

local function main(is_known)
    local winter = time.date(2023, 1, 15, 12, 0, 0, 0)

    test_locations()
    test_fixed()
    test_far_away()
    if is_known or winter:format("MST -0700") == "CET +0100" then
        test_local()
        test_changes()
    end
    return "ok"
end

return { main = main }
