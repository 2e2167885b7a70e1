-- Counts what was sold. It lives in memory, so its death is felt: everybody
-- who starts after it starts anew.
local function main()
    local inbox, events = process.inbox(), process.events()
    local sold = 0
    print("database", "ready")
    process.ready()
    while true do
        local result = channel.select({ inbox:case_receive(),
            events:case_receive() })
        if result.channel == events then
            print("database", "closes with " .. sold .. " sales")
            return
        end
        sold = sold + 1
        process.send(result.value:from(), "sale", sold)
    end
end

return main
