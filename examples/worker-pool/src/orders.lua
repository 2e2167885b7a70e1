-- Places jobs with the pool, one every 250 ms: the given number of them, and
-- then it waits until they are done; without a number it never stops.

local time = require("time")

local function say(text, ...)
    print("orders    " .. text:format(...))
end

local function main(what, count)
    local inbox, events = process.inbox(), process.events()
    local clock = time.ticker("250ms"):channel()
    local placed, done = 0, 0

    count = tonumber(count) or math.huge
    while done < count do
        local got = channel.select({
            events:case_receive(),
            inbox:case_receive(),
            clock:case_receive(),
        })

        if got.channel == events then
            break
        elseif got.channel == inbox then
            done = done + 1
        elseif placed < count then
            local name = what .. " " .. placed + 1
            local ok, err = process.send("pool", "order", name)
            if ok then
                placed = placed + 1
            else
                say("%s cannot be placed: %s", name, err)
            end
        end
    end
    say("%d jobs placed, %d done", placed, done)
end

return { main = main }
