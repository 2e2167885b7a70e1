-- A native process links itself to others: it falls with a Lua process and with
-- a native one, and they with it, but only by failure (semantics W4, W5, W6).
local HOST = "app:processes"
local events = process.events()
local totals = process.listen("total")

local function spawn(name)
    return assert(process.spawn_monitored("app:" .. name, HOST))
end

local function joined(a, b)
    assert(process.send(a, "join", b))
    assert(process.send(a, "get"))
    totals:receive()
end

-- Both ends, in whatever order they are told.
local function both(a, b)
    local ends = {}
    for _ = 1, 2 do
        local event = events:receive()
        ends[event.from] = event.result
    end
    return ends[a], ends[b]
end

local function main()
    local native, other = spawn("counter"), spawn("peer")
    joined(native, other)
    process.send(other, "fail")
    local a, b = both(native, other)
    assert(a.error:message() == "linked process failed: " .. other)
    assert(b.error:message() == "the peer fails")

    native, other = spawn("counter"), spawn("peer")
    joined(native, other)
    process.send(native, "add", {})
    a, b = both(native, other)
    assert(a.error:message() == "add wants an integer")
    assert(a.error:kind() == "Invalid")
    assert(b.error:message() == "linked process failed: " .. native)

    native, other = spawn("counter"), spawn("counter")
    joined(native, other)
    process.terminate(other)
    a, b = both(native, other)
    assert(a.error:message() == "linked process failed: " .. other)

    -- An end that is no failure leaves the other one.
    native, other = spawn("counter"), spawn("peer")
    joined(native, other)
    process.send(other, "end")
    assert(events:receive().result.error == nil)
    process.send(native, "add", 7)
    process.send(native, "get")
    assert(totals:receive() == 7)
    process.cancel(native)
    assert(events:receive().result.value == 7)

    -- With us, who trap.
    process.set_options({ trap_links = true })
    native = process.spawn("app:counter", HOST)
    joined(native, process.pid())
    process.terminate(native)
    local event = events:receive()
    assert(event.kind == process.event.LINK_DOWN and event.from == native)
end

return main
