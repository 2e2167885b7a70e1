-- Ways to take what others need. Each ends with an error, or is ended; `ways`
-- names them, main.lua says what must become of each.
local time = require("time")
local json = require("json")
local events = require("events")
local ways = {}

-- Memory, in every form there is.

function ways.strings()
    local s = "x"
    while true do
        s = s .. s
    end
end

function ways.tables()
    local all = {}
    while true do
        all[#all + 1] = {}
    end
end

function ways.coroutines()
    local all = {}
    while true do
        local co = coroutine.create(function() coroutine.yield() end)
        coroutine.resume(co)
        all[#all + 1] = co
    end
end

function ways.tasks()
    while true do
        coroutine.spawn(function() time.sleep("1h") end)
    end
end

function ways.timers()
    local all = {}
    while true do
        all[#all + 1] = time.after("1h")
    end
end

function ways.channels()
    local all = {}
    while true do
        all[#all + 1] = channel.new(1000)
    end
end

function ways.full_channel()
    local ch = channel.new(1 << 30)
    while true do
        ch:send("x")
    end
end

function ways.topics()
    local i = 0
    while true do
        i = i + 1
        process.listen("topic" .. i)
    end
end

function ways.subscriptions()
    local i = 0
    while true do
        i = i + 1
        assert(events.subscribe("system" .. i))
    end
end

function ways.names()
    local i = 0
    while true do
        i = i + 1
        assert(process.registry.register("name" .. i .. ("x"):rep(200)))
    end
end

function ways.kept_memory_error()
    local all = {}
    while true do
        pcall(function()
            while true do
                all[#all + 1] = ("x"):rep(100) .. #all
            end
        end)
    end
end

function ways.repetition()
    return ("x"):rep(1 << 40)
end

function ways.concatenation()
    return table.concat(setmetatable({}, { __len = function() return 1 << 40 end,
        __index = function() return "x" end }))
end

function ways.json_depth()
    return assert(json.decode(("["):rep(1000000)))
end

-- The stack.

function ways.recursion()
    local function down(n) return 1 + down(n) end
    return down(0)
end

function ways.recursion_of_pcall()
    local function down() return pcall(down) and 1 end
    return down()
end

function ways.recursion_in_c()
    local function down(s) return (s:gsub("x", down)) end
    return down("x")
end

function ways.closes_in_closes()
    local function down(n, f)
        return n == 0 and f() or (("x"):gsub("x", function() down(n - 1, f) end))
    end
    local close = print
    for _ = 1, 100 do
        local inner = close
        local co = coroutine.create(function()
            local c <close> = setmetatable({}, { __close = function() down(150, inner) end })
            coroutine.yield()
        end)
        coroutine.resume(co)
        close = function() assert(coroutine.close(co)) end
    end
    return close()
end

function ways.endless_index()
    local t = {}
    setmetatable(t, { __index = t })
    return t.x
end

function ways.deep_message()
    local t = {}
    for _ = 1, 100000 do
        t = { t }
    end
    return assert(process.send(process.pid(), "deep", t))
end

function ways.loop_message()
    local t = {}
    t.t = t
    return assert(process.send(process.pid(), "loop", t))
end

-- What others need.

function ways.large_message(victim)
    return assert(process.send(victim, "large", ("x"):rep(2 << 20)))
end

function ways.flood(victim)
    while true do
        local ok, err = process.send(victim, "flood", 1)
        if not ok then
            error(err)
        end
    end
end

function ways.flood_of_itself()
    while true do
        assert(process.send(process.pid(), "flood", ("x"):rep(1000)))
    end
end

function ways.spawns()
    while true do
        assert(process.spawn("app:hostile", "app:processes", "idle"))
    end
end

function ways.idle()
    process.events():receive()
end

-- The processor. These are ended by main.

function ways.spin()
    while true do end
end

function ways.spin_in_pcall()
    while true do
        pcall(error, "again")
    end
end

function ways.spin_in_sort()
    local all = {}
    for i = 1, 1000 do
        all[i] = i
    end
    while true do
        table.sort(all, function(a, b) return a > b end)
    end
end

function ways.pattern()
    return (("a"):rep(30)):find(("a*"):rep(30) .. "b")
end

-- The way out.

function ways.ask_for_the_world()
    local given = {}
    for _, name in ipairs { "load", "loadstring", "loadfile", "dofile", "debug", "package", "io", "collectgarbage", "warn" } do
        if _G[name] ~= nil then
            given[#given + 1] = name
        end
    end
    for name in pairs(os) do
        if not ("time date clock difftime"):find(name, 1, true) then
            given[#given + 1] = "os." .. name
        end
    end
    for _, name in ipairs { "os", "io", "debug", "package", "lfs", "ffi", "app:victim", "../victim", "/etc/passwd" } do
        local ok = pcall(require, name)
        if ok and name ~= "os" then
            given[#given + 1] = "require " .. name
        end
    end
    if string.dump ~= nil then
        given[#given + 1] = "string.dump"
    end
    error("given: " .. table.concat(given, " ") .. ".")
end

function ways.poison_shared()
    -- All that is reached by more than one process, if it were shared.
    string.format = nil
    getmetatable("").__index = nil
    process.send = nil
    _G.assert = nil
    setmetatable(_G, { __index = function() return error end })
end

function ways.finalizer()
    setmetatable({}, { __gc = function() end })
end

function ways.error_without_end()
    error(setmetatable({}, { __tostring = function(e) error(e) end }))
end

function ways.large_error()
    error(("x"):rep(8 << 20))
end

local function main(way, victim)
    return ways[way](victim)
end
return { main = main }
