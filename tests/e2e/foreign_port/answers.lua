-- Answers come in the order of the questions, each to who asked; a bad question
-- is a failure (semantics M1, X1).
local HOST = "app:processes"

local function main()
    local answers = process.listen("resolved")
    local pid = process.spawn_monitored("app:resolver", HOST)
    for i = 1, 500 do
        assert(process.send(pid, "resolve", "10.0." .. i // 256 .. "." .. i % 256))
    end
    assert(process.send(pid, "nothing", "that it knows"))
    for i = 1, 500 do
        local answer = answers:receive()
        assert(answer.name == "10.0." .. i // 256 .. "." .. i % 256)
        assert(#answer.addresses == 1 and answer.addresses[1] == answer.name)
        assert(answer.error == nil)
    end
    process.send(pid, "resolve", "no address")
    local answer = answers:receive()
    assert(answer.name == "no address" and answer.addresses == nil)
    assert(#answer.error > 0)

    process.send(pid, "resolve", 7)
    local err = process.events():receive().result.error
    assert(err:message() == "resolve wants a name" and err:kind() == "Invalid")
end

return main
