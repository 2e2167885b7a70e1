-- Two that are linked, and wait each in its own way.

local function child()
    print("child waits")
    coroutine.wrap(function()
        process.listen("never"):receive()
    end)()
end

local function main()
    local pid = process.spawn_linked("o:child", "o:host")
    process.send(process.pid(), "to nobody")
    process.send(pid, "also", 1)
    process.send(pid, "and", 2)
    require("time").sleep("1h")
end

return { main = main, child = child }
