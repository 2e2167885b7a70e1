-- Thirty that block, on a host of one worker: all of them are heard at once.
local time = require("time")

local function main()
    local pids, events = {}, process.events()
    for i = 1, 30 do
        pids[i] = process.spawn_monitored("app:pipe", "app:processes")
    end
    time.sleep("50ms")
    local before = time.now()
    for i, pid in ipairs(pids) do
        if i % 2 == 0 then
            process.cancel(pid, "20s")
        else
            process.terminate(pid)
        end
    end
    local ended, killed = 0, 0
    for _ = 1, #pids do
        local event = events:receive()
        if event.result.error then
            killed = killed + 1
        else
            assert(event.result.value == 0)
            ended = ended + 1
        end
    end
    assert(ended == 15 and killed == 15)
    assert(time.now():sub(before):seconds() < 10)
end

return main
