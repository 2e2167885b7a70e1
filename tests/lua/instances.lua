-- Instances of one entry: each has a pid, a mailbox, watchers and an end of its
-- own, and nothing of its state is another's (semantics V2, P1, P2, G6, X6).

local host = process.pid():match("^{(.-)|")

-- What the file's top level made, once in each.
local made = 0
shared = { math.random(0) }

local function instance(parent, number)
    made = made + 1
    shared[#shared + 1] = number
    string.mine = number
    local first = process.inbox():receive():payload():data()
    process.send(parent, "state", {
        number = number,
        mail = first,
        made = made,
        globals = #shared,
        library = string.mine,
        random = shared[1],
        id = process.id(),
    })
    process.inbox():receive()
    error("failed " .. number, 0)
end

local function main(...)
    if ... then
        return instance(...)
    end
    local states = process.listen("state")
    local pids, numbers, randoms = {}, {}, {}

    for i = 1, 3 do
        local pid = assert(process.spawn_monitored(
            process.id(), host, process.pid(), i))
        assert(not numbers[pid] and pid ~= process.pid())
        numbers[pid], pids[i] = i, pid
        process.send(pid, "mail", "for " .. i)
    end
    for _ = 1, 3 do
        local state = states:receive()
        assert(state.mail == "for " .. state.number)
        assert(state.made == 1 and state.globals == 2)
        assert(state.library == state.number)
        assert(state.id == process.id())
        assert(not randoms[state.random])
        randoms[state.random] = true
    end
    assert(made == 0 and #shared == 1 and string.mine == nil)

    -- One ends, once, for one cause; the others live on.
    assert(process.terminate(pids[2]))
    process.cancel(pids[2], 0)
    process.send(pids[2], "mail")
    local event = process.events():receive()
    assert(event.from == pids[2])
    assert(event.result.error:kind() == errors.CANCELED)
    for _, i in ipairs({ 1, 3 }) do
        assert(process.send(pids[i], "mail"))
        event = process.events():receive()
        assert(event.from == pids[i])
        assert(event.result.error:message() == "failed " .. i)
    end
    assert(channel.select({
        process.events():case_receive(),
        default = true,
    }).default)
end

return { main = main }
