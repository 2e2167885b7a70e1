-- Four processes spin on two threads, and a fifth answers this one: prints
-- how late this one wakes from a sleep, how long an answer takes, which is a
-- turn of each, and ends with 1 if either took longer than the given
-- milliseconds.

local time = require("time")

local HOST = "app:processes"
local ROUNDS = 200

local function milliseconds_since(moment)
    return time.now():sub(moment):seconds() * 1000
end

local function main(bound)
    local inbox = process.inbox()
    local answerer = assert(process.spawn_linked("app:answerer", HOST))
    local late, longest = 0, 0
    local spinners = {}

    for i = 1, 4 do
        spinners[i] = assert(process.spawn("app:spinner", HOST))
    end
    time.sleep("100ms")
    for i = 1, ROUNDS do
        local began = time.now()
        time.sleep("5ms")
        late = math.max(late, milliseconds_since(began) - 5)

        began = time.now()
        assert(process.send(answerer, "ask", i))
        assert(inbox:receive():payload():data() == i)
        longest = math.max(longest, milliseconds_since(began))
    end
    for _, pid in ipairs(spinners) do
        assert(process.terminate(pid))
    end
    print(("beside four that spin, in %d rounds: at worst, "
        .. "a sleep is %.1f ms late, an answer takes %.1f ms"):format(
        ROUNDS, late, longest))
    return math.max(late, longest) < tonumber(bound)
end

return { main = main }
