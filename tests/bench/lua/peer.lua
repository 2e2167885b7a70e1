-- The partners of run.lua, each by its role.

local roles = {}

-- Sends what comes back to `to`.
function roles.echo(to)
    local ping = process.listen("ping")
    local send = process.send
    while true do
        send(to, "pong", (ping:receive()))
    end
end

function roles.echo_inbox()
    local inbox = process.inbox()
    local send = process.send
    while true do
        local msg = inbox:receive()
        send(msg:from(), "pong", msg:payload():data())
    end
end

-- A node of the ring, which learns of the next one by its first message.
function roles.hop()
    local tokens = process.listen("token")
    local send = process.send
    local next_pid = tokens:receive()
    while true do
        send(next_pid, "token", (tokens:receive()))
    end
end

function roles.hop_inbox()
    local inbox = process.inbox()
    local send = process.send
    local next_pid = inbox:receive():payload():data()
    while true do
        send(next_pid, "token", inbox:receive():payload():data())
    end
end

-- Sends n small integers once it is told to.
function roles.count_to(to, n)
    local send = process.send
    process.listen("go"):receive()
    for _ = 1, n do
        send(to, "number", 7)
    end
end

-- One of many: sends pings to others, answers theirs, counts the answers. No
-- more than these are without an answer at a time.
local WINDOW = 100

function roles.big(to, pings)
    local send, random = process.send, math.random
    local mail = process.listen("mail")
    local peers = process.listen("peers"):receive()
    local me, size, sent, got = process.pid(), #peers, 0, 0

    while true do
        while sent < pings and sent - got < WINDOW do
            sent = sent + 1
            send(peers[random(size)], "mail", me)
        end
        local from = mail:receive()
        if from then
            send(from, "mail", false)
        else
            got = got + 1
            if got == pings then
                send(to, "done", true)
            end
        end
    end
end

-- A link of the chain: makes the next one; the last says that it is there.
function roles.chain(to, n)
    local inbox = process.inbox()
    if n > 1 then
        process.spawn_linked(
            "bench:peer", "bench:processes", "chain", to, n - 1)
    else
        process.send(to, "up", true)
    end
    inbox:receive()
    error("the chain breaks")
end

-- Ends with its first message.
function roles.leaf(to)
    local inbox = process.inbox()
    process.send(to, "up", true)
    inbox:receive()
end

function roles.hub(to, n)
    local inbox = process.inbox()
    for _ = 1, n do
        process.spawn_linked("bench:peer", "bench:processes", "leaf", to)
    end
    inbox:receive()
    error("the hub fails")
end

function roles.sink(counter)
    local inbox = process.inbox()
    process.send(counter, "here")
    while true do
        inbox:receive()
    end
end

function roles.spin()
    while true do
    end
end

local function main(role, ...)
    return roles[role](...)
end

return { main = main }
