-- The module json: what is written, what is read, and what is refused.
-- modules: json, payload

local json = require("json")
local payload = require("payload")

local function refused(text, kind, value, err)
    assert(value == nil, text)
    assert(err:message():find(text, 1, true), err:message())
    assert(err:kind() == kind and err:retryable() == false, err:kind())
end

local function unencodable(text, value)
    refused(text, errors.INTERNAL, json.encode(value))
end

local function undecodable(text, source)
    refused(text, errors.INVALID, json.decode(source))
end

-- Integers stay integers, floats floats (semantics B8).
local function test_numbers()
    local texts = {
        ["0"] = 0,
        ["-1"] = -1,
        ["9223372036854775807"] = math.maxinteger,
        ["-9223372036854775808"] = math.mininteger,
        ["999999999999999999"] = 999999999999999999,
        ["1.0"] = 1.0,
        ["-0.0"] = -0.0,
        ["0.1"] = 0.1,
        ["1e+100"] = 1e100,
        ["5e-324"] = 5e-324,
        ["1.7976931348623157e+308"] = 1.7976931348623157e308,
        ["0.30000000000000004"] = 0.1 + 0.2,
    }
    for text, number in pairs(texts) do
        assert(json.encode(number) == text, json.encode(number))
        local back = json.decode(text)
        assert(back == number and math.type(back) == math.type(number), text)
    end
    assert(math.type(json.decode("1E2")) == "float")
    assert(math.type(json.decode("-0")) == "integer")
    -- Beyond 64 bits a whole number is a float, as in Lua itself.
    assert(json.decode("9223372036854775808") == 2.0 ^ 63)
    assert(json.decode("-9223372036854775809") == -(2.0 ^ 63))
    assert(json.decode("1" .. ("0"):rep(300)) == 1e300)
    assert(json.decode("0." .. ("3"):rep(1000)) == 1 / 3)
    undecodable("a number beyond all floats", "[1e400]")
    undecodable("a number beyond all floats", "1" .. ("0"):rep(400))
    unencodable("cannot encode NaN (at value.a[2])", { a = { 1, 0 / 0 } })
    unencodable("cannot encode an infinite number (at value)", math.huge)
    unencodable("cannot encode an infinite number (at value)", -math.huge)
end

local function test_strings()
    local pairs_of = {
        [""] = '""',
        ['a"b\\c/d'] = '"a\\"b\\\\c/d"',
        ["\0\1\b\f\n\r\t\31\127"] = '"\\u0000\\u0001\\b\\f\\n\\r\\t\\u001f\127"',
        ["grün €\u{1F600}"] = '"grün €\u{1F600}"',
    }
    for value, text in pairs(pairs_of) do
        assert(json.encode(value) == text, json.encode(value))
        assert(json.decode(text) == value)
    end
    assert(json.decode('"\\u0000\\uD83D\\uDE00\\/\\u20ac"') == "\0\u{1F600}/€")
    assert(json.decode('"\\\\ud800"') == "\\ud800")
    for _, bad in ipairs({
        "\xff",
        "\xc0\xaf",
        "\xed\xa0\x80",
        "\xf4\x90\x80\x80",
        "\xe2\x82",
        "12345678\x80",
    }) do
        unencodable("cannot encode a string that is not UTF-8 (at value)", bad)
        unencodable("a string that is not UTF-8", { [bad] = 1 })
        undecodable("invalid UTF-8", '"' .. bad .. '"')
    end
    for _, half in ipairs({
        '"\\ud800"',
        '"\\ud800x"',
        '"\\ud800\\u0041"',
        '"\\udc00"',
        '"\\ud800\\ud800\\udc00"',
        '"\\ud800\\',
    }) do
        undecodable("half of a surrogate pair", half)
    end
    undecodable("lexical error", '"\1"')
    undecodable("lexical error", '"\\x"')
    undecodable("lexical error", '"\\u12g4"')
end

