-- Starts the server, says where it listens, and waits until it is to stop.
local function main()
    local server = assert(process.spawn_linked_monitored("app:server", "app:processes"))
    process.send(server, "where")
    print("port", (process.listen("port"):receive()))

    local events = process.events()
    repeat
        local event = events:receive()
    until event.kind == process.event.CANCEL
    process.cancel(server)
    print("served", events:receive().result.value)
end

return main
