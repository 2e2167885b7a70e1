-- All that a module is given.
local services = require("services")

local function main()
    -- Values to payloads and back (semantics M8, M10).
    for _, value in ipairs { 1, 1.5, "text", true, -(1 << 40), "\0\255" } do
        local back = services.echo(value)
        assert(back == value and math.type(back) == math.type(value))
    end
    assert(services.echo(nil) == nil)
    local back = services.echo { 1, { a = "b" }, [4] = 4 }
    assert(back[1] == 1 and back[2].a == "b" and back[4] == 4)
    local value, err = services.echo { f = print }
    assert(value == nil and err:kind() == "Invalid")
    assert(err:message() == "cannot send a function (at value.f)")
    local big = services.echo(("x"):rep(3000000))
    assert(#big == 3000000)
    assert(services.malformed())

    -- The process.
    local sent = process.listen("sent", { message = true })
    assert(services.send(process.pid(), { 1, 2 }) == nil)
    local msg = sent:receive()
    assert(msg:from() == process.pid() and msg:payload():data()[2] == 2)

    -- Errors (semantics R3, R4).
    for _, case in ipairs {
        { -1, 0, "Invalid", nil }, { -2, 2, "NotFound", false },
        { -9, 1, "Timeout", true }, { -15, 0, "Internal", nil },
        { -4711, 0, "Internal", nil },
    } do
        err = services.error(case[1], case[2], "a 100% sentence")
        assert(err:kind() == case[3] and err:retryable() == case[4])
        assert(err:message() == "a 100% sentence")
    end
    assert(services.error(-9, 0, ""):message() == "timed out")

    services.own()

    -- What is called back cannot wait (semantics H11), and may do all else.
    local ok, result = services.call(function() return 7 end)
    assert(ok and result == 7)
    ok, result = services.call(function() error("inner", 0) end)
    assert(not ok and result == "inner")
    ok, result = services.call(function() process.inbox():receive() end)
    assert(not ok and tostring(result):find("cannot wait inside", 1, true))
    local co = coroutine.wrap(function()
        return services.call(function() coroutine.yield(1) end)
    end)
    ok, result = co()
    assert(not ok and tostring(result):find("yield", 1, true), result)

    -- Inside of pcall, and of the program's own coroutines.
    co = coroutine.wrap(function(v)
        while true do
            v = coroutine.yield(services.echo(v))
        end
    end)
    assert(co(1) == 1 and co("x") == "x")
end

return main
