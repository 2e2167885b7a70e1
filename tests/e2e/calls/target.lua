-- What is called: each role says something about what a call may do.

local roles = {}

function roles.echo(...)
    return ...
end

function roles.count(...)
    return { n = select("#", ...), ... }
end

function roles.where()
    return process.pid():match("^{(.-)|")
end

function roles.who()
    return { pid = process.pid(), id = process.id() }
end

function roles.nothing() end

function roles.two(first, second)
    return first, second
end

-- An Error in second place, as tables of its parts tell it.
function roles.returns_error(parts)
    return "dropped", errors.new(parts)
end

function roles.returns_error_first(parts)
    return errors.new(parts)
end

function roles.raises(what)
    error(what, 0)
end

function roles.raises_error(parts)
    error(errors.new(parts))
end

function roles.raises_here()
    error("here")
end

function roles.raises_table()
    error(setmetatable({}, {
        __tostring = function()
            return "a table that raises"
        end,
    }))
end

function roles.unsendable()
    return { f = print }
end

function roles.from_a_task()
    coroutine.spawn(function()
        error("in a task", 0)
    end)
    process.inbox():receive()
end

function roles.deadlock()
    channel.new():receive()
end

function roles.memory()
    local all = {}
    while true do
        all[#all + 1] = ("x"):rep(1000) .. #all
    end
end

function roles.terminates_itself()
    process.terminate(process.pid())
end

function roles.spins()
    while true do
    end
end

function roles.sleeps(d, value)
    require("time").sleep(d)
    return value
end

-- Tells its caller's inbox that it lives, then waits to be ended.
function roles.hangs(to)
    process.send(to, "hangs", process.pid())
    process.inbox():receive()
end

-- It has an inbox and events of its own (B3).
function roles.conversation(to)
    process.send(to, "talk", process.pid())
    local message = process.inbox():receive()
    return { message:payload():data(), message:from() }
end

function roles.cancelled(to)
    process.send(to, "talk", process.pid())
    local event = process.events():receive()
    return { event.kind, event.reason }
end

function roles.context()
    return require("ctx").all()
end

function roles.traps()
    return process.get_options().trap_links
end

-- Calls of calls: the value comes back through all of them, and so does an
-- error, with its details.
function roles.deep(depth, ...)
    local funcs = require("funcs")

    if depth == 0 then
        local ok, err = funcs.call("app:fn", ...)
        return ok, err
    end
    return funcs.call(depth % 2 == 0 and "app:fn" or "app:proc", "deep",
        depth - 1, ...)
end

-- A chain of callers, of which the last one hangs.
function roles.deep_hang(depth, to)
    if depth == 0 then
        return roles.hangs(to)
    end
    process.send(to, "hangs", process.pid())
    return require("funcs").call("app:fn", "deep_hang", depth - 1, to)
end

local function run(role, ...)
    return roles[role](...)
end

return { run = run }
