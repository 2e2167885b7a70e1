#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Zones by their names, from a directory of our own and from the system's
# (semantics Z3, Z6, Z7).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

zones=$work/zones
mkdir -p "$zones/Test/Inner"

# head VERSION CHANGES KINDS CHARS: of a zone file; numbers below 256.
head_of()
{
    printf 'TZif%b' "$1"
    printf '\0%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
    printf '\0\0\0\0\0\0\0\0\0\0\0\0'
    for number in "$2" "$3" "$4"; do
        printf '\0\0\0%b' "\\0$(printf %o "$number")"
    done
}

# zone NAME RULE: one that has had this rule for ever; its names have 3 letters.
zone()
{
    {
        head_of 2 0 1 4
        printf '\0\0\0\0\0\0OLD\0'
        head_of 2 0 1 4
        printf '\0\0\016\020\0\0CET\0\n%s\n' "$2"
    } >"$zones/$1"
}

zone Test/Central 'CET-1CEST,M3.5.0,M10.5.0/3'
zone Test/Inner/South 'AEST-10AEDT,M10.1.0,M4.1.0/3'
zone Test/Half '<+0530>-5:30'
zone Test/Bad 'CET-1CEST,M3.5'
head -c 60 "$zones/Test/Central" >"$zones/Test/Short"
echo "no zone at all, and long enough to have a head" >"$zones/Test/Text"
: >"$zones/Test/Empty"
head -c 40000 /dev/zero >"$zones/Test/Long"
mkfifo "$zones/Test/Pipe"
cp "$zones/Test/Central" "$work/outside"
ln -s loop "$zones/Test/loop"

cat >"$work/main.lua" <<'LUA'
local time = require("time")

local function equal(got, want)
    if got ~= want then
        error("got '" .. tostring(got) .. "', want '" .. tostring(want) .. "'", 2)
    end
end

local function refused(name, kind, message)
    local zone, err = time.load_location(name)
    assert(zone == nil, name)
    equal(err:message(), message)
    equal(err:kind(), kind)
    equal(err:retryable(), false)
end

local function test_location()
    local zone = assert(time.load_location("Test/Central"))
    equal(zone:string(), "Test/Central")
    equal(tostring(zone), "Test/Central")
    assert(zone == time.load_location("Test/Central"))
    assert(zone ~= time.load_location("Test/Half") and zone ~= time.localtz)
    assert(zone ~= time.fixed_zone("Test/Central", 0))
    assert(time.load_location("UTC") == time.utc)
    assert(time.load_location("Local") == time.localtz)
end

local function test_times()
    local zone = assert(time.load_location("Test/Central"))
    local winter = time.date(2023, 1, 15, 12, 0, 0, 0, zone)
    local summer = time.date(2023, 7, 15, 12, 0, 0, 0, zone)

    equal(tostring(winter), "2023-01-15 12:00:00 +0100 CET")
    equal(tostring(summer), "2023-07-15 12:00:00 +0200 CEST")
    equal(summer:utc():hour(), 10)
    equal(summer:format_rfc3339(), "2023-07-15T12:00:00+02:00")
    equal(summer:format(time.RFC1123), "Sat, 15 Jul 2023 12:00:00 CEST")
    -- The clock says the same on the next day, an hour less having passed.
    local before = time.date(2023, 3, 25, 12, 0, 0, 0, zone)
    equal(before:add_date(0, 0, 1):sub(before):hours(), 23.0)
    equal(before:add("24h"):hour(), 13)
    -- Skipped and repeated hours.
    equal(tostring(time.date(2023, 3, 26, 2, 30, 0, 0, zone)), "2023-03-26 03:30:00 +0200 CEST")
    equal(tostring(time.date(2023, 10, 29, 2, 30, 0, 0, zone)), "2023-10-29 02:30:00 +0100 CET")

    local south = assert(time.load_location("Test/Inner/South"))
    equal(summer:in_location(south):format("15:04 MST"), "20:00 AEST")
    equal(winter:in_location(south):format("15:04 MST"), "22:00 AEDT")
    local half = assert(time.load_location("Test/Half"))
    equal(tostring(winter:in_location(half)), "2023-01-15 16:30:00 +0530 +0530")
    assert(winter:in_location(half):location() == half)
    assert(winter:in_location(half):add("1h"):location() == half)
