-- What a program reads (semantics E7, E8, D5).
local kit = require("kit")
local time = require("time")

local cases = {}

function cases.lines()
    local pid = kit.start("cat")

    assert(process.send(pid, "stdin", "hello"))
    assert(process.send(pid, "other", "dropped"))
    assert(process.send(pid, "stdin", ""))
    assert(process.send(pid, "stdin", "several", 3, 1.5))
    assert(process.send(pid, "stdin", {}))
    assert(process.send(pid, "stdin", "a\nb"))
    kit.expect(pid, "hello", "", "several", "3", "1.5", "a", "b")
    assert(process.send(pid, "stdin"))
    kit.done(pid)
end

-- What is sent before it runs is written all the same.
function cases.at_once_and_closed()
    local pid = kit.start("cat")

    for i = 1, 1000 do
        assert(process.send(pid, "stdin", i))
    end
    assert(process.send(pid, "stdin"))
    process.send(pid, "stdin", "too late")
    for i = 1, 1000 do
        kit.expect(pid, tostring(i))
    end
    kit.done(pid)
end

function cases.large()
    local pid = kit.start("cat")
    local text = string.rep("0123456789abcdef", 65536)

    assert(process.send(pid, "stdin", text))
    kit.expect(pid, text)
    assert(process.send(pid, "stdin"))
    kit.done(pid)
end

function cases.no_stdin()
    local pid = kit.start("sh", "cat; echo end")

    process.send(pid, "stdin", "dropped")
    kit.expect(pid, "end")
    kit.done(pid)
end

function cases.msgpack()
    local pid = kit.start("cat_msgpack")

    assert(process.send(pid, "stdin", { 1, "two", { k = 3.5 } }))
    assert(process.send(pid, "stdin", nil))
    assert(process.send(pid, "stdin", "a", 2))
    local list = kit.said(pid)
    assert(list[1] == 1 and list[2] == "two" and list[3].k == 3.5)
    assert(kit.said(pid) == nil)
    assert(kit.said(pid) == "a")
    assert(kit.said(pid) == 2)
    assert(process.send(pid, "stdin"))
    kit.done(pid)
    pid = kit.start("od")
    assert(process.send(pid, "stdin", { "ab" }, true))
    assert(process.send(pid, "stdin"))
    kit.expect(pid, " 91 a2 61 62 c3")
    kit.done(pid)
end

-- A program that does not read is a full mailbox to those who send; when it
-- reads again everything comes.
function cases.full_pipe()
    local pid = kit.start("reader", [[
        trap 'wc -c; exit' USR1
        echo $$
        while :; do sleep 0.05; done]])
    local id = kit.said(pid)
    local text = string.rep("x", 65535)
    local sent = 0
    local err

    kit.await("a full mailbox", function()
        local ok
        ok, err = process.send(pid, "stdin", text)
        sent = sent + (ok and 1 or 0)
        return not ok
    end)
    assert(err:kind() == "RateLimited" and err:retryable() == true, err)
    assert(tostring(err) == "mailbox full: " .. pid, err)
    assert(sent >= 10, sent)
    kit.shell("kill -USR1 $1; echo", id)
    kit.await("room to close", function()
        return process.send(pid, "stdin")
    end)
    kit.expect(pid, tostring(sent * 65536))
    kit.done(pid)
end

-- Bytes of which nothing is known are a line, or a string; what is malformed is
-- dropped.
function cases.forged()
    local forger = assert(process.spawn("app:forger", "app:processes"))
    local forge = function(topic, bytes)
        assert(process.send(forger, topic, bytes))
    end

    for entry, said in pairs({
        cat = "a\0b",
        od = " db 00 00 00 03 61 00 62",
    }) do
        local pid = kit.start(entry)
        assert(process.registry.register("sink", pid))
        forge("bytes", "a\0b")
        forge("term", "\xc1")
        forge("term", "\x92\1")
        forge("term", "")
        forge("end", "")
        kit.expect(pid, said)
        kit.done(pid)
    end
    assert(process.terminate(forger))
end

-- It has closed its stdin, and lives on.
function cases.program_closes_stdin()
    local pid = kit.start("reader", "exec <&-; echo closed; sleep 0.2; echo end")

    kit.expect(pid, "closed")
    for _ = 1, 50 do
        assert(process.send(pid, "stdin", "x") or true)
    end
    kit.expect(pid, "end")
    kit.done(pid)
end

return { main = function() kit.run(cases) end }
