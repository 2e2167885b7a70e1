-- One process of many: what it is, its arguments say.

local function count(sender, from, to)
    -- A mailbox has its bound, which the sender must respect (semantics D5).
    for i = from, to do
        local ok, err = process.send(sender, "number", i)
        while not ok do
            assert(err:retryable(), err)
            coroutine.yield()
            ok, err = process.send(sender, "number", i)
        end
    end
end

local function chain(observer, left)
    if left == 1 then
        assert(process.send(observer, "built"))
    else
        assert(process.spawn_linked(
            process.id(), "app:processes", "chain", observer, left - 1))
    end
    process.inbox():receive()
    error("the chain breaks")
end

local function main(what, ...)
    if what == "count" then
        count(...)
    elseif what == "chain" then
        chain(...)
    elseif what == "value" then
        return ...
    elseif what == "wait" then
        process.events():receive()
    end
end

return { main = main }
