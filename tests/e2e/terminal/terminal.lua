-- What the process of --exec does with its terminal; the script looks at what
-- comes of it (semantics B2, H10, H11, H12).

local io = require("io")
local roles = {}

function roles.args(...)
    local args = io.args()

    assert(#args == select("#", ...) + 1 and args[1] == "args")
    for i = 1, #args - 1 do
        assert(args[i + 1] == select(i, ...) and type(args[i + 1]) == "string")
    end
    args[1] = "changed"
    assert(io.args()[1] == "args")
end

-- In one queue with print, so that the order is that of the calls.
function roles.write()
    assert(io.write("a", 1, 2.5, errors.new("e"), "\n") == true)
    print("printed")
    assert(io.print("b", nil, true, {} ~= nil) == true)
    assert(io.write() == true)
    assert(io.write("no newline") == true)
    assert(io.print() == true)
    assert(io.eprint("to", "stderr", nil) == true)
    assert(io.flush() == true)
    assert(not pcall(io.write, "x", {}))
    assert(not pcall(io.write, nil))
    -- Also from where nobody can wait.
    table.sort({ 2, 1 }, function(a, b)
        io.print("sorting")
        return a < b
    end)
end

-- More than the queue takes: it waits for room, and loses nothing.
function roles.much(n)
    local line = ("x"):rep(99) .. "\n"

    for _ = 1, n do
        io.write(line)
    end
    io.eprint(n)
end

function roles.lines()
    for line in io.readline do
        print("[" .. line .. "]")
    end
    assert(io.readline() == nil and io.read() == nil and io.read(1) == nil)
    assert(select("#", io.read()) == 1)
end

-- All there is, in pieces of any size.
function roles.pieces(n)
    local all, piece = {}, nil

    n = tonumber(n)
    repeat
        piece = io.read(n)
        assert(piece == nil or (#piece > 0 and (not n or #piece <= n)))
        all[#all + 1] = piece
    until piece == nil
    io.write(table.concat(all))
end

-- Lines and bytes in turns.
function roles.mixed()
    assert(io.read(2) == "ab")
    assert(io.readline() == "c")
    assert(io.read(1) == "\n")
    assert(io.readline() == "d")
    local value, err = io.read(0)
    assert(value == nil and err:kind() == "Invalid")
    assert(err:message() == "n must be greater than 0")
    assert(not io.read(-1) and not pcall(io.read, "x"))
    assert(not pcall(io.read, 1.5))
    assert(io.readline() == "" and io.readline() == "e")
    assert(io.readline() == nil)
end

-- The task waits and not the thread; and it is no deadlock.
function roles.waits()
    local ticks, over = 0, channel.new()

    coroutine.spawn(function()
        for _ = 1, 10 do
            require("time").sleep("1ms")
            ticks = ticks + 1
        end
        print("ticked")
        over:send(true)
    end)
    local line = io.readline()
    assert(ticks == 10, "the answer came before the question")
    assert(over:receive())
    print("got " .. line)
    -- Nothing but the input can come now.
    print("got " .. io.readline())
end

-- Many tasks, of which each gets a line; those who ask first get the first.
function roles.tasks()
    local done = channel.new()

    for i = 1, 5 do
        coroutine.spawn(function()
            local ok, line = pcall(coroutine.wrap(io.readline))
            assert(ok and line == "line " .. i, line)
            done:send(i)
        end)
    end
    for i = 1, 5 do
        assert(done:receive() == i)
    end
    local ok, err = pcall(table.sort, { 2, 1 }, function()
        io.readline()
    end)
    assert(not ok and err:find("cannot wait inside table.sort", 1, true), err)
    assert(io.readline() == "line 6")
end

-- A program that it goes on as has the terminal too, and no other process.
function roles.upgrade()
    assert(io.readline() == "first")
    process.upgrade(nil, "upgraded")
end

function roles.upgraded()
    assert(io.readline() == "second")
    assert(io.args()[1] == "upgrade")
    local host = process.pid():match("^{(.-)|")
    for _, spawn in ipairs({ process.exec, function(...)
        process.spawn_linked_monitored(...)
        local result = process.events():receive().result
        return result.value, result.error
    end }) do
        local value, err = spawn("app:other", host)
        assert(err == nil, err)
        assert(value == "refused", value)
    end
end

function roles.hangs()
    print("reading")
    io.readline()
    print("over")
end

return {
    main = function(role, ...)
        return roles[role](...)
    end,
}
