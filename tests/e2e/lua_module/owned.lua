-- What a process owns outside of its state goes with it, in whatever way it
-- ends, and with its program when it becomes another (semantics X1, X7, P19).
local file = require("file")
local time = require("time")
local HOST = "app:processes"

-- Everyone is told of an end before the instance is taken apart.
local function closed()
    while file.count() > 0 do
        time.sleep("1ms")
    end
end

local function main(path)
    process.registry.register("owned")
    local events = process.events()
    for how, error in pairs {
        ["return"] = false,
        close = false,
        fail = "it fails",
        memory = "memory limit exceeded: 1 MiB",
        terminate = "process terminated",
        spin = "process terminated",
        cancel = "process terminated",
        upgrade = false,
    } do
        for _ = 1, 20 do
            local pid = process.spawn_monitored("app:owner", HOST, path, how)
            process.inbox():receive()
            if error == "process terminated" then
                assert(file.count() == 3)
                if how == "cancel" then
                    process.cancel(pid, "1ms")
                else
                    process.terminate(pid)
                end
            end
            local err = events:receive().result.error
            assert((err and err:message() or false) == error, err)
            closed()
        end
    end

    -- Also one that never ran on, and a hundred at a time.
    local pids = {}
    for i = 1, 100 do
        pids[i] = process.spawn_linked("app:owner", HOST, path, "terminate")
        process.inbox():receive()
    end
    assert(file.count() == 300)
    process.set_options({ trap_links = true })
    for _, pid in ipairs(pids) do
        process.terminate(pid)
    end
    closed()
end

return main
