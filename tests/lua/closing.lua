-- Errors that meet errors: in __tostring, __index, __close and handlers; error
-- objects through all that catches; limits of depth and of patterns; and what
-- is left of a process that fails meanwhile (semantics G7, G8, R3, R5, X1, X2,
-- X7, X10, X11).

local time = require("time")
local host = process.pid():match("^{(.-)|")

-- What a watcher sees of a child that does this.
local function ends(what)
    local pid = assert(process.spawn_monitored(process.id(), host, what))
    local event = process.events():receive()

    assert(event.from == pid and event.kind == process.event.EXIT)
    return event.result
end

local function meta(name, f)
    return setmetatable({}, { [name] = f })
end

local children = {}

function children.tostring_raises()
    error(meta("__tostring", function() error("worse") end))
end

function children.tostring_waits()
    error(meta("__tostring", function() return (process.inbox():receive()) end))
end

function children.tostring_gives_number()
    error(meta("__tostring", function() return 5 end))
end

function children.tostring_gives_table()
    error(meta("__tostring", function() return {} end))
end

function children.tostring_spins()
    error(meta("__tostring", function() while true do end end))
end

-- Nobody comes back from a failure (semantics P19), which an error is before
-- it is known what it says.
local function upgrades()
    error(meta("__tostring", function()
        process.upgrade(nil, "false_and_text")
    end))
end

children.tostring_upgrades = upgrades

function children.tostring_of_a_task_upgrades()
    coroutine.spawn(upgrades)
    process.inbox():receive()
end

-- What that takes is not taken from the closes (semantics X11).
function children.tostring_takes_time()
    local a <close> = meta("__close", function()
        for _ = 1, 3000 do end
        process.send("closing.watcher", "closed", "in time")
    end)
    error(meta("__tostring", function()
        local began = os.clock()
        while os.clock() - began < 0.02 do end
        return "slow"
    end))
end

function children.close_replaces()
    local c <close> = meta("__close", function() error("second") end)
    error("first", 0)
end

function children.close_replaces_with_object()
    local c <close> = meta("__close", function()
        error(errors.new({ message = "while closing", kind = "Timeout",
            retryable = false, details = { n = 1 } }))
    end)
    error("first", 0)
end

function children.close_replaces_a_number()
    local c <close> = meta("__close", function() error(2) end)
    error(1)
end

function children.close_raises_the_same()
    local c <close> = meta("__close", function(_, err) error(err, 0) end)
    error(errors.new({ message = "first", kind = "Conflict" }))
end

function children.close_waits()
    local a <close> = meta("__close", function() process.inbox():receive() end)
    local b <close> = meta("__close", function()
        local ok, err = pcall(time.sleep, "1h")
        assert(not ok and err:find("cannot wait inside a __close of a process "
            .. "that fails", 1, true), err)
    end)
    error(errors.new({ message = "first", kind = "Conflict" }))
end

function children.close_upgrades()
    local a <close> = meta("__close", function()
        process.upgrade(nil, "false_and_text")
    end)
    error("first", 0)
end

-- Neither is an error of theirs, but then there is no time left for them.
function children.close_spins_after_an_error()
    local a <close> = meta("__close", function() while true do end end)
    local b <close> = meta("__close", function() error("second", 0) end)
    error("first", 0)
end

function children.close_fails_alone()
    local c <close> = meta("__close", function() error("alone", 0) end)
    return "fine"
end

-- Tells each error that closes what, in its task or in another.
local function closes(name, and_then)
    return meta("__close", function(_, err)
        process.send("closing.watcher", "closed", name, tostring(err))
        if and_then then
            error(and_then, 0)
        end
    end)
end

function children.close_at_the_end()
    local a <close> = closes("a")
    local b <close> = closes("b", "of b")
    error("first", 0)
end

function children.close_at_a_tasks_end()
    coroutine.spawn(function()
        local a <close> = closes("a")
        local b <close> = closes("b", "of b")
        error(setmetatable({}, { __tostring = function() return "obj" end }))
    end)
    process.inbox():receive()
end

function children.index_raises()
    local t = meta("__index", function(_, k) error(errors.new(k)) end)
    return t.field
end

function children.name_in_error()
    error(setmetatable({}, { __name = "my type" }))
