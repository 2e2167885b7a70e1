-- Payloads: formats, the ways between them, and travelling (semantics B7, M6).
-- modules: payload

local payload = require("payload")
local F = payload.format

local function refused(text, p, format)
    local value, err = p:transcode(format)
    assert(value == nil and err:kind() == errors.INTERNAL, text)
    assert(err:retryable() == false)
    assert(err:message():find(text, 1, true), err:message())
end

local function test_new()
    local value = { 1, { a = true } }
    local p = payload.new(value)
    assert(p:data() == value and p:data() == p:data())
    assert(p:get_format() == "lua/any" and p:unmarshal() == value)
    assert(tostring(p) == "payload{format=lua/any}")
    assert(p.anything == nil and getmetatable(p) == false)
    assert(payload.new(p) == p and payload.new(nil):data() == nil)
    assert(not pcall(payload.new))
    local e = errors.new("e")
    p = payload.new(e)
    assert(p:get_format() == "error/any" and p:data() == e and p:unmarshal() == e)
    assert(not pcall(p.data) and not pcall(p.transcode, {}, F.JSON))
    assert(F.JSON == "json/plain" and F.YAML == "yaml/plain")
    assert(F.STRING == "text/plain" and F.BYTES == "application/octet-stream")
    assert(F.LUA == "lua/any" and F.MSGPACK == "application/msgpack")
    assert(F.ERROR == "error/any")
    assert(not pcall(function()
        F.JSON = "x"
    end))
end

local function test_ways()
    local p = payload.new({ a = { 1, 2.0, "é" } })
    local json = p:transcode(F.JSON)
    assert(json:get_format() == F.JSON and json:data() == '{"a":[1,2.0,"é"]}')
    assert(json:unmarshal().a[3] == "é" and json:transcode(F.JSON) == json)
    for _, via in ipairs({ F.JSON, F.MSGPACK }) do
        local there = p:transcode(via)
        for _, raw in ipairs({ F.BYTES, via == F.JSON and F.STRING or F.BYTES }) do
            local bytes = there:transcode(raw)
            assert(bytes:data() == there:data() and bytes:get_format() == raw)
            assert(bytes:unmarshal() == there:data())
            assert(bytes:transcode(F.LUA):data() == there:data())
            there = bytes:transcode(via)
            assert(there:get_format() == via)
        end
        local back = there:transcode(F.LUA)
        assert(back:get_format() == F.LUA)
        local a = back:data().a
        assert(a[1] == 1 and math.type(a[1]) == "integer")
        assert(a[2] == 2 and math.type(a[2]) == "float" and a[3] == "é")
    end
    local packed = json:transcode(F.MSGPACK)
    assert(packed:data():byte() == 0x81 and packed:unmarshal().a[2] == 2.0)
    assert(packed:transcode(F.JSON):data() == json:data())
    assert(payload.new("\xff"):transcode(F.BYTES):data() == "\xff")
    assert(payload.new("é"):transcode(F.STRING):data() == "é")
    assert(payload.new(12):transcode(F.STRING):data() == "12")
    assert(payload.new("x"):transcode(F.JSON):data() == '"x"')
    assert(payload.new(nil):transcode(F.JSON):data() == "null")
end

local function test_refused()
    local p = payload.new({})
    refused("cannot transcode lua/any to yaml/plain", p, F.YAML)
    refused("cannot transcode lua/any to error/any", p, F.ERROR)
    refused("cannot transcode lua/any to nonsense", p, "nonsense")
    refused("it holds a table", p, F.STRING)
    refused("it holds a boolean", payload.new(true), F.BYTES)
    refused("cannot encode a function (at value[1])", payload.new({ print }), F.JSON)
    refused("cannot send a function", payload.new({ print }), F.MSGPACK)
    refused("cannot transcode error/any to json/plain", payload.new(errors.new("e")), F.JSON)
    refused("it is not UTF-8", payload.new("\xff"), F.STRING)
    refused("json", payload.new("{"):transcode(F.STRING), F.JSON)
    refused("malformed MessagePack", payload.new("\xc1"):transcode(F.BYTES), F.MSGPACK)
    refused("malformed MessagePack", payload.new("\1\1"):transcode(F.BYTES), F.MSGPACK)
    refused("malformed MessagePack", payload.new(""):transcode(F.BYTES), F.MSGPACK)
    refused("malformed MessagePack", payload.new("\x81\x90\1"):transcode(F.BYTES), F.MSGPACK)
    refused("malformed MessagePack", payload.new(("\x91"):rep(1000)):transcode(F.BYTES), F.MSGPACK)
    assert(not pcall(p.transcode, p) and not pcall(p.transcode, p, {}))
end

-- As the value it holds, at any depth (semantics M8).
local function test_travel()
    local me = process.pid()
    local inbox = process.inbox()
    local json = payload.new({ 1 }):transcode(F.JSON)
    process.send(me, "p", payload.new({ "v" }), { json }, payload.new(errors.new("e")))
    local got = inbox:receive():payload()
    assert(#got == 3 and got[1]:data()[1] == "v" and got[1]:get_format() == F.LUA)
    assert(got[2]:data()[1] == "[1]")
    assert(got[3]:get_format() == F.ERROR and got[3]:data():message() == "e")
    process.send(me, "p", got[1])
    got = inbox:receive():payload()
    assert(got:transcode(F.JSON):data() == '["v"]')
    -- Not decoded yet, and asked for its format first.
    process.send(me, "p", errors.new("f"))
    got = inbox:receive():payload()
    assert(got:get_format() == F.ERROR and got:unmarshal():message() == "f")
    local ok, err = process.send(me, "p", payload.new({ print }))
    assert(ok == nil and err:message() == "cannot send a function (at args[1][1])")
end

local function main()
    test_new()
    test_ways()
    test_refused()
    test_travel()
end

return { main = main }
