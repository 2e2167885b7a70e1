-- What the programs share: they are the journal that the children write.
local time = require("time")

local kit = {}
local journal

local LIMIT = "10s"

function kit.open()
    journal = process.listen("journal")
    assert(process.registry.register("journal"))
end

-- Run all functions of a table, by name; between two the journal is empty.
function kit.run(cases)
    local names = {}
    for name in pairs(cases) do
        names[#names + 1] = name
    end
    table.sort(names)
    kit.open()
    for _, name in ipairs(names) do
        local ok, err = pcall(cases[name])
        if not ok then
            error(name .. ": " .. tostring(err), 0)
        end
        kit.nothing()
    end
end

-- The next thing that a child says.
function kit.next()
    local result = channel.select({
        journal:case_receive(), time.after(LIMIT):case_receive() })
    assert(result.channel == journal, "nothing is said")
    return result.value
end

-- The next things are these, in this order: "started a".
function kit.expect(...)
    local last
    for _, wanted in ipairs({ ... }) do
        last = kit.next()
        local said = last.what .. " " .. last.name
        assert(said == wanted, said .. ", not " .. wanted)
    end
    return last
end

-- The next things are these, in any order; gives pids by name.
function kit.expect_all(...)
    local wanted, pids = {}, {}
    for _, said in ipairs({ ... }) do
        wanted[said] = (wanted[said] or 0) + 1
    end
    for _ = 1, select("#", ...) do
        local entry = kit.next()
        local said = entry.what .. " " .. entry.name
        assert((wanted[said] or 0) > 0, "unexpected: " .. said)
        wanted[said] = wanted[said] - 1
        pids[entry.name] = entry.pid
    end
    return pids
end

-- Nothing more is said for a moment.
function kit.nothing()
    local result = channel.select({
        journal:case_receive(), time.after("20ms"):case_receive() })
    assert(result.channel ~= journal, result.value and type(result.value) ==
        "table" and "unexpected: " .. tostring(result.value.what) .. " " ..
        tostring(result.value.name))
end

-- Start a supervisor, watched and not linked.
function kit.start(name)
    return assert(process.spawn_monitored("app:" .. name, "app:processes"))
end

-- How a process ended.
function kit.ended(pid)
    local events = process.events()
    local result = channel.select({
        events:case_receive(), time.after(LIMIT):case_receive() })
    assert(result.channel == events, "no event")
    local event = result.value
    assert(event.kind == "pid.exit" and event.from == pid, event.kind)
    return event.result
end

-- It failed so.
function kit.failed(pid, text, kind)
    local err = kit.ended(pid).error
    assert(err, "it did not fail")
    assert(err:message() == text, err:message())
    assert(err:kind() == (kind or "Internal"), err:kind())
    assert(err:retryable() == nil)
end

-- Cancel it; it ends as a supervisor does.
function kit.close(pid)
    assert(process.cancel(pid))
    local result = kit.ended(pid)
    assert(result.error == nil, result.error)
    assert(result.value == "shutdown", result.value)
end

-- The records of a supervisor, by id.
function kit.children(pid)
    local supervisor = require("supervisor")
    local by_id = {}
    for _, child in ipairs(assert(supervisor.which_children(pid))) do
        by_id[child.id] = child
    end
    return by_id
end

-- Wait until something holds.
function kit.await(what, holds)
    for _ = 1, 1000 do
        if holds() then
            return
        end
        time.sleep("5ms")
    end
    error("in vain: " .. what, 2)
end

-- Wait until the start of a child is over, which is a moment after it, or the
-- last of its own children, has said that it started.
function kit.running(pid, id)
    kit.await(id .. " runs", function()
        -- A child runs when it has a pid; this waits until nothing starts.
        supervisor.delete_child(pid, "nobody")
        return kit.children(pid)[id].status == "running"
    end)
end

return kit
