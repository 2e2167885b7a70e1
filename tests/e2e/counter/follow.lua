-- A native process watches others: it is told of each end, whatever its way,
-- and that of a native one as well (semantics W2, W3, W10).
local HOST = "app:processes"
local totals = process.listen("total")
local events = process.events()

local function total(counter)
    process.send(counter, "get")
    return (totals:receive())
end

local function main()
    local counter = process.spawn("app:counter", HOST)
    local peers = {}
    for i = 1, 3 do
        peers[i] = process.spawn_monitored("app:peer", HOST)
    end
    peers[4] = process.spawn_monitored("app:counter", HOST)
    for _, peer in ipairs(peers) do
        assert(process.send(counter, "follow", peer))
    end
    assert(total(counter) == 4)
    process.send(peers[1], "end")
    process.send(peers[2], "fail")
    process.terminate(peers[3])
    process.cancel(peers[4])
    for _ = 1, 4 do
        events:receive()
    end
    -- It may be told after us, but is told.
    while total(counter) > 0 do end
    assert(total(counter) == 0)
    -- Who has ended cannot be followed.
    process.send(counter, "follow", peers[1])
    assert(total(counter) == 0)
end

return main
