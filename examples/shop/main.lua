-- Opens the shop, looks at the tree, kills the database, looks again, closes.
local supervisor = require("supervisor")
local time = require("time")

local function show(sup, indent)
    for _, child in ipairs(assert(supervisor.which_children(sup))) do
        print(indent .. child.id, child.status, child.restarts .. " restarts")
        if child.pid and child.kind:find("^supervisor") then
            show(child.pid, indent .. "  ")
        end
    end
end

-- Whoever holds a name, when it is not `before` (any more).
local function await(name, before)
    local pid = process.registry.lookup(name)
    while pid == nil or pid == before do
        time.sleep("5ms")
        pid = process.registry.lookup(name)
    end
    return pid
end

local function main()
    local shop = assert(process.spawn_monitored("shop:shop", "shop:processes"))
    local database, clerk = await("database"), await("clerk-3")
    time.sleep("300ms")
    print("--", "the tree")
    show(shop, "")

    print("--", "the database dies")
    process.terminate(database)
    await("clerk-3", clerk)
    time.sleep("300ms")
    print("--", "the tree")
    show(shop, "")

    print("--", "the shop closes")
    process.cancel(shop)
    local result = process.events():receive().result
    print("--", result.value)
end

return main
