-- Sells. An odd customer (the order "nonsense") is too much for him; his
-- supervisor gets another one, who knows nothing of it.
local function main(number)
    local inbox, events = process.inbox(), process.events()
    print("clerk " .. number, "at work")
    process.ready()
    while true do
        local result = channel.select({ inbox:case_receive(),
            events:case_receive() })
        if result.channel == events then
            print("clerk " .. number, "goes home")
            return
        end
        local message = result.value
        if message:topic() == "order" then
            local what = message:payload():data()
            assert(what ~= "nonsense", "what is that?")
            assert(process.send("database", "sell", what))
        end
    end
end

return main
