-- Context values: read, inherited, overridden (semantics B4, P8, P9).

local ctx = require("ctx")
local host = "app:processes"

local function context_of(spawn, ...)
    local pid = assert(spawn(...))
    local event = process.events():receive()

    assert(event.from == pid and not event.result.error, event.result.error)
    return event.result.value
end

local function same(a, b)
    if type(a) ~= "table" or type(b) ~= "table" then
        return a == b and math.type(a) == math.type(b)
    end
    for key, value in pairs(a) do
        if not same(value, b[key]) then
            return false
        end
    end
    for key in pairs(b) do
        if a[key] == nil then
            return false
        end
    end
    return true
end

local function raises(text, fn, ...)
    local ok, err = pcall(fn, ...)

    assert(not ok, "did not raise: " .. text)
    assert(tostring(err):find(text, 1, true), tostring(err))
end

local function check_get()
    local function refused(kind, text, key)
        local value, err = ctx.get(key)

        assert(value == nil and err:kind() == kind, err)
        assert(err:message() == text and err:retryable() == false, err)
    end
    refused("NotFound", "key not found: none", "none")
    refused("NotFound", "key not found: 7", 7)
    refused("NotFound", "key not found: as an error", errors.new("as an error"))
    refused("Invalid", "empty key", "")
    raises("bad argument #1 to 'get' (string expected, got table)", function()
        ctx.get({})
    end)
    raises("string expected, got no value", function()
        ctx.get()
    end)
    raises("read-only", function()
        ctx.get = nil
    end)
end

-- What the parent has, as it has it; and afresh on each call.
local function check_values(values)
    local all = ctx.all()

    assert(same(all, values))
    all.a = "changed"
    assert(same(ctx.all(), values))
    for key, value in pairs(values) do
        assert(same(ctx.get(key), value), key)
    end
    if type(values.deep) == "table" then
        assert(ctx.get("deep") ~= ctx.get("deep"))
    end
end

local function check_inheritance(values)
    local function spawn(...)
        return process.spawn_monitored(...)
    end
    local function changed(with)
        local expected = {}

        for key, value in pairs(values) do
            expected[key] = value
        end
        for key, value in pairs(with) do
            expected[key] = value
        end
        return expected
    end
    local function spawns(spawner)
        return function(...)
            return spawner:spawn_monitored(...)
        end
    end

    assert(same(context_of(spawn, "app:child", host, "context"), values))
    assert(same(context_of(spawn, "app:child", host, "grandchild", host),
        values))
    for _, with in ipairs({
        {},
        { a = "other" },
        { b = false, [""] = 1.0, ["with space"] = { 1, { x = {} } } },
        { ["\0\255"] = math.mininteger, long = ("x"):rep(70000) },
    }) do
        local spawner = process.with_context(with)

        assert(same(context_of(spawns(spawner), "app:child", host, "context"),
            changed(with)))
        assert(same(context_of(spawns(spawner), "app:child", host,
            "grandchild", host), changed(with)))
    end
end

-- A spawner is what it was when it was made; its methods make others.
local function check_immutable(values)
    local given = { list = { 1 } }
    local first = process.with_context(given)
    given.list[2] = 2
    given.more = true
    local second = first:with_context({ b = "b", list = "no list" })
    local third = second:with_options({}):with_context({})
    local function of(spawner)
        return context_of(function(...)
            return spawner:spawn_monitored(...)
        end, "app:child", host, "context")
    end

    local a, b, c = of(first), of(second), of(third)
    assert(same(a.list, { 1 }) and a.more == nil and a.b == values.b)
    assert(b.list == "no list" and b.b == "b")
    assert(same(c, b))
end

local function check_arguments()
    raises("context keys must be strings", process.with_context, { "a" })
    raises("context keys must be strings", process.with_context,
        { [true] = 1 })
    raises("cannot send a function (at context.f)", process.with_context,
        { f = print })
    raises("cannot send a thread (at context.a.b)", process.with_context,
        { a = { b = coroutine.create(print) } })
    raises("table expected", process.with_context)
    raises("table expected", process.with_context, "a")
    local spawner = process.with_context({})
    raises("context keys must be strings", spawner.with_context, spawner,
        { 1 })
    raises("spawner expected", spawner.with_context, {}, {})
    raises("cannot send a function (at context[\"a b\"][1])",
        spawner.with_context, spawner, { ["a b"] = { print } })
end

local function main(level)
    local values = {
        a = 1,
        b = "text",
        deep = { { true }, x = { y = 2.5 } },
        err = nil,
    }

    if not level then
        assert(next(ctx.all()) == nil)
        check_get()
        check_arguments()
        check_inheritance({})
        local pid = assert(process.with_context(values)
            :spawn_monitored(process.id(), host, "child"))
        local event = process.events():receive()
        assert(event.from == pid and not event.result.error,
            event.result.error)
        return
    end
    check_get()
    check_values(values)
    check_inheritance(values)
    check_immutable(values)
end

return { main = main }
