-- Runs until it is cancelled, and takes a little time for that.

local time = require("time")

local function main(name)
    local event = process.events():receive()

    assert(event.kind == process.event.CANCEL and event.from == "{|}")
    assert(math.type(event.deadline) == "float")
    assert(event.deadline > os.time() - 1)
    print(name .. " stops", event.reason)
    time.sleep("50ms")
    print(name .. " has stopped")
end

return { main = main }
