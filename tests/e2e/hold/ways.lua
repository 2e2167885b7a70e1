-- Ways to hold a thread, by name.

local time = require("time")

local function spin()
    while true do
    end
end

local function forever(f, ...)
    while true do
        pcall(f, ...)
    end
end

local function numbers(n)
    local list = {}
    for i = 1, n do
        list[i] = (i * 7919) % n
    end
    return list
end

-- An object all of whose operations go on for ever.
local function endless()
    local meta = {}
    for _, name in ipairs({
        "index", "newindex", "call", "add", "concat", "len", "eq", "lt", "le",
        "unm", "tostring", "close", "pairs",
    }) do
        meta["__" .. name] = spin
    end
    return setmetatable({}, meta)
end

local ways = {}

-- Plain Lua.

ways.spin = spin

function ways.count()
    for _ = 1, math.maxinteger do
    end
end

function ways.recursion()
    local function again()
        return again()
    end
    again()
end

function ways.calls()
    while true do
        tostring(1)
    end
end

function ways.concatenation()
    while true do
        local text = ""
        for i = 1, 1000 do
            text = text .. i
        end
    end
end

function ways.iterator()
    for _ in function() return 1 end do
    end
end

-- Catching what is thrown.

function ways.pcall()
    forever(spin)
end

function ways.pcall_of_errors()
    forever(error, "again")
end

function ways.pcall_nested()
    forever(pcall, pcall, pcall, spin)
end

function ways.xpcall_handler()
    xpcall(error, spin, "x")
end

function ways.xpcall_handler_fails()
    forever(xpcall, error, function() error("again") end, "x")
end

function ways.stack_overflow()
    local function deeper()
        return 1 + deeper()
    end
    forever(deeper)
end

function ways.c_stack_overflow()
    local function deeper()
        return (("x"):gsub("x", deeper))
    end
    forever(deeper)
end

-- Closing.

function ways.close()
    local _ <close> = endless()
end

function ways.close_by_error()
    forever(function()
        local _ <close> = endless()
        error("x")
    end)
end

function ways.close_of_a_coroutine()
    local co = coroutine.create(function()
        local _ <close> = endless()
        coroutine.yield()
    end)
    coroutine.resume(co)
    coroutine.close(co)
end

-- Metamethods.

function ways.index()
    return endless().x
end

function ways.newindex()
    endless().x = 1
end

function ways.call()
    endless()()
end

function ways.arithmetic()
    return endless() + 1
end

function ways.concat()
    return endless() .. "x"
end

function ways.len()
    return #endless()
end

function ways.equal()
    return endless() == endless()
end

function ways.less()
    return endless() < endless()
end

function ways.tostring()
    tostring(endless())
end

function ways.print()
    print(endless())
end

function ways.format()
    return ("%s"):format(endless())
end

function ways.pairs()
    pairs(endless())
end

function ways.index_chain()
    local t = {}
    for _ = 1, 90 do
        t = setmetatable({}, { __index = t })
    end
    while true do
        local _ = t.x
    end
end

-- Coroutines and tasks.

function ways.coroutine()
    coroutine.wrap(spin)()
end

function ways.nested_coroutines()
    local function nest(depth)
        if depth == 0 then
            spin()
        end
        coroutine.wrap(nest)(depth - 1)
    end
    nest(100)
end

function ways.pcall_in_coroutines()
    forever(coroutine.wrap(function()
        forever(coroutine.wrap(spin))
    end))
end

function ways.generator()
    for _ in coroutine.wrap(function()
        while true do
            coroutine.yield(1)
        end
    end) do
    end
end

function ways.coroutines_without_end()
    while true do
        coroutine.resume(coroutine.create(function() end))
    end
end

function ways.yield()
    while true do
        coroutine.yield()
    end
end

function ways.task()
    coroutine.spawn(spin)
    channel.new():receive()
end

function ways.tasks_in_turn()
    local function again()
        coroutine.spawn(again)
    end
    again()
    process.events():receive()
    spin()
end

function ways.tasks_that_multiply()
    local function again()
        for _ = 1, 2 do
            coroutine.spawn(again)
        end
        time.sleep("1ms")
    end
    forever(again)
end

function ways.ping_pong()
    local ch = channel.new()
    coroutine.spawn(function()
        while true do
            ch:send(1)
        end
    end)
    while true do
        ch:receive()
    end
