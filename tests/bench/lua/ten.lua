-- The ten lines of the idle process.
local count = 0

local function main()
    local inbox = process.inbox()
    while true do
        local msg = inbox:receive()
        count = count + msg:payload():data()
    end
end

return { main = main }