end

local function test_parse()
    local zone = assert(time.load_location("Test/Central"))
    local t = assert(time.parse(time.DATE_TIME, "2023-07-15 12:00:00", zone))
    equal(tostring(t), "2023-07-15 12:00:00 +0200 CEST")
    t = assert(time.parse(time.RFC1123Z, "Sat, 15 Jul 2023 12:00:00 +0200", zone))
    assert(t:location() == zone)
    t = assert(time.parse(time.RFC1123Z, "Sat, 15 Jul 2023 12:00:00 +0100", zone))
    assert(t:location() ~= zone)
    t = assert(time.parse("2006-01-02 15:04 MST", "2023-01-15 12:00 CET", zone))
    equal(tostring(t), "2023-01-15 12:00:00 +0100 CET")
    t = assert(time.parse("2006-01-02 15:04 MST", "2023-01-15 12:00 EST", zone))
    equal(tostring(t), "2023-01-15 12:00:00 +0000 EST")
end

-- A time has its zone also when nobody else has it any more.
local function test_kept()
    local t = time.now():in_location(assert(time.load_location("Test/Half")))
    for i = 1, 2000 do
        time.load_location("Test/Central")
    end
    equal(t:format("MST"), "+0530")
    equal(tostring(t:location()), "Test/Half")
end

local function test_refusals()
    refused("", "Invalid", "empty location name")
    for _, name in ipairs({ "Test/None", "None", "test/central", "../outside",
        "Test/../../outside", "Test/..", "..", ".", "./Test/Central", "Test//Central",
        "Test/Central/", "/etc/passwd", "/", "Test\\Central", "Test", "Test/Pipe",
        "Test/Central/x", "Test/loop", ("x"):rep(5000), "utc", "local" }) do
        refused(name, "NotFound", "unknown time zone: " .. name)
    end
    refused("Test/Central\0", "NotFound", "unknown time zone: Test/Central")
    refused("UTC\0", "NotFound", "unknown time zone: UTC")
    for name, why in pairs({ Bad = "its rule cannot be read", Short = "it is too short",
        Text = "it is no zone file", Empty = "it is too short", Long = "it is too long" }) do
        refused("Test/" .. name, "Internal", "bad file of time zone Test/" .. name .. ": " .. why)
    end
    for _, bad in ipairs({ {}, true, print }) do
        local ok, err = pcall(time.load_location, bad)
        assert(not ok)
        assert(tostring(err):find("bad argument #1 to 'time.load_location' (string expected, got "
            .. type(bad) .. ")", 1, true), tostring(err))
    end
    assert(not pcall(time.load_location))
end

return function()
    test_location()
    test_times()
    test_parse()
    test_kept()
    test_refusals()
end
LUA

app zones >"$work/dir" <<'APP'
namespace: z
entries:
  - {name: main, kind: process.lua, source: "file://main.lua", modules: [time]}
APP
dir=$(cat "$work/dir")
cp "$work/main.lua" "$dir"
export TZDIR=$zones
run 0 run "$dir" --exec z:main
silent out

# The environment that counts is the one the host was given.
app given >"$work/dir" <<'APP'
namespace: z
entries:
  - name: main
    kind: process.lua
    modules: [time]
    source: |
      return function()
        local t = time.unix(0, 0):in_location(assert(time.load_location("Test/Half")))
        print(t:format(time.RFC3339))
      end
  - name: system
    kind: process.lua
    modules: [time]
    source: |
      return function()
        local t = time.date(2023, 7, 15, 12, 0, 0, 0, assert(time.load_location("America/New_York")))
        print(t:format("15:04 MST -0700"))
        t = time.date(1900, 7, 15, 12, 0, 0, 0, assert(time.load_location("Europe/Amsterdam")))
        print(t:utc():format("15:04"))
      end
APP
dir=$(cat "$work/dir")
unset TZDIR
echo "TZDIR=$zones" >"$work/given.env"
run 0 run "$dir" --env-file "$work/given.env" --exec z:main
out '^1970-01-01T05:30:00\+05:30$'

if [ -f /usr/share/zoneinfo/America/New_York ]; then
    run 0 run "$dir" --exec z:system
    out '^12:00 EDT -0400$'
    out '^11:(4[0-9]|5[0-9])$'
fi
exit $bad
