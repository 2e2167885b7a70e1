-- Many programs, and what is left of them in the host (semantics E11, E4).
local kit = require("kit")

-- Counts the host's descriptors and the zombies of it and of the guard. The
-- guard is the parent of the program, the host the guard's.
local census = [[
    guard=$PPID
    host=$(cut -d ' ' -f 4 /proc/$guard/stat)
    zombies=0
    for stat in /proc/[0-9]*/stat; do
        { read -r id name state parent rest <$stat; } 2>/dev/null || continue
        [ "$state" = Z ] || continue
        [ "$parent" = $guard ] || [ "$parent" = $host ] || continue
        zombies=$((zombies + 1))
    done
    echo $(ls /proc/$host/fd | wc -l) $(ls /proc/$guard/fd | wc -l) $zombies]]

local kinds = {
    { "fine" }, { "sh", "exit 1" }, { "none" }, { "cat" }, { "msgpack", "printf '\\301'" },
    { "sh", "sleep 600" }, { "sh", "sleep 600 & sleep 0.01" }, { "no_folder" },
}

local function burst(n)
    local pids = {}

    for i = 1, n do
        local kind = kinds[i % #kinds + 1]
        local pid = kit.start(table.unpack(kind))
        if kind[1] == "cat" then
            process.send(pid, "stdin")
        elseif kind[2] == "sleep 600" then
            if i % 2 == 0 then
                process.terminate(pid)
            else
                process.cancel(pid)
            end
        end
        pids[pid] = true
    end
    for _ = 1, n do
        local event = process.events():receive()
        assert(pids[event.from])
    end
end

-- So many that the guard cannot keep up, and starts wait their turn.
local function queue(n)
    for _ = 1, n do
        kit.start("fine")
    end
    for _ = 1, n do
        local result = process.events():receive().result
        assert(result.error == nil, tostring(result.error))
    end
end

local function main()
    local before, after

    queue(1000)

    burst(40)
    kit.await("a quiet guard", function()
        local now = kit.shell(census)
        local is_same = now == before
        before = now
        return is_same
    end)
    assert(before:match(" 0$"), before)
    burst(400)
    kit.await("the same as before: " .. before, function()
        after = kit.shell(census)
        return after == before
    end)
end

return { main = main }
