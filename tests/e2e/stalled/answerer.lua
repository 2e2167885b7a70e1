-- Answers everything.

local function main()
    local inbox = process.inbox()
    while true do
        local msg = inbox:receive()
        process.send(msg:from(), "answer", msg:payload():data())
    end
end

return { main = main }
