-- Leaves processes of all sorts behind: heeds, deaf, spins.

local time = require("time")
local HOST = "app:processes"

local function main(...)
    for _, name in ipairs({ ... }) do
        assert(process.spawn("app:" .. name, HOST, name))
    end
    time.sleep("50ms")
    print("main ends")
end

return { main = main }
