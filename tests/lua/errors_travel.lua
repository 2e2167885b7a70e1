-- Errors that cross two processes: what the outermost sees, and what is left
-- on the way (semantics R1, R3, R5, X1, X10).

local host = process.pid():match("^{(.-)|")
local id = process.id()
local events = process.events()

local function exit_of(...)
    local pid = assert(process.spawn_monitored(id, host, ...))
    local event = events:receive()

    assert(event.kind == process.event.EXIT and event.from == pid)
    assert(event.result.value == nil)
    return event.result.error
end

local function equal(got, want)
    if got ~= want then
        error("got '" .. tostring(got) .. "', want '" .. tostring(want) .. "'", 2)
    end
end

local function make(fields)
    local err = errors.new(fields)
    return err
end

local sources = {}

function sources.whole()
    return make({
        message = "no room",
        kind = errors.CONFLICT,
        retryable = true,
        details = { 1, 2.5, nested = { deep = { "x" } }, cause = errors.new({ message = "inner", kind = "Mine" }) },
    })
end

function sources.final()
    return make({ message = "m", kind = errors.INVALID, retryable = false })
end

function sources.plain()
    return make("plain")
end

function sources.heavy()
    return make({ message = "m", kind = "Timeout", details = { run = print } })
end

function sources.cyclic()
    local t = {}
    t.t = t
    return make({ message = "m", kind = "Timeout", details = t })
end

function sources.mixed()
    local deep = {}
    local top = deep
    for _ = 1, 80 do
        deep.next = { at = 1 }
        deep = deep.next
    end
    local own = { own = 1 }
    own.again = own
    return make({
        message = "m",
        kind = "Timeout",
        details = {
            path = "/x",
            run = print,
            [print] = 1,
            [{}] = 2,
            list = { 1, print, 3, {}, channel.new() },
            pair = { inner = { f = print, kept = true } },
            cause = errors.new({ message = "c", details = { co = coroutine.create(print), n = 7 } }),
            own = own,
            top = top,
        },
    })
end

-- In what is shared, and all of it in vain.
function sources.shared()
    local t = { print, print }
    for _ = 1, 60 do
        t = { t, t }
    end
    return make({ message = "m", kind = "Timeout", retryable = true, details = { t = t } })
end

function sources.huge()
    return make({ message = "m", kind = "Timeout", retryable = true, details = { x = ("x"):rep(2000000) } })
end

function sources.odd()
    return make({ message = "a\0b\255", kind = "K\0", details = { ["\255"] = "\0" } })
end

local function origin(name, way)
    local err = sources[name]()
    if way == "raise" then
        error(err)
    end
    return nil, err
end

local function relay(name, way)
    local err = exit_of("origin", name, way)
    if way == "raise" then
        error(errors.wrap(err, "on the way"))
    end
    return nil, errors.wrap(err, "on the way")
end

-- Raised or returned, at both places.
local function both(name, check)
    for _, way in ipairs({ "raise", "return" }) do
        local err = exit_of("relay", name, way)
        equal(type(err), "userdata")
        check(err)
        local stack = err:stack()
        assert(stack:find("on the way\nstack traceback:\n", 1, true) == 1, stack)
        local frames = errors.call_stack(err).frames
        -- Where it was made first, in the farthest of them.
        equal(frames[1].line, errors.call_stack(make("here")).frames[1].line)
        assert(frames[1].source:find("errors_travel", 1, true), frames[1].source)
    end
end

local function test_all_travels()
    both("whole", function(err)
        equal(err:message(), "no room")
        equal(tostring(err), "no room")
        equal(err:kind(), "Conflict")
        equal(err:retryable(), true)
        assert(errors.is(err, errors.CONFLICT))
        local details = err:details()
        equal(details[1], 1)
        equal(math.type(details[1]), "integer")
        equal(details[2], 2.5)
        equal(details.nested.deep[1], "x")
        equal(details.cause:message(), "inner")
        equal(details.cause:kind(), "Mine")
    end)
    both("final", function(err)
        equal(err:kind(), "Invalid")
        equal(err:retryable(), false)
        equal(err:details(), nil)
    end)
end

-- At a boundary each has some kind.
local function test_kinds()
    both("plain", function(err)
        equal(err:kind(), "Internal")
        equal(err:retryable(), nil)
    end)
    both("odd", function(err)
        equal(err:message(), "a\0b\255")
        equal(err:kind(), "K\0")
        equal(err:details()["\255"], "\0")
    end)
end

-- The rest of an Error does not wait for what cannot come along, nor do its other
-- details (semantics R5).
local function test_details_left_behind()
    both("mixed", function(err)
        local details = err:details()
        local count = 0
        for _ in pairs(details) do
            count = count + 1
        end
        equal(count, 6)
        equal(details.path, "/x")
        equal(details.list[1], 1)
        equal(details.list[2], nil)
        equal(details.list[3], 3)
        equal(next(details.list[4]), nil)
        equal(details.pair.inner.kept, true)
        equal(details.pair.inner.f, nil)
        equal(details.cause:message(), "c")
        equal(details.cause:details().n, 7)
        equal(details.cause:details().co, nil)
        equal(details.own.own, 1)
        equal(details.own.again, nil)
        local deep, levels = details.top, 2
        while deep.next do
            deep, levels = deep.next, levels + 1
        end
        equal(levels, 64)
    end)
    for _, name in ipairs({ "shared", "huge" }) do
        both(name, function(err)
            equal(err:message(), "m")
            equal(err:kind(), "Timeout")
            equal(err:retryable(), true)
            equal(err:details(), nil)
        end)
    end
    for _, name in ipairs({ "heavy", "cyclic" }) do
        both(name, function(err)
            equal(err:message(), "m")
            equal(err:kind(), "Timeout")
            equal(err:details(), nil)
        end)
    end
end

local roles = { origin = origin, relay = relay }

local function main(role, ...)
    if role then
        return roles[role](...)
    end
    test_all_travels()
    test_kinds()
    test_details_left_behind()
end

return { main = main }
