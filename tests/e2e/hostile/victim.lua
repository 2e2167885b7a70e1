-- What must go on while others do their worst: it answers each ping.
local function main()
    local inbox = process.inbox()
    local events = process.events()
    while true do
        local got = channel.select { inbox:case_receive(), events:case_receive() }
        if got.channel == events then
            return
        end
        local msg = got.value
        if msg:topic() == "ping" then
            process.send(msg:from(), "pong")
        end
    end
end
return { main = main }
