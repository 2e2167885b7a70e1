-- Writes what it does, and does what it is told.
local function write(what, id)
    process.send("journal", "journal", { what, id, process.pid() })
end

return function(id)
    -- Each name is one failure to start.
    for n = 1, 3 do
        if process.registry.unregister("fail " .. id .. " " .. n) then
            write("failing", id)
            error("cannot start", 0)
        end
    end
    local inbox, events = process.inbox(), process.events()
    local cases = { events:case_receive(), inbox:case_receive() }
    write("started", id)
    process.ready()
    local result = channel.select(cases)
    if result.channel == events then
        write("stopped", id)
    elseif result.value:topic() == "fail" then
        error("told to", 0)
    end
end
