-- Starts the clients and the database, and waits until all are connected.
local function main()
    local connected = process.listen("connected")
    process.registry.register("main")
    process.spawn_linked("app:database", "app:processes")
    local clients = process.spawn_linked("app:clients", "app:processes")
    for _ = 1, 3 do
        connected:receive()
    end
    process.cancel(clients)
end

return main
