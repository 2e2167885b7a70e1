-- How a program ends (semantics E9, E10, E11, C6, C8, W4, W5, X12, S9, S11).
local kit = require("kit")
local time = require("time")

local cases = {}

function cases.status()
    kit.done(kit.start("fine"))
    local err = kit.failed(kit.start("sh", "exit 3"), "exit status 3")
    assert(err:details().status == 3)
    err = kit.failed(kit.start("sh", "kill -9 $$"), "killed by signal 9 (KILL)")
    assert(err:details().signal == 9)
    kit.failed(kit.start("sh", "kill -SEGV $$"), "killed by signal 11 (SEGV)")
end

-- However it ends when it was asked to is a normal end.
function cases.cancel()
    local pid = kit.start("sh", "echo up; exec sleep 600")

    kit.expect(pid, "up")
    assert(process.cancel(pid, "20s"))
    local result = kit.ended(pid)
    assert(result.error == nil and result.value.signal == 15, result.error)
    pid = kit.start("sh",
        "trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.01; done")
    kit.expect(pid, "up")
    assert(process.cancel(pid, "20s"))
    kit.done(pid, 5)
    kit.expect(pid, "bye")
end

-- The first run finds it already there.
function cases.cancel_at_once()
    local pid = kit.start("sh", "sleep 600")

    assert(process.cancel(pid))
    local result = kit.ended(pid)
    assert(result.error == nil and result.value.signal == 15, result.error)
end

-- A signal that nobody asked for is a failure still.
function cases.cancel_and_crash()
    local pid = kit.start("sh",
        "trap 'kill -SEGV $$' TERM; echo up; while :; do sleep 0.01; done")

    kit.expect(pid, "up")
    assert(process.cancel(pid, "20s"))
    kit.failed(pid, "killed by signal 11 (SEGV)")
end

function cases.kill_signal()
    local pid = kit.start("usr1",
        "trap '' TERM; trap 'exit 6' USR1; echo up; while :; do sleep 0.01; done")

    kit.expect(pid, "up")
    assert(process.cancel(pid, "20s"))
    kit.done(pid, 6)
end

-- The whole group gets the signal.
function cases.cancel_reaches_the_group()
    local pid = kit.start("sh", [[
        trap : TERM
        sh -c 'trap "exit 0" TERM; echo $$; while :; do sleep 0.01; done' &
        child=$!
        wait $child; wait $child
        exit 0]])
    local child = kit.said(pid)

    assert(process.cancel(pid, "20s"))
    kit.done(pid)
    assert(not kit.lives(child))
end

-- At the deadline all of it is killed.
function cases.deadline()
    local pid = kit.start("sh", [[
        trap '' TERM
        sh -c 'trap "" TERM; echo $$; while :; do sleep 0.01; done' &
        wait]])
    local child = kit.said(pid)

    assert(process.cancel(pid, 50))
    kit.failed(pid, "process terminated", "Canceled")
    kit.await("the end of the group", function()
        return not kit.lives(child)
    end)
end

function cases.terminate()
    local pid = kit.start("sh", "trap '' TERM; echo $$; while :; do sleep 0.01; done")
    local id = kit.said(pid)

    assert(process.terminate(pid))
    kit.failed(pid, "process terminated", "Canceled")
    kit.await("the end of the program", function() return not kit.lives(id) end)
end

-- Also if it has not begun.
function cases.terminate_at_once()
    for _ = 1, 50 do
        local pid = kit.start("sh", "sleep 600")

        assert(process.terminate(pid))
        kit.failed(pid, "process terminated", "Canceled")
    end
end

function cases.links()
    local pid = kit.start("sh", "echo $$; exec sleep 600")
    local id = kit.said(pid)

    process.set_options({ trap_links = true })
    assert(process.link(pid))
    assert(process.terminate(pid))
    local kinds = {}
    for _ = 1, 2 do
        kinds[process.events():receive().kind] = true
    end
    assert(kinds["pid.exit"] and kinds["pid.link.down"])
    process.set_options({ trap_links = false })
    kit.await("the end of the program", function() return not kit.lives(id) end)
end

-- What it leaves behind is gone when its end is told, zombies included.
function cases.nothing_is_left_of_the_group()
    for _ = 1, 20 do
        local pid = kit.start("sh", [[
            trap 'exit 0' USR1
            sh -c 'trap "" TERM; echo $$; kill -USR1 $PPID; exec sleep 600' &
            wait]])
        local child = kit.said(pid)

        kit.done(pid)
        assert(not kit.lives(child))
    end
end

-- Something that has left the group may keep the pipe: it does not count.
function cases.who_leaves_the_group_keeps_nobody()
    local pid = kit.start("sh", "setsid sleep 2 & echo up; sleep 0.05")

    kit.expect(pid, "up")
    kit.done(pid)
end

-- A supervisor restarts it; without `to` its output is for the log.
function cases.supervised()
    assert(process.registry.register("receiver"))
    local sup = assert(process.spawn_monitored("app:supervisor", "app:processes"))
    local ids, runs, steady = {}, 0, 0

    while runs < 5 or steady < 1 do
        local said = kit.said()
        if said == "steady" then
            steady = steady + 1
        else
            assert(not ids[said], "another program each time")
            ids[said] = true
            runs = runs + 1
        end
    end
    assert(process.cancel(sup))
    local result = kit.ended(sup)
    assert(result.error == nil and result.value == "shutdown", result.error)
    while channel.select({
        process.inbox():case_receive(), default = true }).value do
    end
    assert(process.registry.unregister("receiver"))
    sup = assert(process.spawn_monitored("app:deaf", "app:processes"))
    time.sleep("200ms")
    assert(process.cancel(sup))
    kit.ended(sup)
end

return { main = function() kit.run(cases) end }
