-- Takes its time to start.
local time = require("time")

local function main()
    time.sleep("500ms")
    process.registry.register("database")
    print("database", "is there")
    process.events():receive()
end

return main
