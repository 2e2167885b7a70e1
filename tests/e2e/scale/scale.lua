-- Large numbers of things. Prints "begin", does its work, prints "end" with
-- what it took, and waits for its cancel, so that one may look at it.

local time = require("time")

local HOST = "app:processes"

local function spawn(...)
    return assert(process.spawn_monitored("app:node", HOST, ...))
end

local function ended(events)
    local event = events:receive()
    assert(event.kind == process.event.EXIT)
    return event
end

-- Four senders count, and no number is lost, doubled or out of order (semantics
-- M1).
local function messages(n)
    local inbox, events = process.inbox(), process.events()
    local share = n // 4
    local last = {}

    for i = 0, 3 do
        local pid = spawn("count", process.pid(), i * share + 1, (i + 1) * share)
        last[pid] = i * share
    end
    for _ = 1, 4 * share do
        local msg = inbox:receive()
        local from, number = msg:from(), msg:payload():data()
        assert(number == last[from] + 1, number)
        last[from] = number
    end
    for _ = 1, 4 do
        assert(ended(events).result.error == nil)
    end
    assert(channel.select({ inbox:case_receive(), default = true }).default)
end

-- Each comes back with its own number, at most a thousand at a time.
local function processes(n)
    local events = process.events()
    local number_of = {}
    local spawned, gone = 0, 0

    while gone < n do
        while spawned < n and spawned - gone < 1000 do
            spawned = spawned + 1
            number_of[spawn("value", spawned)] = spawned
        end
        local event = ended(events)
        assert(event.result.value == number_of[event.from])
        number_of[event.from] = nil
        gone = gone + 1
    end
    assert(next(number_of) == nil)
end

-- The first of many that are linked one to the next fails, and the last one
-- with it.
local function chain(n)
    local events = process.events()
    local last
    local first = spawn("chain", process.pid(), n)
    local msg = process.inbox():receive()

    last = msg:from()
    assert(msg:topic() == "built")
    if n > 1 then
        assert(process.monitor(last))
    end
    local began = time.now()
    assert(process.send(first, "break"))
    for _ = 1, n > 1 and 2 or 1 do
        local err = ended(events).result.error
        assert(err:message():find("the chain breaks", 1, true)
            or err:message():find("linked process failed: {", 1, true))
    end
    return time.now():sub(began):seconds()
end

local function sleepers(n)
    for _ = 1, n do
        assert(process.spawn("app:node", HOST, "wait"))
    end
    -- Until each has come to its wait.
    time.sleep("1s")
end

local work = {
    messages = messages,
    processes = processes,
    chain = chain,
    sleepers = sleepers,
}

local function main(what, n)
    local began = time.now()

    n = math.tointeger(tonumber(n))
    print("begin")
    time.sleep("300ms")
    began = time.now()
    local seconds = work[what](n) or time.now():sub(began):seconds()
    print(("end %.3f"):format(seconds))
    process.events():receive()
    return 0
end

return { main = main }
