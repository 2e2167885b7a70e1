-- Ends, failures and cancels reach a process whose mailbox takes no more, and
-- one that never looks: they are handled between its slices, before it runs on
-- (semantics V5, D5, C5, C6, W3, W5, W6, T17).
-- limits: {mailbox_messages: 4}

local time = require("time")
local host = process.pid():match("^{(.-)|")

local roles = {}

function roles.fails()
    error("failed", 0)
end

-- Fills its own mailbox, and then gets one signal of each sort.
function roles.full()
    process.set_options({ trap_links = true })
    for i = 1, 4 do
        assert(process.send(process.pid(), "mail", i))
    end
    local _, err = process.send(process.pid(), "mail", 5)
    assert(err:kind() == errors.RATE_LIMITED)
    local child = assert(process.spawn_linked_monitored(
        process.id(), host, "fails"))
    assert(process.cancel(process.pid(), "now"))

    local seen = {}
    for _ = 1, 3 do
        local event = process.events():receive()
        seen[event.kind] = event
    end
    assert(seen[process.event.EXIT].from == child)
    assert(seen[process.event.LINK_DOWN].from == child)
    assert(seen[process.event.CANCEL].reason == "now")
    for i = 1, 4 do
        assert(process.inbox():receive():payload():data() == i)
    end
    return "all of them"
end

-- Linked to one that fails, it has no moment to look: only slices end.
function roles.never_looks()
    for i = 1, 4 do
        assert(process.send(process.pid(), "mail", i))
    end
    assert(process.spawn_linked(process.id(), host, "fails"))
    while true do
        pcall(function()
            for _ = 1, 1000 do
            end
        end)
    end
end

-- Both its mail and the failure are there when it goes on: the failure counts.
function roles.waits(parent)
    local child = process.inbox():receive():payload():data()

    assert(process.link(child))
    process.send(parent, "linked")
    process.inbox():receive()
    process.send(parent, "went on")
end

function roles.told_to_fail()
    process.inbox():receive()
    error("told to", 0)
end

local function ends(...)
    assert(process.spawn_monitored(process.id(), host, ...))
    return process.events():receive().result
end

local function test_before_it_runs_on()
    local told = process.listen("linked")
    local failing = process.spawn(process.id(), host, "told_to_fail")
    local pid = process.spawn_monitored(
        process.id(), host, "waits", process.pid())

    process.send(pid, "target", failing)
    told:receive()
    assert(process.monitor(failing))
    process.send(failing, "fail")
    local first = process.events():receive()
    local second = process.events():receive()
    assert(first.from == failing and first.result.error:message() == "told to")
    assert(second.from == pid and
        second.result.error:message() == "linked process failed: " .. failing)
    assert(not process.send(pid, "mail"))
end

local function main(role, ...)
    if role then
        return roles[role](...)
    end
    assert(ends("full").value == "all of them")
    assert(ends("never_looks").error:message():find("^linked process failed"))
    test_before_it_runs_on()
    local went_on = channel.select({
        process.listen("went on"):case_receive(),
        default = true,
    })
    assert(went_on.default)
end

return { main = main }
