-- What is upgraded: each role says from where and with what.

local roles = {}

-- A state full of things that the new program must not see.
function roles.everything(to)
    _G.global = "old"
    process.set_options({ trap_links = true })
    assert(process.registry.register("upgraded"))
    for i = 1, 3 do
        process.listen("topic" .. i)
        coroutine.spawn(function()
            require("time").sleep("1ms")
            process.send(to, "old task", "ran")
        end)
    end
    require("time").ticker("1ms")
    local future = require("funcs").async("app:fn", "hangs", to)
    process.send(to, "ready")
    process.listen("go"):receive()
    local closed <close> = setmetatable({}, {
        __close = function()
            process.send(to, "closed", "ran")
        end,
    })
    process.upgrade("app:new", "report", to, nil, 1.5)
    process.send(to, "after", future)
end

-- From inside all that usually sees an error or a return.
function roles.nested(to)
    local ok = pcall(function()
        coroutine.wrap(function()
            xpcall(function()
                coroutine.wrap(function()
                    setmetatable({}, {
                        __index = function()
                            process.upgrade("app:new", "hello", to)
                        end,
                    }).field()
                end)()
            end, function(err)
                process.send(to, "handler", err)
            end)
            process.send(to, "after xpcall")
        end)()
    end)
    process.send(to, "after pcall", ok)
end

-- From where one cannot wait.
function roles.sort(to)
    pcall(table.sort, { 3, 2, 1 }, function()
        process.upgrade("app:new", "hello", to)
    end)
    process.send(to, "after sort")
end

function roles.task(to)
    coroutine.spawn(function()
        process.upgrade("app:new", "hello", to)
    end)
    process.inbox():receive()
end

-- To what it is told, inside pcall: a failure is not to be caught.
function roles.to(id, ...)
    pcall(process.upgrade, id, ...)
    return "caught"
end

function roles.bad_id()
    local ok, err = pcall(process.upgrade, {})
    assert(not ok)
    return err
end

function roles.function_as_argument()
    pcall(process.upgrade, "app:new", 1, { f = print })
    return "caught"
end

-- Ready to read, mail and events of all kinds unread.
function roles.mail(to, id)
    local first, second = process.listen("first"), process.listen("second",
        { message = true })
    process.inbox()
    process.send(to, "ready")
    process.listen("go"):receive()
    -- Some of it has been sorted by now.
    assert(first:receive() == 1)
    assert(second:receive():payload():data() == 2)
    process.upgrade(id, "mail", to)
end

-- One event read, the others not.
function roles.events(to)
    process.set_options({ trap_links = true })
    local fn = "app:fails"
    local host = "app:processes"
    for _ = 1, 2 do
        assert(process.spawn_linked_monitored(fn, host))
    end
    process.events():receive()
    process.send(to, "ready")
    process.listen("go"):receive()
    require("time").sleep("10ms")
    process.upgrade("app:new", "events", to)
end

-- Never looks at its events.
function roles.deaf(to)
    process.send(to, "ready")
    process.listen("go"):receive()
    process.upgrade("app:new", "wait_for_cancel", to)
end

return {
    main = function(role, ...)
        return roles[role](...)
    end,
}
