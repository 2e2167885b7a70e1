-- Which of several things that wait comes first, and what is closed at an end
-- (semantics H6, H7, H12, M1 to M4, P12 to P14, X5, X11).

local time = require("time")
local host = process.pid():match("^{(.-)|")
local me = process.pid()

local function spawn(...)
    return assert(process.spawn_monitored(process.id(), host, ...))
end

local function poll(...)
    local cases = { default = true }

    for _, ch in ipairs({ ... }) do
        cases[#cases + 1] = ch:case_receive()
    end
    return channel.select(cases)
end

local function mail(topic, value)
    assert(process.send(me, topic, value))
end

local roles = {}

function roles.sends(to, count)
    for i = 1, count do
        assert(process.send(to, "number", i))
    end
end

function roles.closes(to, how)
    local function closing(name)
        return setmetatable({}, {
            __close = function()
                assert(process.send(to, "closed", name))
            end,
        })
    end
    local _ <close> = closing("first")
    coroutine.spawn(function()
        local _ <close> = closing("task")
        time.sleep("1h")
    end)
    local _ <close> = closing("second")
    coroutine.yield()
    assert(process.send(to, "ready"))
    if how == "error" then
        error("ends")
    elseif how == "return" then
        return "ends"
    end
    process.events():receive()
end

-- An event, then what is ready here, then the earliest mail (semantics H6).
local function test_order_of_choice()
    local inbox, events = process.inbox(), process.events()
    local topic = assert(process.listen("topic"))
    local own = channel.new(1)

    mail("other", 1)
    mail("topic", 2)
    assert(process.cancel(me, "1h"))
    own:send(3)
    time.sleep("1ms")

    local got = poll(inbox, own, topic, events)
    assert(got.channel == events and got.value.kind == process.event.CANCEL)
    got = poll(inbox, own, topic)
    assert(got.channel == own and got.value == 3)
    got = poll(topic)
    assert(got.channel == topic and got.value == 2)
    got = poll(topic, inbox)
    assert(got.channel == inbox and got.value:payload():data() == 1)
    assert(poll(inbox, own, topic).default)
    assert(process.unlisten(topic))
end

-- A topic's channel gets it from when it is there; the inbox what is nobody
-- else's; and mail for one does not hold up another's (semantics M2, M3).
local function test_routing()
    local inbox = process.inbox()

    for i = 1, 3 do
        mail("a", i)
        mail("b", 10 * i)
        mail("c", 100 * i)
    end
    local b = assert(process.listen("b"))
    local a = assert(process.listen("a", { message = true }))
    assert(process.listen("a") == a and process.listen("b") == b)
    for i = 1, 3 do
        assert(inbox:receive():payload():data() == 100 * i)
    end
    for i = 1, 3 do
        assert(b:receive() == 10 * i)
    end
    for i = 1, 3 do
        local msg = a:receive()
        assert(msg:topic() == "a" and msg:payload():data() == i)
    end
    for _, ch in ipairs({ a, b }) do
        assert(process.unlisten(ch) == true)
        assert(select(2, ch:receive()) == false)
    end
    mail("a", 4)
    mail("b", 5)
    assert(inbox:receive():topic() == "a" and inbox:receive():topic() == "b")
end

-- Also when the program has closed it by itself (semantics M3, P14).
local function test_topic_again()
    local old = process.listen("again")

    old:close()
    mail("again", 1)
    assert(process.unlisten(old) == true)
    assert(process.unlisten(old) == false)
    local new = process.listen("again")
    assert(new ~= old and new:receive() == 1)
end

-- The next call makes a new one, and nothing is lost between (semantics P14).
local function test_inbox_again()
    local old = process.inbox()

    assert(process.inbox() == old)
    assert(process.unlisten(old) == true)
    local _, ok = old:receive()
    assert(ok == false)
    mail("x", 1)
    local new = process.inbox()
    assert(new ~= old and new:receive():payload():data() == 1)
end

-- Whoever sees the EXIT has all the mail (semantics X5).
local function test_mail_before_exit()
    local inbox, events = process.inbox(), process.events()

    for _ = 1, 20 do
        local pid = spawn("sends", me, 50)
        assert(events:receive().from == pid)
        for i = 1, 50 do
            local got = poll(inbox)
            assert(got.value:from() == pid)
            assert(got.value:payload():data() == i)
        end
        assert(poll(inbox).default)
    end
end

-- By an error and a return, but not by force, nor in other tasks (semantics
-- X11).
local function test_closing()
    local inbox, events = process.inbox(), process.events()

    for how, wanted in pairs({
        ["return"] = "second first",
        ["error"] = "second first",
        force = "",
    }) do
        local pid = spawn("closes", me, how)
        local closed = {}

        assert(inbox:receive():topic() == "ready")
        if how == "force" then
            assert(process.terminate(pid))
        end
        assert(events:receive().from == pid)
        while true do
            local got = poll(inbox)
            if got.default then
                break
            end
            closed[#closed + 1] = got.value:payload():data()
        end
        assert(table.concat(closed, " ") == wanted, how)
    end
end

local function main(role, ...)
    if role then
        return roles[role](...)
    end
    test_order_of_choice()
    test_routing()
    test_topic_again()
    test_inbox_again()
    test_mail_before_exit()
    test_closing()
    return "ok"
end

return { main = main }
