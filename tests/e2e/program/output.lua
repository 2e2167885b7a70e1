-- What a program writes (semantics E5, E8, X5).
local kit = require("kit")
local time = require("time")

local cases = {}

function cases.lines()
    local pid = kit.start("sh", [[printf 'a\r\nb\n\n\r\nc\rd\nlast']])

    kit.expect(pid, "a", "b", "", "", "c\rd", "last")
    kit.done(pid)
end

function cases.all_output_precedes_the_end()
    local pid = kit.start("sh", "seq 1 20000; exit 3")
    local last = 0

    kit.failed(pid, "exit status 3")
    for _ = 1, 20000 do
        local n = math.tointeger(tonumber(kit.said(pid)))
        assert(n == last + 1)
        last = n
    end
end

-- Bytes are bytes.
function cases.any_bytes()
    local pid = kit.start("sh", [[printf '\0\377\200x\n']])

    kit.expect(pid, "\0\255\128x")
    kit.done(pid)
end

-- Of 8 bytes: 13 less 5 for the head of a string.
function cases.long_lines_in_pieces()
    local pid = kit.start("narrow", "printf '0123456789abcdefXY\\n12345678\\nz'")

    kit.expect(pid, "01234567", "89abcdef", "XY", "12345678", "z")
    kit.done(pid)
end

function cases.no_output()
    local pid = kit.start("quiet", "echo lost; ls -l /proc/self/fd/1 >&2")

    kit.done(pid)
end

function cases.to_a_name()
    assert(process.registry.register("receiver"))
    local pid = kit.start("to", "echo for the name")
    kit.expect(pid, "for the name")
    kit.done(pid)
    assert(process.registry.unregister("receiver"))
    pid = kit.start("to", "echo for the log")
    kit.done(pid)
end

-- What its spawner does not live to get is for the log.
function cases.spawner_is_gone()
    local spawner = kit.start("spawner", "read line; echo nobody hears $line")
    local program = kit.ended(spawner).value

    assert(process.monitor(program))
    assert(process.send(program, "stdin", "me"))
    kit.done(program)
end

function cases.msgpack()
    local pid = kit.start("msgpack",
        [[printf '\001\243abc\202\241k\222\300\303\001\313\100\011\041\373\124\104\055\030\300']])

    assert(kit.said(pid) == 1)
    assert(kit.said(pid) == "abc")
    local map = kit.said(pid)
    assert(#map.k == 2 and map.k[2] == true, "a map")
    assert(map[1] > 3.14 and map[1] < 3.15, "a float")
    assert(kit.said(pid) == nil)
    kit.done(pid)
end

function cases.bad_msgpack()
    kit.failed(kit.start("msgpack", [[printf '\301'; sleep 600]]),
        "bad msgpack on stdout", "Invalid")
    kit.failed(kit.start("msgpack", [[printf '\243ab']]),
        "bad msgpack on stdout", "Invalid")
    kit.failed(kit.start("msgpack", [[printf '\326\377\0\0\0\0'; sleep 600]]),
        "bad msgpack on stdout", "Invalid")
    kit.failed(kit.start("msgpack", [[printf '\333\377\377\377\377'; sleep 600]]),
        "message too large: 4294967300 bytes (limit 100)", "Invalid")
    kit.failed(kit.start("msgpack", [[printf '\243ab'; exit 4]]),
        "exit status 4")
end

-- A receiver that does not read: the program waits in its write, nothing is
-- lost and nothing is dropped.
function cases.full_receiver()
    local pid = assert(process.spawn_monitored(
        "app:small", "app:processes", process.pid()))
    local own = 0
    local count = process.listen("count")

    assert(process.registry.register("receiver", pid))
    -- It writes a megabyte, far more than a pipe and a mailbox hold.
    local program = kit.start("to", [[
        n=0
        while [ $n -lt 16384 ]; do
            echo 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
            n=$((n + 1))
        done]])
    kit.await("a full mailbox", function()
        local ok, err = process.send(pid, "stdout", "")
        own = own + (ok and 1 or 0)
        return not ok
    end)
    time.sleep("300ms")
    assert(process.send(program, "nothing"), "it must wait")
    assert(process.registry.register("go"))
    kit.done(program)
    kit.await("room", function() return process.send(pid, "told") end)
    local got = count:receive()
    -- 19 bytes at a time: the receiver takes 24.
    assert(got[1] == 4 * 16384 + own, got[1])
    assert(got[2] == 64 * 16384, got[2])
    assert(kit.ended(pid).value == got[1])
    process.unlisten(count)
end

return { main = function() kit.run(cases) end }
