-- What they go on as.

local roles = {}

-- Everything that is left, told in one message; then what comes in 20 ms.
function roles.report(to, ...)
    local time, ctx = require("time"), require("ctx")
    local args = { n = select("#", ...), ... }

    process.send(to, "report", {
        pid = process.pid(),
        id = process.id(),
        global = rawget(_G, "global") or "none",
        args = args,
        trap = process.get_options().trap_links,
        name = process.registry.lookup("upgraded"),
        ctx = ctx.all(),
    })
    local got = {}
    local timeout = time.after("20ms")
    local inbox, events = process.inbox(), process.events()
    while true do
        local result = channel.select({ inbox:case_receive(),
            events:case_receive(), timeout:case_receive() })
        if result.channel == timeout then
            break
        end
        got[#got + 1] = result.channel == inbox and result.value:topic() or
            result.value.kind
    end
    return got
end

function roles.hello(to)
    process.send(to, "hello", process.pid(), process.id())
    return "new"
end

-- All mail, in order.
function roles.mail(to)
    local got = {}

    repeat
        local message = process.inbox():receive()
        got[#got + 1] = message:topic() .. "=" .. message:payload():data()
    until message:topic() == "last"
    return got
end

function roles.events(to)
    local got = {}

    for i = 1, 3 do
        got[i] = process.events():receive().kind
    end
    local more = channel.select({ process.events():case_receive(),
        default = true })
    assert(more.default, "an event too many")
    assert(process.get_options().trap_links == false)
    return got
end

function roles.wait_for_cancel()
    local event = process.events():receive()
    return { event.kind, event.reason, event.from, event.deadline }
end

function roles.limits(to)
    process.send(to, "ready")
    process.listen("go"):receive()
    local all = {}
    while true do
        all[#all + 1] = ("x"):rep(1000) .. #all
    end
end

function roles.fails_later()
    process.inbox():receive()
    error("later", 0)
end

return {
    main = function(role, ...)
        return roles[role](...)
    end,
}
