-- The requirement's examples in the ways that they can go (semantics T2 to
-- T11, T17): each role is one of its programs, told here in our own words.

local time = require("time")
local host = process.pid():match("^{(.-)|")
local id = process.id()
local events

local function spawn(how, ...)
    return assert(process[how](id, host, ...))
end

local function exit_of(pid)
    local event = events:receive()

    assert(event.kind == process.event.EXIT and event.from == pid)
    return event.result
end

local function run(...)
    return exit_of(spawn("spawn_monitored", ...))
end

local function milliseconds(action)
    local began = time.now()

    action()
    return time.now():sub(began):milliseconds()
end

-- What a program does with its next LINK_DOWN, in at most three seconds.
local function await_link_down(timeout)
    local late = time.after(timeout)
    local got = channel.select({
        process.events():case_receive(),
        late:case_receive(),
    })

    if got.channel == late then
        return nil, "no LINK_DOWN received"
    end
    assert(got.value.kind == process.event.LINK_DOWN)
    return "LINK_DOWN_RECEIVED"
end

local roles = {}

function roles.heeds()
    process.events():receive()
    return "heeded"
end

function roles.deaf()
    time.sleep("1h")
end

function roles.fails()
    error("on purpose")
end

function roles.ends() end

function roles.ends_when_told()
    process.inbox():receive()
end

function roles.fails_when_told()
    process.inbox():receive()
    error("on purpose")
end

function roles.links(timeout)
    process.set_options({ trap_links = true })
    local msg = process.inbox():receive()
    local ok, err = process.link(msg:payload():data())

    if not ok then
        return nil, "link failed: " .. tostring(err)
    end
    assert(process.send(msg:from(), "linked", process.pid()))
    return await_link_down(timeout)
end

function roles.parent_without_trap()
    local options = process.get_options()

    assert(options.trap_links == false)
    spawn("spawn_linked", "fails")
    process.events():receive()
    return "has run on"
end

function roles.parent_with_trap(pause)
    process.set_options({ trap_links = true })
    spawn("spawn_linked", "fails")
    time.sleep(pause)
    return await_link_down("10s")
end

function roles.star_child(trap)
    process.set_options({ trap_links = trap })
    local msg = process.inbox():receive()
    assert(process.link(msg:from()))
    assert(process.send(msg:from(), "linked"))
    process.events():receive()
    return "parent_died"
end

function roles.star_parent(observer, trap, count)
    local inbox = process.inbox()
    local children = {}

    for i = 1, count do
        children[i] = spawn("spawn", "star_child", trap)
        assert(process.send(children[i], "inbox"))
    end
    for _ = 1, count do
        assert(inbox:receive():topic() == "linked")
    end
    assert(process.send(observer, "children", children))
    inbox:receive()
    error("PARENT_STAR_FAILURE")
end

function roles.chain_node(observer, depth)
    assert(math.type(depth) == "integer")
    assert(process.send(observer, "node", depth))
    if depth > 0 then
        spawn("spawn_linked", "chain_node", observer, depth - 1)
    end
    time.sleep("1h")
end

function roles.chain_root(observer, depth)
    spawn("spawn_linked", "chain_node", observer, depth)
    process.inbox():receive()
    error("CHAIN_ROOT_FAILURE")
end

-- Who heeds ends at once, who does not when its time is over (semantics T2).
local function test_monitor_later()
    for role, least in pairs({ heeds = 0, deaf = 100 }) do
        local pid = spawn("spawn", role)
        time.sleep("5ms")
        assert(process.monitor(pid))
        local result
        local took = milliseconds(function()
            assert(process.cancel(pid, "100ms"))
            result = exit_of(pid)
        end)
        assert(took >= least and took < least + 5000, took)
        if role == "heeds" then
            assert(result.value == "heeded" and result.error == nil)
        else
            assert(result.error:message() == "process terminated")
        end
    end

    local pid = spawn("spawn_monitored", "ends")
    exit_of(pid)
    local ok, err = process.monitor(pid)
    assert(not ok and err:message() == "pid not registered: " .. pid)
end

-- No event after unmonitor, however the process ends (semantics T3).
local function test_unmonitor()
    for _, role in ipairs({ "heeds", "deaf" }) do
        local pid = spawn("spawn_monitored", role)
        assert(process.unmonitor(pid))
        assert(process.cancel(pid, "20ms"))
        local late = time.after("60ms")
        assert(channel.select({
            events:case_receive(),
            late:case_receive(),
        }).channel == late)
    end
end

