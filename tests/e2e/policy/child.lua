-- Says what it does, and fails with the words that it is sent.
local function say(what, id)
    process.send("journal", "journal", { what, id, process.pid() })
end

return function(id)
    say("started", id)
    process.ready()
    local inbox, events = process.inbox(), process.events()
    local result = channel.select({
        events:case_receive(), inbox:case_receive() })
    if result.channel == events then
        say("stopped", id)
        return
    end
    error(result.value:payload():data(), 0)
end