end

function children.error_first_place()
    return errors.new("a value"), 1
end

function children.error_second_place()
    return "lost", errors.new({ message = "told", kind = "Timeout" })
end

function children.error_third_place()
    return "kept", nil, "text"
end

function children.false_and_text()
    return false, "text"
end

function children.number_second()
    return "kept", 5
end

function children.empty_text()
    return nil, ""
end

function children.task_raises()
    coroutine.spawn(function() error("of a task", 0) end)
    return (process.inbox():receive())
end

function children.wrapped()
    local f = coroutine.wrap(function()
        coroutine.wrap(function() error(errors.new("inmost")) end)()
    end)
    f()
end

function children.deep()
    local function f(n) return 1 + f(n) end
    return f(1)
end

function children.deep_pcall()
    local function f() return pcall(f) end
    f()
    return "survived"
end

function children.handler_fails()
    local ok, err = xpcall(error, function() error("again") end, "x")
    return { ok, tostring(err) ~= "" }
end

local expected = {
    tostring_raises = "(error object is a table value)",
    tostring_waits = "(error object is a table value)",
    tostring_gives_number = "5",
    tostring_gives_table = "(error object is a table value)",
    tostring_upgrades = "(error object is a table value)",
    tostring_spins = "(error object whose __tostring takes too long)",
    tostring_of_a_task_upgrades = "(error object is a table value)",
    close_replaces_with_object = "while closing",
    close_replaces_a_number = "2",
    close_raises_the_same = "first",
    close_waits = "first",
    close_upgrades = "first",
    close_spins_after_an_error = "first",
    close_fails_alone = "alone",
    index_raises = "field",
    error_second_place = "told",
    false_and_text = "text",
    empty_text = "",
    task_raises = "of a task",
    wrapped = "inmost",
}

local function test_failures()
    for what, message in pairs(expected) do
        local result = ends(what)
        assert(result.value == nil, what)
        assert(result.error:message() == message,
            what .. ": " .. result.error:message())
    end
    assert(ends("error_second_place").error:kind() == errors.TIMEOUT)
    local err = ends("close_replaces").error
    assert(err:message():find("^closing%.lua:%d+: second$"), err)
    -- The place is the first one's, which is why it all happened.
    assert(err:stack():find("raised by a __close, after: first\n", 1, true))
    local frames = errors.call_stack(err).frames
    assert(frames[2].source == "closing.lua" and frames[2].line > 0)
    err = ends("close_replaces_with_object").error
    assert(err:kind() == errors.TIMEOUT and err:retryable() == false)
    assert(err:details().n == 1)
    assert(ends("close_raises_the_same").error:kind() == errors.CONFLICT)
    assert(ends("close_waits").error:kind() == errors.CONFLICT)
    assert(ends("name_in_error").error:message():find("^my type: "))
    assert(ends("deep").error:message():find("stack overflow", 1, true))
end

-- A process that fails closes its variables with the error that is on its way
-- then, and the last one is why it failed, as a pcall would (semantics X11).
local function test_close_at_the_end()
    local closed = process.listen("closed")

    assert(process.registry.register("closing.watcher"))
    for what, first in pairs({
        close_at_the_end = "first",
        close_at_a_tasks_end = "obj",
    }) do
        assert(ends(what).error:message() == "of b")
        for _, wanted in ipairs({ { "b", first }, { "a", "of b" } }) do
            local said = closed:receive()
            assert(said[1] == wanted[1] and said[2] == wanted[2],
                said[1] .. ": " .. said[2])
        end
    end
    assert(ends("tostring_takes_time").error:message() == "slow")
    local result = channel.select({ closed:case_receive(), default = true })
    assert(result.value == "in time", "not closed")
    assert(process.registry.unregister("closing.watcher"))
end

local function test_values()
    assert(ends("error_first_place").value:message() == "a value")
    assert(ends("error_third_place").value == "kept")
    assert(ends("number_second").value == "kept")
    assert(ends("deep_pcall").value == "survived")
    local handled = ends("handler_fails").value
    assert(handled[1] == false and handled[2] == true)
end

