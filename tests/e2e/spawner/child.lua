-- What the tests spawn: each role does one thing and ends.

local roles = {}

-- All context values, and those of a child of its own.
function roles.context()
    return require("ctx").all()
end

function roles.grandchild(host)
    local pid = assert(process.spawn_monitored("app:child", host, "context"))
    local event = process.events():receive()

    assert(event.from == pid)
    return event.result.value
end

-- `n` messages, as {topic, from, value}.
function roles.messages(n)
    local got = {}

    for i = 1, n do
        local message = process.inbox():receive()
        local payload = message:payload()
        local value = payload

        if type(payload) == "userdata" then
            value = payload:data()
        elseif payload then
            value = {}
            for at, one in ipairs(payload) do
                value[at] = one:data() == nil and "nil" or one:data()
            end
        end
        got[i] = { message:topic(), message:from(), value }
    end
    return got
end

function roles.options()
    return process.get_options()
end

function roles.nothing() end

-- Until it is told to end; what it is sent goes back.
function roles.echo()
    while true do
        local message = process.inbox():receive()

        if message:topic() == "end" then
            return "told"
        elseif message:topic() == "fail" then
            error("told")
        end
        local to = message:payload():data()
        process.send(to, "echo", message:topic(), message:from())
    end
end

-- Ends when its name has been seen to be taken.
function roles.brief()
    process.inbox():receive()
end

return {
    main = function(role, ...)
        return roles[role](...)
    end,
}
