-- What a native kind refuses, at the spawn and later (semantics P6, X1).
local HOST = "app:processes"

local function main()
    for _, args in ipairs { {}, { 1 }, { { 1 } }, { { "x" } }, { {}, {} } } do
        local pid, err = process.spawn("app:sum", HOST, table.unpack(args))
        assert(pid == nil and err:kind() == "Invalid")
        assert(err:message():find("it wants an array of pids", 1, true), err)
    end

    local events = process.events()
    for topic, text in pairs {
        add = "add wants an integer",
        follow = "follow wants a pid",
        join = "join wants a pid",
    } do
        local pid = process.spawn_monitored("app:counter", HOST)
        process.send(pid, "anything", "else")
        process.send(pid, topic, "no")
        local result = events:receive().result
        assert(result.error:message() == text)
        assert(result.error:kind() == "Invalid" and result.value == nil)
    end

    local pid = process.spawn_monitored("app:most", HOST)
    process.send(pid, "add", 1)
    local err = events:receive().result.error
    assert(err:message() == "it counts no further")
    assert(err:kind() == "RateLimited")
end

return main