local function test_tables()
    assert(json.encode({}) == "[]" and json.encode({ a = {} }) == '{"a":[]}')
    assert(json.encode({ 1, "x", true, { b = false } }) == '[1,"x",true,{"b":false}]')
    assert(json.encode(nil) == "null")
    assert(next(json.decode("{}")) == nil and next(json.decode("[]")) == nil)
    local t = json.decode(' {"a" : [1, null, 3], "b" : null, "c" : {"" : 0}} ')
    assert(t.a[1] == 1 and t.a[2] == nil and t.a[3] == 3 and t.b == nil)
    t.d = json.decode('[true, false, {"a": true}]')
    assert(t.d[1] == true and t.d[2] == false and t.d[3].a == true)
    assert(json.decode("true") == true and json.decode("false") == false)
    assert(t.c[""] == 0 and json.decode('{"a":1,"a":2}').a == 2)
    -- Raw: no metamethod is asked.
    local proxy = setmetatable({ 1 }, {
        __index = error,
        __len = error,
        __pairs = error,
        __tostring = error,
    })
    assert(json.encode(proxy) == "[1]")
    unencodable("cannot encode a sparse array (at value)", { 1, nil, 3 })
    unencodable("cannot encode a sparse array (at value.x)", { x = { [2] = 1 } })
    unencodable("a sparse array", { [math.maxinteger] = 1 })
    unencodable("cannot encode a table with mixed keys", { 1, a = 1 })
    unencodable("a table with mixed keys", { [0] = 1 })
    unencodable("a table with mixed keys", { [1.5] = 1 })
    unencodable("cannot encode a boolean as key (at value)", { [true] = 1 })
    unencodable("cannot encode a table as key (at value)", { [{}] = 1 })
    unencodable("cannot encode a function (at value[2].f)", { 1, { f = print } })
    unencodable("a thread", coroutine.create(print))
    unencodable("cannot encode an error (at value)", errors.new("e"))
    unencodable("cannot encode a channel (at value)", channel.new())
    local cycle = { 1 }
    cycle[2] = { cycle }
    unencodable("cannot encode a cycle (at value[2][1])", cycle)
    -- As the value that it holds (semantics M8).
    assert(json.encode({ payload.new({ 1 }) }) == "[[1]]")
    assert(json.encode({ x = payload.new("y") }) == '{"x":"y"}')
    unencodable("cannot encode a function (at value.x)",
        { x = payload.new(print) })
    -- The same table twice is no cycle.
    assert(json.encode({ { 1 }, { 1 } }) == "[[1],[1]]")
    local twice = { 1 }
    assert(json.encode({ twice, twice }) == "[[1],[1]]")
end

local function test_depth()
    local function nested(n)
        return ("["):rep(n) .. ("]"):rep(n)
    end
    assert(json.encode(json.decode(nested(64))) == nested(64))
    undecodable("nested deeper than 64 levels", nested(65))
    undecodable("nested deeper than 64 levels", ("["):rep(1000000))
    undecodable("nested deeper than 64 levels", ('{"a":'):rep(1000000))
    local value = {}
    for _ = 1, 64 do
        value = { value }
    end
    unencodable("a value nested deeper than 64 levels", value)
end

local function test_bad_text()
    for _, bad in ipairs({
        "",
        " ",
        "[",
        "]",
        "{",
        "[1,]",
        "[,1]",
        '{"a":1,}',
        '{"a"}',
        "{a:1}",
        "{1:1}",
        "01",
        "1.",
        ".5",
        "+1",
        "-",
        "1e",
        "0x10",
        "NaN",
        "Infinity",
        "nul",
        "True",
        "'a'",
        '"a',
        "1 2",
        "[] x",
        "// c\n1",
        "/* c */ 1",
        "\0",
        "[1]\0",
        "\u{FEFF}1",
    }) do
        local value, err = json.decode(bad)
        assert(value == nil and err:kind() == errors.INVALID, bad)
        assert(err:message():find("^json: .+%(line %d+, byte %d+%)$"), bad)
    end
    -- Where the last byte of what is wrong stands, or where more was to come.
    for text, place in pairs({
        [""] = "line 1, byte 1",
        ["  "] = "line 1, byte 3",
        ["[1,\n"] = "line 2, byte 1",
        ['"abc'] = "line 1, byte 5",
        ["-"] = "line 1, byte 2",
        ["[1,]"] = "line 1, byte 4",
        ["[\n1,\nx]"] = "line 3, byte 1",
        ["1 2"] = "line 1, byte 3",
        ["1\n\n2 3"] = "line 3, byte 1",
        ['{"a" true}'] = "line 1, byte 9",
        ["[1e999]"] = "line 1, byte 6",
        [("["):rep(65)] = "line 1, byte 65",
        ["nux"] = "line 1, byte 3",
        ["[\n\xff]"] = "line 2, byte 1",
    }) do
        undecodable("(" .. place .. ")", text)
    end
    assert(not pcall(json.decode) and not pcall(json.decode, {}))
    assert(not pcall(json.encode))
    assert(json.decode(5) == 5)
end

-- Ten megabytes there and back, and a text that would have no end.
local function test_large()
    local numbers = {}
    for i = 1, 1000000 do
        numbers[i] = i * 1234567
    end
    local text = json.encode(numbers)
    assert(#text > 10000000)
    local back = json.decode(text)
    assert(#back == #numbers and back[1000000] == numbers[1000000])
    local long = ("é\n"):rep(3000000)
    assert(json.decode(json.encode({ long }))[1] == long)
    local value = ("x"):rep(1000)
    for _ = 1, 60 do
        value = { value, value }
    end
    unencodable("the text is larger than a quarter of limits.memory", value)
end

local function main()
    test_numbers()
    test_strings()
    test_tables()
    test_depth()
    test_bad_text()
    test_large()
end

return { main = main }
