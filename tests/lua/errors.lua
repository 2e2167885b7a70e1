-- Errors in one process (semantics R1 to R3, R5, R6).

local function raises(text, ...)
    local ok, err = pcall(...)
    assert(not ok and tostring(err):find(text, 1, true), err)
end

local function test_new()
    local e = errors.new("plain")
    assert(type(e) == "userdata" and tostring(e) == "plain")
    assert(e:kind() == errors.UNKNOWN and e:message() == "plain")
    assert(e:retryable() == nil and e:details() == nil)
    assert(type(e:stack()) == "string" and #e:stack() > 0)
    assert(getmetatable(e) == false)
    e = errors.new({
        message = "m",
        kind = errors.RATE_LIMITED,
        retryable = true,
        details = { 1 },
    })
    assert(e:kind() == "RateLimited" and e:retryable() == true)
    assert(e:details()[1] == 1)
    assert(errors.new({ message = "m", details = {} }):details() == nil)
    raises("message field is required", errors.new, {})
    raises("message must be a string, got number", errors.new, { message = 1 })
    raises("expected string or table, got number", errors.new, 1)
    raises("expected string or table, got no value", errors.new)
    raises("kind must be a string, got table", errors.new, { message = "m", kind = {} })
    raises("retryable must be a boolean, got number", errors.new, { message = "m", retryable = 1 })
    raises("details must be a table, got string", errors.new, { message = "m", details = "d" })
    raises("bad argument #1 to 'errors.new' (", errors.new, {})
    assert(errors.new({ message = "m", kind = "Mine" }):kind() == "Mine")
    assert(errors.new(""):message() == "" and tostring(errors.new("a\0b")) == "a\0b")
end

local function test_operators()
    local e = errors.new("m")
    assert(e .. "!" == "m!" and "!" .. e == "!m" and e .. e == "mm")
    assert(e == e and e ~= errors.new("m"))
    assert(not pcall(function()
        return e .. {}
    end))
    assert(e:message():upper() == string.upper(e))
    assert(string.find(e, "m") == 1 and string.rep(e, 2) == "mm")
end

local function test_wrap()
    local e = errors.new({ message = "m", kind = "Timeout", retryable = true,
        details = { at = "wrap" } })
    local w = errors.wrap(e, "while trying")
    assert(w:details().at == "wrap")
    assert(w ~= e and w:message() == "m" and w:kind() == "Timeout")
    assert(w:retryable() == true)
    assert(w:stack():find("while trying", 1, true) == 1)
    assert(w:stack():find(e:stack(), 1, true))
    assert(errors.is(e, errors.TIMEOUT) and not errors.is(e, "Invalid"))
    assert(errors.is("Timeout", "Timeout") == false)
    assert(not errors.is() and not errors.is(nil, nil) and not errors.is({}, "Timeout"))
    assert(not errors.is(e) and errors.is(errors.new("x"), errors.UNKNOWN))
    -- The outer context stands before the inner one.
    local stack = errors.wrap(w, "again"):stack()
    assert(stack:find("again\nwhile trying\n", 1, true) == 1, stack)
    -- What is no Error becomes the message of one; no error stays none.
    w = errors.wrap("text", "context")
    assert(w:message() == "text" and w:kind() == errors.UNKNOWN and w:retryable() == nil)
    assert(w:stack():find("context\n", 1, true) == 1 and errors.call_stack(w).frames[1].line > 0)
    assert(errors.wrap(setmetatable({}, { __tostring = function() return "me" end }), "c"):message() == "me")
    assert(errors.wrap(nil, "context") == nil)
    assert(errors.wrap(e, errors.new("context")):stack():find("context\n", 1, true) == 1)
    raises("bad argument #2 to 'errors.wrap' (string expected, got table)", errors.wrap, e, {})
    raises("bad argument #2 to 'errors.wrap' (string expected, got no value)", errors.wrap, e)
    raises("bad argument #1 to 'errors.wrap' (value expected)", errors.wrap)
    raises("bad argument #1 to 'kind' (error expected, got table; call it with ':')", function()
        e.kind({})
    end)
end

local function make()
    return errors.new("here")
end

local function test_call_stack()
    local e = make()
    local stack = errors.call_stack(e)
    local frame = stack.frames[1]

    assert(stack.thread == "main" and #stack.frames >= 3)
    assert(frame.level == 1 and frame.name == "make" and frame.type == "Lua")
    assert(frame.source:find("errors", 1, true) and frame.line == 79)
    assert(stack.frames[2].line > frame.line and stack.frames[2].level == 2)
    -- Functions of the host's are frames, too.
    local _, inner = pcall(function()
        error(make())
    end)
    local types = {}
    for i, f in ipairs(errors.call_stack(inner).frames) do
        assert(f.level == i and type(f.source) == "string")
        assert(math.type(f.line) == "integer" and type(f.name) == "string")
        types[f.type] = true
    end
    assert(types.C and types.Lua)
    -- A context that looks like a frame is none.
    local forged = errors.wrap(e, "x\nstack traceback:\n\tno.lua:1: in function 'no'")
    local frames = errors.call_stack(forged).frames
    assert(frames[1].name == "make" and #frames == #stack.frames)
    assert(errors.call_stack("no error") == nil and errors.call_stack() == nil)
end

-- The same object, not its text (semantics R5).
local function test_raise()
    local e = errors.new("m")
    local ok, got = pcall(error, e)
    assert(not ok and got == e)
    ok, got = pcall(assert, nil, e)
    assert(not ok and got == e)
    ok, got = pcall(coroutine.wrap(function()
        error(e)
    end))
    assert(not ok and got == e)
end

local function main()
    test_new()
    test_operators()
    test_wrap()
    test_call_stack()
    test_raise()
end

return { main = main }
