-- Waiting in all places where a program can stand: protected calls, iterators,
-- metamethods, coroutines within each other, variables that are closed, and
-- selects with many and with repeated cases (semantics H2 to H6, H8 to H11, H14,
-- X11).

local time = require("time")

-- Gives what it is asked for later, by another task.
local function later(value)
    local ch = channel.new()

    coroutine.spawn(function()
        coroutine.yield()
        ch:send(value)
    end)
    return (ch:receive())
end

local function test_nested()
    local function inner(n)
        if n == 0 then
            local ok, err = xpcall(function()
                error({ later("deep") })
            end, function(e)
                return e[1] .. "!"
            end)
            assert(not ok)
            return err
        end
        local co = coroutine.wrap(function(...)
            local ok, got = pcall(inner, n - 1)
            assert(ok)
            coroutine.yield(later(n))
            return got
        end)
        assert(co() == n)
        return co()
    end

    assert(inner(30) == "deep!")
end

local function test_metamethods()
    local log = {}
    local t = setmetatable({}, {
        __index = function(_, k) return later(k) end,
        __newindex = function(_, k, v) log[later(k)] = v end,
        __call = function(_, a, b) return later(a + b) end,
        __add = function(_, b) return later(b) end,
        __unm = function() return later("minus") end,
        __len = function() return later(7) end,
        __eq = function() return later(true) end,
        __lt = function() return later(true) end,
        __le = function() return later(false) end,
        __concat = function(_, b) return later(b) end,
        __close = function(_, e) log.closed = later(e or "closed") end,
    })
    local other = setmetatable({}, getmetatable(t))

    assert(t.field == "field")
    t.set = 1
    assert(log.set == 1)
    assert(t(1, 2) == 3 and t + 4 == 4 and -t == "minus" and #t == 7)
    assert(t == other and t < other and not (t <= other))
    assert(t .. "tail" == "tail" and "a" .. "b" .. (t .. "c") == "abc")
    do
        local c <close> = t
    end
    assert(log.closed == "closed")
    local ok, err = pcall(function()
        local c <close> = t
        error("raised", 0)
    end)
    assert(not ok and err == "raised" and log.closed == "raised")
end

local function test_iterators_and_goto()
    local seen = {}

    for i in function(_, i) return later(i < 5 and i + 1 or nil) end, nil, 0 do
        if i == 3 then
            goto continue
        end
        seen[#seen + 1] = i
        ::continue::
    end
    assert(table.concat(seen) == "1245")

    -- A closing value of a loop that is left by break waits, too.
    local closed
    local closing = setmetatable({}, { __close = function()
        closed = later("yes")
    end })
    for i in function(_, i) return (i or 0) + 1 end, nil, nil, closing do
        if i == 3 then
            break
        end
    end
    assert(closed == "yes")

    local rounds = 0
    ::again::
    do
        local c <close> = setmetatable({}, { __close = function()
            rounds = rounds + later(1)
        end })
        if rounds < 3 then
            goto again
        end
    end
    assert(rounds == 4)
end

-- Each place has its own word for what cannot wait there.
local function test_cannot_wait()
    local function wait()
        return later(1)
    end
    local function refused(where, f, ...)
        local ok, err = pcall(f, ...)
        assert(not ok, where)
        assert(tostring(err):find("cannot wait inside " .. where, 1, true),
            tostring(err))
    end

    refused("table.sort", table.sort, { 3, 2, 1 }, function(a, b)
        wait()
        return a < b
    end)
    refused("string.gsub", string.gsub, "abc", ".", wait)
    refused("tostring", tostring, setmetatable({}, { __tostring = wait }))
    refused("xpcall", function()
        local _, err = xpcall(error, function()
            return select(2, pcall(wait))
        end, "x")
        error(err, 0)
    end)
    -- A sleep and a yield are waits, and a buffered channel is none.
    refused("table.sort", table.sort, { 2, 1 }, function()
        time.sleep("1ms")
    end)
    local ch = channel.new(9)
    table.sort({ 3, 2, 1 }, function(a, b)
        ch:send(a)
        return ch:receive() < b
    end)
    -- Afterwards all is as before.
    assert(later("fine") == "fine")
end

local function test_many_cases()
    local chs, cases = {}, {}

    for i = 1, 20 do
        chs[i] = channel.new(i % 3)
        cases[2 * i - 1] = chs[i]:case_receive()
        cases[2 * i] = chs[i]:case_receive()
    end
    cases[41], cases.extra, cases[0] = "no case", 1, false
    for round = 1, 3 do
        for i = 1, 20 do
            coroutine.spawn(function() chs[i]:send(i) end)
            local got = channel.select(cases)
            assert(got.channel == chs[i] and got.value == i and got.ok)
        end
    end
    assert(channel.select(cases, true).default)
    for i = 20, 1, -1 do
        chs[i]:close()
        local got = channel.select(cases)
        assert(got.channel == chs[i] and not got.ok and got.value == nil)
    end
end

-- Both ends of one channel in one select: nobody meets himself.
local function test_both_ends()
    local ch = channel.new()
    local cases = { ch:case_send("own"), ch:case_receive() }
    local got

    assert(channel.select(cases, true).default)
    coroutine.spawn(function() got = channel.select(cases) end)
    coroutine.yield()
    assert(got == nil)
    assert(ch:receive() == "own")
    coroutine.yield()
    assert(got.channel == ch and got.value == "own" and got.ok)

    -- The second of two such finds its first case ready.
    local results = {}
    for i = 1, 2 do
        coroutine.spawn(function()
            results[i] = channel.select(
                { ch:case_send(i), ch:case_receive() }).value
        end)
    end
    for _ = 1, 4 do
        coroutine.yield()
    end
    assert(results[1] == 2 and results[2] == 2)
end

-- A channel closed with senders and receivers of all sorts.
local function test_closed_under_all()
    local ch, other = channel.new(), channel.new()
    local out = {}

    for i = 1, 3 do
        coroutine.spawn(function()
            local v, ok = ch:receive()
            out[#out + 1] = "r" .. tostring(v) .. tostring(ok)
        end)
        coroutine.spawn(function()
            local got = channel.select({ other:case_receive(),
                ch:case_receive() })
            out[#out + 1] = "s" .. tostring(got.channel == ch)
                .. tostring(got.ok)
        end)
    end
    coroutine.yield()
    ch:close()
    for _ = 1, 3 do
        coroutine.yield()
    end
    assert(table.concat(out, " ") ==
        "rnilfalse struefalse rnilfalse struefalse rnilfalse struefalse",
        table.concat(out, " "))
    -- Whoever waited on two channels is gone from the other one as well.
    assert(channel.select({ other:case_send(1) }, true).default)
end

-- Tasks and coroutines that wait belong to nobody else.
local function test_no_one_elses()
    local ch = channel.new()
    local task = coroutine.spawn(function() ch:receive() end)
    local co = coroutine.create(function() return ch:receive() end)

    coroutine.spawn(function() coroutine.resume(co) end)
    coroutine.yield()
    for _, waiting in ipairs({ task, co }) do
        assert(coroutine.status(waiting) == "normal")
        local ok, err = coroutine.resume(waiting)
        assert(not ok and err == "cannot resume a waiting task")
        ok, err = pcall(coroutine.close, waiting)
        assert(not ok and err == "cannot resume a waiting task")
    end
    ch:close()
    coroutine.yield()
    assert(coroutine.status(task) == "dead")
    assert(coroutine.status(co) == "dead")
end

local function main()
    test_nested()
    test_metamethods()
    test_iterators_and_goto()
    test_cannot_wait()
    test_many_cases()
    test_both_ends()
    test_closed_under_all()
    test_no_one_elses()
    return "ok"
end

return { main = main }
