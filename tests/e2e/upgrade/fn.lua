-- A call that never ends; and functions that upgrade.
local roles = {}

function roles.hangs(to)
    process.send(to, "hangs", process.pid())
    process.inbox():receive()
end

function roles.counts(n)
    if n > 0 then
        process.upgrade(nil, "counts", n - 1)
    end
    return "counted"
end

function roles.to_process()
    process.upgrade("app:new", "hello", process.pid())
end

return {
    run = function(role, ...)
        return roles[role](...)
    end,
}