-- A link to a process that fails, ends, is ended by force, or is dead
-- (semantics T4).
local function test_explicit_link()
    local function link_to(target)
        local worker = spawn("spawn_monitored", "links", "200ms")
        assert(process.send(worker, "target", target))
        return worker
    end
    local function linked(role, finish)
        local target = spawn("spawn", role)
        local worker = link_to(target)
        local msg = process.inbox():receive()
        assert(msg:topic() == "linked" and msg:payload():data() == worker)
        finish(target)
        return exit_of(worker)
    end
    local function tell(target)
        assert(process.send(target, "go"))
    end

    assert(linked("fails_when_told", tell).value == "LINK_DOWN_RECEIVED")
    assert(linked("deaf", process.terminate).value == "LINK_DOWN_RECEIVED")
    local result = linked("ends_when_told", tell)
    assert(result.error:message() == "no LINK_DOWN received")

    local dead = spawn("spawn_monitored", "ends")
    exit_of(dead)
    result = exit_of(link_to(dead))
    assert(result.error:message()
        == "link failed: pid not registered: " .. dead)
end

-- The child's failure, with and without trap_links (semantics T5 to T7).
local function test_linked_child()
    local err = run("parent_without_trap").error

    assert(err:message():find("^linked process failed: {"), err:message())
    for _, pause in ipairs({ "0s", "20ms" }) do
        assert(run("parent_with_trap", pause).value == "LINK_DOWN_RECEIVED")
    end
end

-- All eleven are gone, the children each in their own way (semantics T10).
local function test_star(trap)
    local parent = spawn("spawn_monitored", "star_parent",
        process.pid(), trap, 10)
    local msg = process.inbox():receive()
    local left = { [parent] = true }

    assert(msg:topic() == "children")
    for _, child in ipairs(msg:payload():data()) do
        left[child] = true
        assert(process.monitor(child))
    end
    assert(process.send(parent, "go"))
    for _ = 1, 11 do
        local event = events:receive()
        local result = event.result
        assert(left[event.from])
        left[event.from] = nil
        if event.from == parent then
            assert(result.error:message():find("PARENT_STAR_FAILURE", 1, true))
        elseif trap then
            assert(result.value == "parent_died")
        else
            assert(result.error:message()
                == "linked process failed: " .. parent)
        end
    end
    assert(next(left) == nil)
end

-- The five follow the root one after the other, out of their sleep (semantics
-- T11).
local function test_chain()
    local root = spawn("spawn_monitored", "chain_root", process.pid(), 4)
    local nodes = {}

    for depth = 4, 0, -1 do
        local msg = process.inbox():receive()
        assert(msg:payload():data() == depth)
        nodes[#nodes + 1] = msg:from()
        assert(process.monitor(msg:from()))
    end
    assert(process.send(root, "go"))
    local before = root
    local cause = {}
    for _ = 1, 6 do
        local event = events:receive()
        cause[event.from] = event.result.error:message()
    end
    assert(cause[root]:find("CHAIN_ROOT_FAILURE", 1, true))
    for _, node in ipairs(nodes) do
        assert(cause[node] == "linked process failed: " .. before)
        before = node
    end
end

function roles.watches(how, trap)
    process.set_options({ trap_links = trap })
    local child = spawn(how, "fails_when_told")
    local late = time.after("50ms")
    local seen = ""

    assert(process.send(child, "go"))
    while true do
        local got = channel.select({
            process.events():case_receive(),
            late:case_receive(),
        })
        if got.channel == late then
            return seen
        end
        assert(got.value.from == child)
        seen = seen .. got.value.kind .. " "
    end
end

function roles.cleans(pause)
    local event = process.events():receive()
    assert(event.kind == process.event.CANCEL)
    time.sleep(pause)
    return "clean"
end

-- Each kind of event comes to who has what it needs, and to nobody else; and
-- how long a cancelled process has (semantics T17).
local function test_event_table()
    for _, trap in ipairs({ false, true }) do
        assert(run("watches", "spawn", trap).value == "")
        assert(run("watches", "spawn_monitored", trap).value == "pid.exit ")
    end
    assert(run("watches", "spawn_linked", true).value == "pid.link.down ")
    assert(run("watches", "spawn_linked", false).error:message()
        :find("^linked process failed: {"))

    local result
    local pid = spawn("spawn_monitored", "cleans", "20ms")
    local took = milliseconds(function()
        assert(process.cancel(pid, "10s"))
        result = exit_of(pid)
    end)
    assert(result.value == "clean" and took >= 20)
    pid = spawn("spawn_monitored", "cleans", "1h")
    took = milliseconds(function()
        assert(process.cancel(pid, "20ms"))
        result = exit_of(pid)
    end)
    assert(result.error:message() == "process terminated" and took >= 20)
    assert(result.error:kind() == errors.CANCELED and result.value == nil)
end

local function main(role, ...)
    if role then
        return roles[role](...)
    end
    events = process.events()
    test_monitor_later()
    test_unmonitor()
    test_explicit_link()
    test_linked_child()
    test_star(false)
    test_star(true)
    test_chain()
    test_event_table()
    return "ok"
end

return { main = main }
