-- What each action of a policy does.
local supervisor = require("supervisor")
local time = require("time")

local journal = process.listen("journal")
local pids = {}

local function next_of(ch)
    local result = channel.select({
        ch:case_receive(), time.after("10s"):case_receive() })
    assert(result.channel == ch, "nothing comes")
    return result.value
end

local function expect(...)
    for _, wanted in ipairs({ ... }) do
        local line = next_of(journal)
        local said = line[1] .. " " .. line[2]
        assert(said == wanted, said .. ", not " .. wanted)
        pids[line[2]] = line[3]
    end
end

local function open(name)
    local pid = assert(process.spawn_monitored("app:" .. (name or "obedient"),
        "app:processes"))
    expect("started a", "started b", "started c")
    return pid
end

local function tell(id, words)
    process.send(pids[id], "fail", words)
end

-- The records are these, sooner or later: "a running 0, b stopped 1".
local function records(pid, wanted)
    local found
    for _ = 1, 1000 do
        local said = {}
        for i, child in ipairs(assert(supervisor.which_children(pid))) do
            said[i] = child.id .. " " .. child.status .. " " .. child.restarts
        end
        found = table.concat(said, ", ")
        if found == wanted then
            return
        end
        time.sleep("1ms")
    end
    error(found .. ", not " .. wanted, 2)
end

local function ended(pid, value, text)
    local event = next_of(process.events())
    assert(event.from == pid)
    local err = event.result.error
    assert(event.result.value == value, event.result.value)
    assert((err and err:message()) == text, err)
    assert(not err or err:kind() == "Internal" and err:retryable() == nil)
end

local function close(pid, ...)
    process.cancel(pid)
    expect(...)
    ended(pid, "shutdown", nil)
end

local cases = {}

function cases.nothing()
    local pid = open()
    tell("b", "nothing")
    records(pid, "a running 0, b stopped 0, c running 0")
    close(pid, "stopped c", "stopped a")
end

function cases.finish()
    local pid = open()
    tell("b", "finish")
    expect("stopped c", "stopped a")
    ended(pid, "shutdown", nil)
end

function cases.fail()
    local pid = open()
    tell("a", "fail")
    expect("stopped c", "stopped b")
    ended(pid, nil, "as it was told")
end

-- What comes after it is void.
function cases.first()
    for words, text in pairs({
        ["at once, start 9, fail"] = "at once", ["leave, start 9"] = false })
    do
        local pid = open()
        tell("a", words)
        expect("stopped c", "stopped b")
        ended(pid, not text and "shutdown" or nil, text or nil)
    end
end

function cases.fail_without_words()
    local pid = open()
    tell("a", "give up")
    expect("stopped c", "stopped b")
    ended(pid, nil, "the policy gives up")
end

-- In reverse order, whatever the order of the calls; the records stay.
function cases.stop()
    local pid = open()
    tell("b", "stop 0, stop 2")
    expect("stopped c", "stopped a")
    records(pid, "a stopped 0, b stopped 0, c stopped 0")
    assert(supervisor.restart_child(pid, "a"))
    expect("started a")
    close(pid, "stopped a")
end

function cases.remove()
    local pid = open()
    tell("c", "remove 0, remove 2")
    expect("stopped a")
    records(pid, "b running 0")
    close(pid, "stopped b")
end

-- One that runs is stopped first; they start in order, and it is one restart.
function cases.start()
    local pid = open()
    tell("b", "start 2, start 1, remove 0")
    expect("stopped c", "stopped a", "started b", "started c")
    records(pid, "b running 1, c running 1")
    close(pid, "stopped c", "stopped b")
end

-- The supervisor counts, whoever decides.
function cases.intensity()
    local pid = open()
    for i = 1, 4 do
        tell("c", "start 2")
        expect("started c")
        records(pid, "a running 0, b running 0, c running " .. i)
    end
    tell("c", "start 2")
    expect("stopped b", "stopped a")
    ended(pid, nil, "restart intensity exceeded: 4 in 1h0m0s")
end

-- What starts later holds up nobody else.
function cases.delay()
    local pid = open()
    local began = time.now()
    tell("b", "wait 1")
    records(pid, "a running 0, b restarting 1, c running 0")
    tell("c", "start 2")
    expect("started c", "started b")
    assert(time.now():sub(began):milliseconds() >= 100)
    close(pid, "stopped c", "stopped b", "stopped a")
end

-- One beyond the end of time is no short one.
function cases.endless_delay()
    local pid = open()
    tell("b", "never 1")
    records(pid, "a running 0, b restarting 1, c running 0")
    tell("c", "start 2")
    expect("started c")
    records(pid, "a running 0, b restarting 1, c running 1")
    close(pid, "stopped c", "stopped a")
end

-- Its state is each supervisor's own, set up by the options.
function cases.state()
    local one, other = open(), nil
    local b = pids.b
    other = open("usual")
    for _ = 1, 2 do
        tell("b", "count")
        expect("started b")
    end
    process.send(b, "fail", "count")
    expect("started b")
    tell("b", "count")
    expect("stopped c", "stopped a")
    ended(one, nil, "counted")
    close(other, "stopped c", "stopped b", "stopped a")
end

-- All the same the children stop in order.
function cases.nonsense()
    local pid = open()
    tell("b", "start 7")
    expect("stopped c", "stopped a")
    ended(pid, nil, "bad policy decision: it names child 7 of 3")
    pid = open()
    tell("b", "start 2, stop 2")
    expect("stopped c", "stopped a")
    ended(pid, nil, "bad policy decision: child c is to start and to stop")
    pid = open()
    tell("b", "remove 1, start 1")
    expect("stopped c", "stopped a")
    ended(pid, nil, "bad policy decision: child b is to start and to go")
end

-- Failing goes before finishing, and both before what is about one child.
function cases.contradiction()
    local pid = open()
    tell("b", "finish, fail, give up, start 1")
    expect("stopped c", "stopped a")
    ended(pid, nil, "as it was told")
    pid = open()
    tell("b", "start 1, finish")
    expect("stopped c", "stopped a")
    ended(pid, "shutdown", nil)
end

return function()
    assert(process.registry.register("journal"))
    local names = {}
    for name in pairs(cases) do
        names[#names + 1] = name
    end
    table.sort(names)
    for _, name in ipairs(names) do
        local ok, err = pcall(cases[name])
        if not ok then
            error(name .. ": " .. tostring(err), 0)
        end
    end
    print(#names .. " cases")
end
