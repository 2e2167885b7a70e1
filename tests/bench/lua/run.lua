-- The workloads of Lua processes. One that sees its end returns its figure, and
-- what else is told of it; one that does not says on topic "begin" when it
-- began, in nanoseconds since 1970.

local time = require("time")

local HOST = "bench:processes"

local function spawn(...)
    return assert(process.spawn("bench:peer", HOST, ...))
end

local function clock()
    return time.now():unix_nano()
end

local function terminate(pids)
    for _, pid in ipairs(pids) do
        process.terminate(pid)
    end
end

local function receive(ch, n)
    for _ = 1, n do
        ch:receive()
    end
end

local workloads = {}

function workloads.spawn_exit(n, gate)
    process.send(gate, "begin", clock())
    for _ = 1, n do
        process.spawn("bench:nothing", HOST)
    end
end

local function idle(entry)
    return function(n)
        for _ = 1, n do
            assert(process.spawn(entry, HOST))
        end
    end
end

workloads.idle_ten = idle("bench:ten")
workloads.idle_sixty = idle("bench:sixty")

-- Half a round trip.
local function pingpong_with(value)
    return function(n)
        local pong = process.listen("pong")
        local send = process.send
        local pid = spawn("echo", process.pid())
        local began = clock()
        for _ = 1, n // 2 do
            send(pid, "ping", value)
            pong:receive()
        end
        local took = clock() - began
        process.terminate(pid)
        return took / (n // 2 * 2)
    end
end

workloads.pingpong = pingpong_with(1)
workloads.map10 = pingpong_with({
    alpha = 1, beta = 2, gamma = "three", delta = 4.5, epsilon = true,
    zeta = 6, eta = "seven", theta = 8, iota = 9, kappa = "ten",
})
workloads.bin1k = pingpong_with(("x"):rep(1024))
workloads.bin64k = pingpong_with(("x"):rep(65536))

function workloads.pingpong_inbox(n)
    local inbox = process.inbox()
    local send = process.send
    local pid = spawn("echo_inbox")
    local began = clock()
    for _ = 1, n // 2 do
        send(pid, "ping", 1)
        inbox:receive():payload():data()
    end
    local took = clock() - began
    process.terminate(pid)
    return took / (n // 2 * 2)
end

-- One token goes round; a hop.
local function ring_with(role)
    return function(n)
        local size = 1000
        local tokens = process.listen("token")
        local send = process.send
        local pids = {}
        for i = 1, size - 1 do
            pids[i] = spawn(role)
        end
        for i = 1, size - 1 do
            send(pids[i], "token", pids[i + 1] or process.pid())
        end
        send(pids[1], "token", 0)
        tokens:receive()
        local began = clock()
        for _ = 1, n // size do
            send(pids[1], "token", 1)
            tokens:receive()
        end
        local took = clock() - began
        terminate(pids)
        return took / (n // size * size)
    end
end

workloads.ring = ring_with("hop")
workloads.ring_inbox = ring_with("hop_inbox")

function workloads.fanin(n)
    local numbers = process.listen("number")
    local pids = {}
    for i = 1, 8 do
        pids[i] = spawn("count_to", process.pid(), n // 8)
    end
    local began = clock()
    for _, pid in ipairs(pids) do
        process.send(pid, "go", true)
    end
    receive(numbers, n // 8 * 8)
    return n // 8 * 8 / (clock() - began) * 1e9
end

-- Pings and pongs are counted.
function workloads.big(n)
    local size, pids = 120, {}
    local done = process.listen("done")
    local pings = n // 2 // size
    for i = 1, size do
        pids[i] = spawn("big", process.pid(), pings)
    end
    local began = clock()
    for _, pid in ipairs(pids) do
        process.send(pid, "peers", pids)
    end
    receive(done, size)
    local took = clock() - began
    terminate(pids)
    return 2 * size * pings / took * 1e9
end

-- From the failure of the head until the last has gone.
function workloads.link_chain(n, gate)
    local up = process.listen("up")
    local head = spawn("chain", process.pid(), n)
    up:receive()
    process.send(gate, "begin", clock())
    process.send(head, "break")
end

-- From the failure of the hub until all have gone.
function workloads.link_star(n, gate)
    local up = process.listen("up")
    local hub = spawn("hub", process.pid(), n)
    receive(up, n)
    process.send(gate, "begin", clock())
    process.send(hub, "break")
end

-- From when the first is told to end until the last EXIT is received.
function workloads.monitor_storm(n)
    local events, up = process.events(), process.listen("up")
    local send = process.send
    local pids = {}
    for i = 1, n do
        pids[i] = process.spawn_monitored(
            "bench:peer", HOST, "leaf", process.pid())
    end
    receive(up, n)
    local began = clock()
    for i = 1, n do
        send(pids[i], "end")
    end
    receive(events, n)
    return (clock() - began) / 1e6
end

local function supervised(entry)
    local up = process.listen("up")
    assert(process.registry.register("slayer"))
    return up, assert(process.spawn_monitored(entry, HOST))
end

local function stop(supervisor)
    local events = process.events()
    process.cancel(supervisor, 10000)
    events:receive()
end

-- Each child that starts is killed at once, until n have been and run again.
function workloads.restart_rate(n)
    local began = clock()
    local up, supervisor = supervised("bench:hundred")
    for _ = 1, n do
        process.terminate((up:receive()))
    end
    receive(up, 100)
    local took = clock() - began
    stop(supervisor)
    return n / took * 1e9
end

-- One at a time, from the kill until the new child's code runs: the median.
function workloads.restart_latency(n)
    local up, supervisor = supervised("bench:one")
    local child, late = up:receive(), {}
    for i = 1, n do
        local killed = clock()
        process.terminate(child[1])
        child = up:receive()
        late[i] = child[2] - killed
    end
    stop(supervisor)
    table.sort(late)
    return late[(n + 1) // 2] / 1e3
end

-- All are to be armed within arm_ns.
function workloads.sleepers(n, gate, arm_ns)
    local random, first = math.random, clock() + arm_ns
    local sample = math.max(1, n // 10000)
    for i = 1, n do
        process.spawn("bench:sleeper", HOST, first + random(0, 999999999),
            i % sample == 0 and gate)
    end
    process.send(gate, "begin", first)
end

local BIN_NS = 50

local function quantile(bins, n, part)
    local keys, seen = {}, 0
    for bin in pairs(bins) do
        keys[#keys + 1] = bin
    end
    table.sort(keys)
    for _, bin in ipairs(keys) do
        seen = seen + bins[bin]
        if seen >= n * part then
            return bin * BIN_NS / 1e3
        end
    end
end

-- A ping-pong beside four that spin, for so many seconds: half a round trip.
function workloads.fairness(seconds)
    local pong = process.listen("pong")
    local send = process.send
    local pids = { spawn("echo", process.pid()) }
    for i = 1, 4 do
        pids[i + 1] = spawn("spin")
    end
    local bins, n, now = {}, 0, clock()
    local last = now + seconds * 1000000000
    while now < last do
        send(pids[1], "ping", 1)
        pong:receive()
        local after = clock()
        local bin = (after - now) // 2 // BIN_NS
        bins[bin] = (bins[bin] or 0) + 1
        n, now = n + 1, after
    end
    terminate(pids)
    return { quantile(bins, n, 0.5), quantile(bins, n, 0.99),
        quantile(bins, n, 1) }
end

local SCALE_OPS = 1000

-- What one more spawn, send, link and end cost beside n that live, all of which
-- have run and wait.
function workloads.scale(n)
    local events = process.events()
    process.set_options({ trap_links = true })
    local here = process.listen("here")
    local crowd, pids, figures = {}, {}, {}
    for i = 1, n do
        crowd[i] = spawn("sink", process.pid())
    end
    receive(here, n)
    local function each(name, operation)
        local began = clock()
        for i = 1, SCALE_OPS do
            operation(i)
        end
        figures[#figures + 1] = (clock() - began) / SCALE_OPS
    end
    each("spawn", function(i)
        pids[i] = spawn("sink", process.pid())
    end)
    receive(here, SCALE_OPS)
    each("send", function()
        process.send(crowd[math.random(n)], "mail", 1)
    end)
    time.sleep("100ms")
    each("link", function(i)
        process.link(pids[i])
    end)
    local began = clock()
    terminate(pids)
    receive(events, SCALE_OPS)
    figures[4] = (clock() - began) / SCALE_OPS
    terminate(crowd)
    return figures
end

local function main(name, n, gate, arm_ns)
    return workloads[name](n, gate, arm_ns)
end

return { main = main }
