-- Lets a process hold its thread in each way, cancels it with a deadline, and
-- prints how long after the deadline it ended. With arguments: only these.

local time = require("time")
local ways = require("ways")

local events

-- What fills all its memory may be ended by that as well.
local limits = { memory = true, tasks_that_multiply = true }

local function check(name, entry, ...)
    local pid = assert(process.spawn_monitored(entry, "app:processes", ...))

    time.sleep("30ms")
    local began = time.now()
    assert(process.cancel(pid, "10ms"))
    local late = time.after("30s")
    local got = channel.select({ events:case_receive(), late:case_receive() })
    if got.channel == late then
        error(name .. " goes on")
    end

    local message = got.value.result.error:message()
    assert(got.value.from == pid)
    assert(message == "process terminated"
        or limits[name] and message:find("memory limit exceeded", 1, true),
        name .. ": " .. message)
    print(("%-24s %8.1f ms"):format(
        name, time.now():sub(began):seconds() * 1000 - 10))
end

local function main(...)
    local names = { ... }

    events = process.events()
    if #names == 0 then
        for name in pairs(ways) do
            names[#names + 1] = name
        end
        table.sort(names)
        check("top level", "app:top")
        check("import", "app:importer")
    end
    for _, name in ipairs(names) do
        check(name, "app:holder", name)
    end
end

return { main = main }
