-- What the programs that check share.
local time = require("time")

local kit = {}

local LIMIT = "20s"

-- Run all functions of a table, by name; between two there is no mail.
function kit.run(cases, ...)
    local names = {}
    for name in pairs(cases) do
        names[#names + 1] = name
    end
    table.sort(names)
    for _, name in ipairs(names) do
        local ok, err = pcall(cases[name], ...)
        if not ok then
            error(name .. ": " .. tostring(err), 0)
        end
        local result = channel.select({
            process.inbox():case_receive(), default = true })
        assert(result.default, name .. ": mail is left")
    end
end

function kit.start(entry, ...)
    return assert(process.spawn_monitored("app:" .. entry, "app:processes", ...))
end

-- The next thing it says.
function kit.said(pid)
    local inbox = process.inbox()
    local result = channel.select({
        inbox:case_receive(), time.after(LIMIT):case_receive() })
    assert(result.channel == inbox, "nothing is said")
    local message = result.value
    assert(message:topic() == "stdout", message:topic())
    assert(pid == nil or message:from() == pid)
    return message:payload():data()
end

function kit.expect(pid, ...)
    for _, wanted in ipairs({ ... }) do
        local said = kit.said(pid)
        assert(said == wanted, "said '" .. tostring(said) .. "', not '" ..
            tostring(wanted) .. "'")
    end
end

-- How it ended.
function kit.ended(pid)
    local events = process.events()
    local result = channel.select({
        events:case_receive(), time.after(LIMIT):case_receive() })
    assert(result.channel == events, "no event")
    local event = result.value
    assert(event.kind == "pid.exit" and event.from == pid, event.kind)
    return event.result
end

function kit.done(pid, status)
    local result = kit.ended(pid)
    assert(result.error == nil, result.error)
    assert(result.value.status == (status or 0), result.value.status)
end

function kit.failed(pid, text, kind, retryable)
    local err = kit.ended(pid).error
    assert(err, "it did not fail")
    assert(err:message() == text, err:message())
    assert(err:kind() == (kind or "Internal"), err:kind())
    assert(err:retryable() == retryable, tostring(err:retryable()))
    return err
end

-- Wait until something holds.
function kit.await(what, holds)
    for _ = 1, 2000 do
        if holds() then
            return
        end
        time.sleep("5ms")
    end
    error("in vain: " .. what, 2)
end

-- What a shell says, its first line.
function kit.shell(script, ...)
    local pid = kit.start("sh", script, "sh", ...)
    local said = kit.said(pid)
    kit.done(pid)
    return said
end

-- Whether an operating-system process lives; a zombie does.
function kit.lives(id)
    return kit.shell('[ -e /proc/$1 ] && echo yes || echo no', id) == "yes"
end

return kit
