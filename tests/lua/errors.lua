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
    raises("message must be a string", errors.new, { message = 1 })
    raises("expected string or table", errors.new, 1)
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
    local e = errors.new({ message = "m", kind = "Timeout", retryable = true })
    local w = errors.wrap(e, "while trying")
    assert(w ~= e and w:message() == "m" and w:kind() == "Timeout")
    assert(w:retryable() == true)
    assert(w:stack():find("while trying", 1, true) == 1)
    assert(w:stack():find(e:stack(), 1, true))
    assert(errors.is(e, errors.TIMEOUT) and not errors.is(e, "Invalid"))
    assert(errors.is("Timeout", "Timeout") == false)
    local frames = errors.call_stack(e).frames
    assert(frames[1].line > 0 and type(frames[1].source) == "string")
    assert(errors.call_stack("no error") == nil)
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
    test_raise()
end

return { main = main }
