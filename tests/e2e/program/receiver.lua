-- Those who get output, beside the programs that check.
local time = require("time")

-- Has a small mailbox, and reads what a program says only when somebody is
-- registered as `go`; at the end it tells `to` how much that was.
local function main(to)
    local said, told = process.listen("stdout"), process.listen("told")
    local n, bytes = 0, 0

    while not process.registry.lookup("go") do
        time.sleep("5ms")
    end
    while true do
        local result = channel.select({
            said:case_receive(), told:case_receive() })

        if result.channel == told then
            process.send(to, "count", n, bytes)
            return n
        end
        n = n + 1
        bytes = bytes + #result.value
    end
end

-- Spawns a program and ends.
local function spawner(script)
    return assert(process.spawn("app:reader", "app:processes", script))
end

return { main = main, spawner = spawner }
