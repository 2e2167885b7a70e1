-- Takes no mail until it is told by its cancel, and then counts it.

local function main()
    local count = 0

    process.events():receive()
    local inbox = process.inbox()
    while not channel.select({
        inbox:case_receive(),
        default = true,
    }).default do
        count = count + 1
    end
    return count
end

return { main = main }
