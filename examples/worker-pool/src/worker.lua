-- A worker: does one job after the other, until something goes wrong with it.
-- It does nothing against that; the pool sees to it.

local time = require("time")

local function mishap()
    local luck = math.random(14)

    if luck == 1 then
        error("out of paper")
    elseif luck == 2 then
        local tray
        return tray.sheets
    elseif luck == 3 then
        while true do
        end
    end
end

local function main(number)
    local inbox, events = process.inbox(), process.events()

    while true do
        local got = channel.select({
            events:case_receive(),
            inbox:case_receive(),
        })
        if got.channel == events then
            return "cancelled"
        end

        -- The work: it takes a while, and a cancel need not wait for it.
        local name = got.value:payload():data()
        local finished = time.after(math.random(200, 500) .. "ms")
        if channel.select({
            events:case_receive(),
            finished:case_receive(),
        }).channel == events then
            return "cancelled"
        end
        mishap()
        print(("worker %d  %s done"):format(number, name))
        process.send(got.value:from(), "done", name)
    end
end

return { main = main }
