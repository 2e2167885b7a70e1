-- Goes on as itself, `n` times, with channels, tasks and mail each time.

local function main(n)
    local inbox, events = process.inbox(), process.events()
    local topic = process.listen("topic" .. n % 10)

    for _ = 1, 3 do
        coroutine.spawn(function()
            channel.select({ topic:case_receive(), events:case_receive() })
        end)
    end
    coroutine.yield()
    if n == 0 then
        local got = 0
        while not channel.select({ inbox:case_receive(), default = true })
            .default do
            got = got + 1
        end
        return got
    end
    if n % 2 == 0 then
        process.upgrade(nil, n - 1)
    else
        pcall(coroutine.wrap(process.upgrade), "app:loop", n - 1)
    end
end

return { main = main }
