-- What a program finds around it, and what it does not (semantics G1, G2, G6,
-- G8, P17).

local host = process.pid():match("^{(.-)|")

local globals = [[
    assert error getmetatable setmetatable next pairs ipairs pcall xpcall print
    rawequal rawget rawset rawlen select tonumber tostring type unpack require
    _G _VERSION string table math utf8 coroutine os errors channel process
    time]]

local members = {
    string = [[byte char find format gmatch gsub len lower match pack packsize
        rep reverse sub unpack upper]],
    table = "concat insert move pack remove sort unpack",
    utf8 = "char charpattern codepoint codes len offset",
    coroutine = [[close create isyieldable resume running spawn status wrap
        yield]],
    os = "time date clock difftime",
    errors = [[new wrap is call_stack UNKNOWN NOT_FOUND ALREADY_EXISTS INVALID
        PERMISSION_DENIED UNAVAILABLE INTERNAL CANCELED CONFLICT TIMEOUT
        RATE_LIMITED]],
    channel = "new select",
}

-- Before this file's own: it has none but locals.
local found = {}
for name in pairs(_G) do
    found[name] = true
end

local function same(what, have, words)
    local wanted = {}

    for name in words:gmatch("%S+") do
        wanted[name] = true
        assert(have[name] ~= nil, what .. " lacks " .. name)
    end
    for name in pairs(have) do
        assert(wanted[name], what .. " has " .. tostring(name))
    end
end

local function raises(text, f, ...)
    local ok, err = pcall(f, ...)
    assert(not ok and tostring(err):find(text, 1, true), tostring(err))
end

local function test_globals()
    same("_G", found, globals)
    assert(_G._G == _G and _VERSION == "Lua 5.4" and unpack == table.unpack)
    for name, words in pairs(members) do
        same(name, _G[name], words)
    end
    -- It may have been built with the names of older versions beside these.
    assert(math.tointeger(2.0) == 2 and math.ult(1, -1))
end

local function test_modules_by_require()
    for name in ("process channel errors string table math utf8 os coroutine"
        .. " time"):gmatch("%S+") do
        assert(require(name) == _G[name], name)
    end
    for _, name in ipairs({ "io", "debug", "package", "json", "", "_G" }) do
        raises("module '" .. name .. "' not found", require, name)
    end
end

local function test_metatables()
    raises("__gc is not available", setmetatable, {}, { __gc = print })
    raises("__gc is not available", setmetatable, {}, { __gc = false })
    for _, object in ipairs({
        channel.new(),
        errors.new("x"),
        time.now(),
        time.parse_duration("1s"),
        channel.new():case_receive(),
    }) do
        assert(getmetatable(object) == false, tostring(object))
        raises("", setmetatable, object, {})
    end
end

local function test_ours_is_read_only()
    for _, ours in ipairs({ process, channel, errors, time, process.event,
        process.registry }) do
        raises("", function()
            ours.new_key = 1
        end)
        assert(ours.new_key == nil)
    end
    raises("", function()
        process.spawn = print
    end)
    -- A program's own libraries are its own.
    string.shout = string.upper
    assert(("x"):shout() == "X")
end

local function test_globals_stay_inside()
    shared, string.mine = 1, 1
    math.randomseed(1)
    local pids, randoms = {}, {}

    for i = 1, 4 do
        pids[i] = assert(process.spawn_monitored(process.id(), host, "child"))
    end
    for _ = 1, #pids do
        local result = process.events():receive().result
        assert(result.error == nil, result.error)
        assert(not randoms[result.value], "the same random numbers")
        randoms[result.value] = true
    end
end

local function child()
    assert(rawget(_G, "shared") == nil and string.mine == nil)
    assert(string.shout == nil)
    return math.random(0)
end

local function test_bounds()
    local huge = 1 << 40

    raises("pattern too complex", string.find,
        ("a"):rep(60), ("a*"):rep(30) .. "b")
    raises("pattern too complex", string.match,
        ("a"):rep(60), ("a*"):rep(30) .. "b")
    raises("pattern too complex", string.gsub,
        ("a"):rep(60), ("a*"):rep(30) .. "b", "")
    raises("pattern too complex", function()
        for _ in ("a"):rep(60):gmatch(("a*"):rep(30) .. "b") do
        end
    end)
    raises("too many elements", string.rep, "", huge)
    raises("too many elements", string.rep, "x", huge)
    raises("too many elements", table.concat, {}, "", 1, huge)
    raises("too many elements", table.move, {}, 1, huge, 2)
    raises("too many elements", table.unpack, {}, 1, huge)

    local long = setmetatable({}, {
        __len = function()
            return huge
        end,
    })
    raises("too many elements", table.insert, long, 1, 1)
    raises("too many elements", table.remove, long, 1)
    -- Bounds are not in the way of what is large but fine.
    assert(#("x"):rep(10000000) == 10000000)
    assert(#("x"):rep(1000000):gsub("x", "yy") == 2000000)
    assert(("x"):rep(1000000):find("xy", 1, true) == nil)
end

local function main(role)
    if role == "child" then
        return child()
    end
    test_globals()
    test_modules_by_require()
    test_metatables()
    test_ours_is_read_only()
    test_globals_stay_inside()
    test_bounds()
    return "ok"
end

return { main = main }
