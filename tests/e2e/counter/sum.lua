-- Requests between native processes are answered once: by a reply, by the end
-- of who was asked, or by the deadline.
local HOST = "app:processes"

local function spawn(total)
    local pid = process.spawn("app:counter", HOST)
    process.send(pid, "add", total)
    return pid
end

local function main()
    local pids = {}
    for i = 1, 100 do
        pids[i] = spawn(i)
    end
    assert(process.exec("app:sum", HOST, pids) == 5050)
    assert(process.exec("app:sum", HOST, {}) == 0)

    -- One that has ended.
    process.terminate(pids[50])
    local value, err = process.exec("app:sum", HOST, pids)
    assert(value == nil)
    assert(err:message():find("process not found", 1, true)
        or err:message():find("ended without an answer", 1, true), err)

    -- A Lua process is asked too, and answers nothing.
    local deaf = process.spawn("app:peer", HOST)
    value, err = process.exec("app:hasty", HOST, { deaf })
    assert(value == nil and err:kind() == "Timeout", err)
    -- It ends instead.
    local asker = process.spawn_monitored("app:sum", HOST, { deaf })
    process.terminate(deaf)
    local event = process.events():receive()
    assert(event.from == asker)
    assert(event.result.error:message():find("process"), event.result.error)
end

return main
