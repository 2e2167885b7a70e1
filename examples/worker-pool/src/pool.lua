-- The pool: starts its workers, hands out jobs, and puts a new worker in the
-- place of each one that dies.
--
-- It is linked to its workers, so that they die with it, and traps links, so
-- that it does not die with them.

local time = require("time")

local HANGS_AFTER = 2 -- seconds for one job

local workers = {} -- by number: pid, when it started, its job if it has one
local number_of = {} -- by pid
local waiting = {} -- jobs that nobody works on, the next one first
local done, replaced = 0, 0

local function say(text, ...)
    print("pool      " .. text:format(...))
end

local function seconds_since(moment)
    return time.now():sub(moment):seconds()
end

local function start_worker(number)
    local pid = assert(process.spawn_linked_monitored(
        "app:worker", "app:processes", number))

    workers[number] = { pid = pid, started = time.now() }
    number_of[pid] = number
    print(("worker %d  started as %s"):format(number, pid))
end

local function hand_out()
    for _, worker in ipairs(workers) do
        if not worker.job and waiting[1] then
            worker.job = table.remove(waiting, 1)
            worker.job.since = time.now()
            process.send(worker.pid, "job", worker.job.name)
        end
    end
end

local function take_message(msg)
    if msg:topic() == "order" then
        local name = msg:payload():data()
        waiting[#waiting + 1] = { name = name, customer = msg:from() }
        return
    end

    -- "done"; what a worker said just before its end comes too late, for its
    -- job has been given to another.
    local worker = workers[number_of[msg:from()]]
    if worker then
        done = done + 1
        process.send(worker.job.customer, "done", worker.job.name)
        worker.job = nil
    end
end

local function replace(pid, why)
    local number = number_of[pid]
    local worker = workers[number]

    replaced = replaced + 1
    number_of[pid] = nil
    say("worker %d died after %.1f s: %s",
        number, seconds_since(worker.started), why)
    if worker.job then
        say("%s goes to the front of the queue", worker.job.name)
        table.insert(waiting, 1, worker.job)
    end
    start_worker(number)
end

-- A worker that spins for ever does not hear us, so it is not asked.
local function end_hanging_workers()
    for number, worker in ipairs(workers) do
        if worker.job and seconds_since(worker.job.since) > HANGS_AFTER then
            say("worker %d hangs, ending it by force", number)
            worker.job.since = time.now()
            process.terminate(worker.pid)
        end
    end
end

local function take_what_has_come(inbox)
    repeat
        local got = channel.select({ inbox:case_receive(), default = true })
        if not got.default then
            take_message(got.value)
        end
    until got.default
end

-- Whoever does not heed within half a second is ended by force.
local function close(inbox, events)
    take_what_has_come(inbox)
    local left = #waiting

    for _, worker in ipairs(workers) do
        left = left + (worker.job and 1 or 0)
        process.cancel(worker.pid, "500ms", "the pool closes")
    end
    while next(number_of) do
        local event = events:receive()
        if event.kind == process.event.EXIT then
            number_of[event.from] = nil
        end
    end
    say("closed: %d jobs done, %d workers replaced, %d jobs left",
        done, replaced, left)
    return "closed"
end

local function main(size)
    local inbox, events = process.inbox(), process.events()
    local look = time.ticker("500ms"):channel()

    process.set_options({ trap_links = true })
    assert(process.registry.register("pool"))
    for number = 1, size do
        start_worker(number)
    end
    say("open, with %d workers; Ctrl-C closes it", size)

    while true do
        local got = channel.select({
            events:case_receive(),
            inbox:case_receive(),
            look:case_receive(),
        })
        local event = got.channel == events and got.value

        if got.channel == inbox then
            take_message(got.value)
        elseif got.channel == look then
            end_hanging_workers()
        elseif event.kind == process.event.CANCEL then
            return close(inbox, events)
        elseif event.kind == process.event.EXIT then
            replace(event.from, event.result.error)
        end
        hand_out()
    end
end

return { main = main }
