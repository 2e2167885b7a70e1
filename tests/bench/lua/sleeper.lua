-- Sleeps until it is due; a few tell how late they were.
local time = require("time")

local function main(due, gate)
    time.sleep(due - time.now():unix_nano())
    if gate then
        process.send(gate, "late", time.now():unix_nano() - due)
    end
end

return { main = main }
