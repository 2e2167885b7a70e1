-- Processes end in all ways and at any moment while their threads work; none of
-- it is waited for (semantics X4).
local HOST = "app:processes"

local function main()
    local events = process.events()
    local answers = process.listen("resolved")
    for round = 1, 100 do
        local pid = process.spawn_monitored("app:resolver", HOST)
        for i = 1, 20 do
            process.send(pid, "resolve", "10.0.0." .. i)
        end
        for _ = 1, round % 20 do
            answers:receive()
        end
        if round % 3 == 0 then
            process.cancel(pid)
        elseif round % 3 == 1 then
            process.terminate(pid)
        else
            process.send(pid, "resolve", true)
        end
        local event = events:receive()
        assert(event.from == pid)
        assert((event.result.error == nil) == (round % 3 == 0))
        process.unlisten(answers)
        answers = process.listen("resolved")
    end
    -- One is left behind at work when the runtime stops.
    local pid = process.spawn("app:resolver", HOST)
    for i = 1, 200 do
        process.send(pid, "resolve", "10.0.0." .. i)
    end
end

return main
