-- A call ends with its caller, however that ends (semantics B3, P4, X4).

local funcs = require("funcs")
local host = "app:processes"

-- A caller with calls under way, which ends as it is told.
local function caller(to, depth, how, d)
    local function call()
        return funcs.call("app:fn", "deep_hang", depth, to)
    end

    if how == "waits" then
        return call()
    end
    local futures = {}
    for i = 1, 3 do
        futures[i] = assert(funcs.async("app:fn", "deep_hang", depth, to))
    end
    coroutine.spawn(call)
    process.inbox():receive()
    if how == "fails" then
        error("as told")
    elseif how == "memory" then
        local all = {}
        while true do
            all[#all + 1] = ("x"):rep(100000) .. #all
        end
    end
    return how
end

-- All that have said so have ended when this returns.
local function all_gone(pids)
    for _, pid in ipairs(pids) do
        if process.monitor(pid) then
            local event = process.events():receive()
            local err = event.result.error
            assert(err:message() == "process terminated", err)
            assert(err:kind() == "Canceled")
        end
    end
    for _, pid in ipairs(pids) do
        assert(select(2, process.monitor(pid)):kind() == "NotFound")
    end
end

local function check(how, depth, calls)
    local hangs = process.listen("hangs")
    local pid = assert(process.spawn_monitored(process.id(), host,
        process.pid(), depth, how))
    local pids = {}

    for i = 1, calls * (depth + 1) do
        pids[i] = hangs:receive()
    end
    if how == "waits" or how == "terminated" then
        assert(process.terminate(pid))
    elseif how == "canceled" then
        assert(process.cancel(pid, "1ms"))
    else
        assert(process.send(pid, "end"))
    end
    local event = process.events():receive()
    assert(event.from == pid and event.kind == process.event.EXIT)
    all_gone(pids)
    process.unlisten(hangs)
end

local function main(to, ...)
    if to then
        return caller(to, ...)
    end
    for _, depth in ipairs({ 0, 1, 20 }) do
        check("waits", depth, 1)
        for _, how in ipairs({ "returns", "fails", "terminated", "canceled",
            "memory" }) do
            check(how, depth, 4)
        end
    end
end

return { main = main }
