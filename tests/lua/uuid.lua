-- The module uuid (semantics B9).
-- modules: uuid

local uuid = require("uuid")
local time = require("time")

local DNS = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

local function invalid(text, value, err)
    assert(value == nil and err:kind() == errors.INVALID, text)
    assert(err:retryable() == false and err:message() == text, err:message())
end

local function test_versions()
    for version, make in pairs({
        [1] = uuid.v1,
        [3] = function()
            return uuid.v3(DNS, "a")
        end,
        [4] = uuid.v4,
        [5] = function()
            return uuid.v5(DNS, "a")
        end,
        [7] = uuid.v7,
    }) do
        local id = make()
        assert(#id == 36 and id == id:lower() and uuid.validate(id))
        assert(uuid.version(id) == version and uuid.variant(id) == "RFC4122")
        assert(id:match("^%x+%-%x+%-" .. version .. "%x+%-[89ab]%x+%-%x+$"), id)
        if version ~= 3 and version ~= 5 then
            assert(make() ~= id)
        end
    end
end

-- The examples of RFC 9562, appendix A.
local function test_named()
    assert(uuid.v3(DNS, "www.example.com") == "5df41881-3aed-3515-88a7-2f4a814cf09e")
    assert(uuid.v5(DNS, "www.example.com") == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
    assert(uuid.v5(DNS:upper(), "") == uuid.v5("urn:uuid:" .. DNS, ""))
    assert(uuid.v5(DNS, "a\0b") ~= uuid.v5(DNS, "a"))
    invalid("invalid UUID: x", uuid.v3("x", "a"))
    invalid("invalid UUID: nil", uuid.v5())
    invalid("name must be a string", uuid.v5(DNS))
    invalid("name must be a string", uuid.v3(DNS, {}))
end

local function test_time()
    local now = time.now():unix_nano() / 1e9
    local one, seven = uuid.parse(uuid.v1()), uuid.parse(uuid.v7())
    assert(one.version == 1 and one.variant == "RFC4122")
    assert(math.abs(one.timestamp - now) < 60 and one.node:match("^%x+$"))
    assert(#one.node == 12 and seven.node == nil and seven.version == 7)
    assert(math.abs(seven.timestamp - now) < 60)
    local four = uuid.parse(uuid.v4())
    assert(four.timestamp == nil and four.node == nil)
    local known = uuid.parse("C232AB00-9414-11EC-B3C8-9F6BDECED846")
    assert(known.timestamp == 1645557742 and known.node == "9f6bdeced846")
    known = uuid.parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")
    assert(known.timestamp == 1645557742 and known.version == 7)
    -- Those of one process ascend, however quickly they are made.
    local last = ""
    for _ = 1, 10000 do
        local id = uuid.v7()
        assert(id > last)
        last = id
    end
end

local function test_forms()
    local simple = DNS:gsub("-", "")
    assert(uuid.format(DNS) == DNS and uuid.format(DNS, "standard") == DNS)
    assert(uuid.format(DNS, "simple") == simple)
    assert(uuid.format(DNS, "urn") == "urn:uuid:" .. DNS)
    assert(uuid.format(simple:upper(), "standard") == DNS)
    assert(uuid.format("urn:uuid:" .. DNS, "simple") == simple)
    invalid("unknown UUID format: x", uuid.format(DNS, "x"))
    invalid("invalid UUID: x", uuid.format("x", "simple"))
    assert(not pcall(uuid.format, DNS, {}))
end

local function test_bad()
    for _, bad in ipairs({
        "",
        "x",
        DNS .. "0",
        DNS:sub(1, 35),
        DNS:gsub("6", "g"),
        DNS .. "\0",
        "\0" .. DNS:sub(2),
        "{" .. DNS .. "}",
        (" "):rep(36),
        ("0"):rep(31),
        ("0"):rep(36),
        "urn:uuid:" .. DNS:gsub("-", ""),
        5,
        true,
        {},
    }) do
        assert(uuid.validate(bad) == false)
        for _, f in ipairs({ uuid.version, uuid.variant, uuid.parse, uuid.format }) do
            local value, err = f(bad)
            assert(value == nil and err:kind() == errors.INVALID)
            assert(err:message():find("invalid UUID: ", 1, true) == 1)
        end
    end
    assert(uuid.validate(nil) == false)
    assert(uuid.variant("00000000-0000-0000-0000-000000000000") == "NCS")
    assert(uuid.variant("00000000-0000-0000-c000-000000000000") == "Microsoft")
    assert(uuid.variant("00000000-0000-0000-e000-000000000000") == "Future")
    assert(uuid.version("00000000-0000-0000-0000-000000000000") == 0)
end

local function main()
    test_versions()
    test_named()
    test_time()
    test_forms()
    test_bad()
end

return { main = main }
