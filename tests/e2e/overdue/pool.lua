-- Like the pool of the requirement: it sees its cancel, and goes on.

local function main()
    local events = process.events()

    process.set_options({ trap_links = true })
    assert(process.spawn_linked("app:worker", "app:processes"))
    while true do
        local event = events:receive()
        print("pool", event.kind, event.reason)
    end
end

return { main = main }
