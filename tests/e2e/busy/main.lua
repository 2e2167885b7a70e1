-- Four processes spin on two threads, and a fifth answers this one: prints
-- how long an answer took, which is two turns, and ends with 1 if one took
-- longer than the given milliseconds.

local time = require("time")

local HOST = "app:processes"
local ROUNDS = 200

local function main(bound)
    local inbox = process.inbox()
    local answerer = assert(process.spawn_linked("app:answerer", HOST))
    local sum, longest = 0, 0
    local spinners = {}

    for i = 1, 4 do
        spinners[i] = assert(process.spawn("app:spinner", HOST))
    end
    time.sleep("100ms")
    for i = 1, ROUNDS do
        local began = time.now()
        assert(process.send(answerer, "ask", i))
        assert(inbox:receive():payload():data() == i)
        local took = time.now():sub(began):seconds() * 1000
        sum, longest = sum + took, math.max(longest, took)
        time.sleep("5ms")
    end
    for _, pid in ipairs(spinners) do
        assert(process.terminate(pid))
    end
    print(("%d answers beside four that spin: %.1f ms, at worst %.1f ms"):format(
        ROUNDS, sum / ROUNDS, longest))
    return longest < tonumber(bound)
end

return { main = main }
