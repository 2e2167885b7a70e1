-- We have room for five messages, and take none for a while: the answers wait,
-- and the questions with them, until the resolver's own mailbox is full
-- (semantics D5). Then nothing is lost.
local time = require("time")

local function main()
    local answers = process.listen("resolved")
    local pid = process.spawn("app:narrow", "app:processes")
    local asked, err = 0, nil
    repeat
        local ok
        ok, err = process.send(pid, "resolve", "10.0.0." .. asked % 256)
        if ok then
            asked = asked + 1
        end
    until not ok and asked >= 20
    assert(err:message() == "mailbox full: " .. pid)
    for i = 0, asked - 1 do
        assert(answers:receive().name == "10.0.0." .. i % 256)
        if i % 10 == 0 then
            time.sleep("1ms")
        end
    end
    -- And there is room again.
    assert(process.send(pid, "resolve", "10.1.1.1"))
    assert(answers:receive().name == "10.1.1.1")
end

return main
