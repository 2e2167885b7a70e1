-- Heeds its cancel.

local function main()
    print("worker starts")
    local event = process.events():receive()
    print("worker", event.kind, event.reason)
end

return { main = main }