-- The same object, through whatever catches it.
local function test_objects_pass()
    local e = errors.new({ message = "m", details = { 1 } })
    local t = {}

    for _, value in ipairs({ e, t, 5, true, "text" }) do
        local ok, got = pcall(error, value)
        assert(not ok and got == value)
        ok, got = pcall(coroutine.wrap(function() error(value, 0) end))
        assert(not ok)
        assert(got == value or type(value) == "string")
        ok, got = coroutine.resume(coroutine.create(function()
            error(value, 0)
        end))
        assert(not ok and got == value)
        ok, got = xpcall(error, function(x) return { x } end, value)
        assert(not ok and got[1] == value)
        ok, got = pcall(function()
            local a <close> = meta("__close", function(_, x)
                assert(x == value)
            end)
            error(value, 0)
        end)
        assert(not ok and got == value)
    end
    local ok, got = pcall(error)
    assert(not ok and got == nil)
    assert("a" .. e == "am" and e .. "b" == "mb" and e .. e == "mm")
    assert(e ~= errors.new("m") and tostring(e) == "m")
end

-- They close in order, each with the error that is on its way then.
local function test_close_in_order()
    local log = {}
    local function closer(name, f)
        return meta("__close", function(_, err)
            log[#log + 1] = name .. ":" .. tostring(err)
            if f then
                f()
            end
        end)
    end
    local ok, err = pcall(function()
        local a <close> = closer("a")
        local b <close> = closer("b", function() error("from b", 0) end)
        local c <close> = closer("c")
        local d <close> = nil
        local e <close> = false
        error("first", 0)
    end)

    assert(not ok and err == "from b")
    assert(table.concat(log, " ") == "c:first b:first a:from b")
    ok, err = pcall(function()
        local x <close> = {}
    end)
    assert(not ok and err:find("variable 'x' got a non%-closable value"))
    ok, err = pcall(coroutine.wrap(function()
        local a <close> = closer("w")
        coroutine.yield()
        error("never")
    end))
    assert(ok)
    local co = coroutine.create(function()
        local a <close> = closer("co", function() error("at close", 0) end)
        coroutine.yield()
    end)
    coroutine.resume(co)
    ok, err = coroutine.close(co)
    assert(ok == false and err == "at close")
end

local function test_patterns()
    local long = ("a"):rep(100000)

    -- What a pattern may have, and one more.
    assert(#{ ("x"):rep(32):find(("(x)"):rep(32)) } == 34)
    local ok, err = pcall(string.find, ("x"):rep(33), ("(x)"):rep(33))
    assert(not ok and err:find("too many captures"))
    ok, err = pcall(string.find, "x", ("(x"))
    assert(not ok and err:find("unfinished capture"))
    for _, pattern in ipairs({ "[a", "%", "%b", "%f", "(()", "%1" }) do
        assert(not pcall(string.find, "x", pattern), pattern)
    end
    -- What would take for ever says so, and the process goes on.
    ok, err = pcall(string.find, ("a"):rep(200), ("a*"):rep(12) .. "b")
    assert(not ok and err:find("pattern too complex"))
    ok, err = pcall(string.gsub, ("a"):rep(200), ("a*"):rep(12) .. "b", "")
    assert(not ok and err:find("pattern too complex"))
    ok, err = pcall(string.match, long:rep(3), ".-b")
    assert(not ok and err:find("pattern too complex"))
    assert(long:find("a-$") == 1 and select(2, long:gsub("a", "b")) == 100000)
    assert(long:match("^(a+)$") == long and #long:gsub("", "-") == 200001)
    for _, call in ipairs({
        function() return ("x"):rep(1 << 40) end,
        function() return (""):rep(1 << 60) end,
        function() return table.move({}, 1, 1 << 40, 2) end,
        function() return table.unpack({}, 1, 1 << 40) end,
        function() return table.concat({}, "", 1, 1 << 40) end,
        function()
            return table.insert(setmetatable({}, {
                __len = function() return 1 << 60 end }), 1, 1)
        end,
    }) do
        local fine, why = pcall(call)
        assert(not fine and tostring(why):find("too many"), tostring(why))
    end
end

local function main(what)
    if what then
        return children[what]()
    end
    test_failures()
    test_values()
    test_close_at_the_end()
    test_objects_pass()
    test_close_in_order()
    test_patterns()
end

return { main = main }