end

function ways.select()
    local ch = channel.new()
    while true do
        channel.select({ ch:case_receive(), default = true })
    end
end

function ways.send_to_itself()
    local inbox = process.inbox()
    while true do
        process.send(process.pid(), "x", 1)
        inbox:receive()
    end
end

function ways.full_mailbox()
    while true do
        process.send(process.pid(), "x", 1)
    end
end

function ways.sleep()
    while true do
        time.sleep(0)
    end
end

function ways.spawn()
    while true do
        process.cancel(assert(process.spawn(
            "app:waiter", "app:processes")), 0)
    end
end

function ways.wait()
    forever(function()
        process.inbox():receive()
    end)
end

-- Functions in C that call back.

function ways.sort()
    table.sort(numbers(1000), spin)
end

function ways.sort_by_order()
    forever(table.sort, numbers(1000000), function(a, b)
        return a < b
    end)
end

function ways.sort_without_order()
    forever(table.sort, numbers(100000), function()
        return true
    end)
end

function ways.sort_by_metamethod()
    table.sort({ endless(), endless(), endless() })
end

function ways.gsub()
    ("x"):rep(1000):gsub("x", spin)
end

function ways.gsub_pcall()
    ("x"):rep(1000):gsub("x", function()
        forever(spin)
    end)
end

function ways.gsub_by_table()
    ("x"):gsub("x", endless())
end

function ways.gsub_many()
    forever(string.gsub, ("x"):rep(1000000), "x", function() end)
end

-- Functions in C with much to do.

function ways.backtracking()
    forever(string.find, ("a"):rep(60), ("a*"):rep(30) .. "b")
end

function ways.backtracking_gmatch()
    forever(function()
        for _ in ("a"):rep(100000):gmatch(".-b") do
        end
    end)
end

function ways.backtracking_balance()
    forever(string.find, ("("):rep(100000), "%b()")
end

function ways.quadratic_gsub()
    forever(string.gsub, ("a"):rep(1000000), "a*b", "")
end

function ways.find_plain()
    local text = ("a"):rep(10000000)
    forever(string.find, text, ("a"):rep(5000000) .. "b", 1, true)
end

function ways.find_without_specials()
    local text = ("a"):rep(10000000)
    forever(string.find, text, ("a"):rep(5000000) .. "b")
end

function ways.rep()
    forever(string.rep, "x", 100000000)
end

function ways.rep_of_nothing()
    forever(string.rep, "", math.maxinteger)
end

function ways.sort_in_c()
    forever(table.sort, numbers(300000))
end

function ways.concat_in_c()
    forever(table.concat, numbers(300000), " ")
end

function ways.insert_in_front()
    local list = numbers(300000)
    while true do
        table.insert(list, 1, 0)
    end
end

function ways.remove_in_front()
    local list = numbers(300000)
    while true do
        table.remove(list, 1)
        list[#list + 1] = 0
    end
end

function ways.move()
    local list = numbers(300000)
    forever(table.move, list, 1, #list, 2)
end

function ways.move_of_nothing()
    forever(table.move, {}, 1, math.maxinteger - 1, 2)
end

function ways.concat_by_metamethod()
    forever(table.concat, setmetatable({}, {
        __index = function()
            return "x"
        end,
    }), "", 1, 9000000)
end

function ways.unpack()
    forever(table.unpack, {}, 1, 900000)
end

function ways.length_by_search()
    local list = setmetatable({}, { __index = spin })
    table.insert(list, 1)
    table.unpack(list, 1, 3)
end

function ways.utf8()
    forever(utf8.len, ("x"):rep(1000000))
end

function ways.byte()
    forever(function()
        return select("#", ("x"):rep(200000):byte(1, -1))
    end)
end

function ways.pack()
    forever(string.pack, ("b"):rep(200), ("1"):rep(200):byte(1, -1))
end

function ways.tostring_of_numbers()
    while true do
        tostring(1.5)
        tonumber("1e10")
    end
end

function ways.date()
    forever(os.date, ("%c"):rep(10000))
end

function ways.memory()
    forever(function()
        local list = {}
        while true do
            list[#list + 1] = ("x"):rep(1000) .. #list
        end
    end)
end

return ways
