-- Names that a child holds from birth, and what is done when they are taken
-- (semantics P10, N2, N4, P4).

local host = "app:processes"

local function named(name)
    return process.with_options({}):with_name(name)
end

local function exit_of(pid)
    local event = process.events():receive()

    assert(event.kind == process.event.EXIT and event.from == pid)
    return event.result
end

-- It has the name, though it has not run yet.
local function check_free()
    local pid = assert(named("one"):spawn_monitored("app:child", host, "echo"))

    assert(process.registry.lookup("one") == pid)
    assert(process.send("one", "end"))
    assert(exit_of(pid).value == "told")
    assert(process.registry.lookup("one") == nil)
end

-- The holder's pid, the messages go to him; watched as asked for.
local function check_taken()
    local echo = process.listen("echo")
    local holder = assert(named("taken"):spawn("app:child", host, "echo"))
    local again = named("taken"):with_message("a", process.pid())
        :with_message("b", process.pid())

    assert(again:spawn("app:child", host, print ~= nil) == holder)
    for _, topic in ipairs({ "a", "b" }) do
        local got = assert(echo:receive())
        assert(got[1] == topic and got[2] == "", got[2])
    end
    -- What is no entry is still an error, and so is what cannot travel.
    assert(again:spawn("app:none", host) == nil)
    assert(again:spawn("app:child", host, print) == nil)

    assert(again:spawn_monitored("app:child", host) == holder)
    assert(again:spawn_monitored("app:child", host) == holder)
    local _, err = process.monitor(holder)
    assert(err:message() == "already monitoring pid: " .. holder)
    process.set_options({ trap_links = true })
    assert(again:spawn_linked("app:child", host) == holder)
    assert(process.send(holder, "fail"))
    assert(exit_of(holder).error)
    local down = process.events():receive()
    assert(down.kind == process.event.LINK_DOWN and down.from == holder)
    process.unlisten(echo)
end

-- Oneself is a holder as good as any.
local function check_own()
    assert(process.registry.register("myself"))
    local mine = process.listen("mine", { message = true })
    local pid = named("myself"):with_message("mine", 42)
        :spawn_linked_monitored("app:child", host)

    assert(pid == process.pid())
    local message = mine:receive()
    assert(message:from() == "" and message:payload():data() == 42)
    assert(process.registry.unregister("myself"))
    process.unlisten(mine)
end

-- Several spawn under one name while holders end: everyone gets a holder that
-- lived, and each message is read by somebody who held the name.
local function contend(rounds)
    local spawner = named("contended"):with_message("go")

    for _ = 1, rounds do
        local pid = assert(spawner:spawn_monitored("app:child", host, "brief"))
        exit_of(pid)
    end
end

local function check_contention()
    local left = 0

    for _ = 1, 8 do
        assert(process.spawn_monitored(process.id(), host, 200))
        left = left + 1
    end
    while left > 0 do
        local event = process.events():receive()
        assert(not event.result.error, event.result.error)
        left = left - 1
    end
    assert(process.registry.lookup("contended") == nil)
end

local function main(rounds)
    if rounds then
        return contend(rounds)
    end
    check_free()
    check_taken()
    check_own()
    check_contention()
end

return { main = main }
