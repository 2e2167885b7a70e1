-- A thousand tasks with random operations on a few channels, and a model of
-- them that knows only the rules: both must tell the same story.
--
-- The model keeps plain lists and looks at everything each time. Tasks run
-- in FIFO order of becoming ready (semantics V3), so there is only one right
-- story.

local time = require("time")

local TASKS, STEPS, CHANNELS = 1000, 12, 40

-- Its own generator: a seed must give the same scripts everywhere.
local function random_from(seed)
    local state = seed

    return function(n)
        state = (state * 6364136223846793005 + 1442695040888963407)
        return (state >> 33) % n + 1
    end
end

local function make_op(random, value)
    local roll = random(100)
    local ch = random(CHANNELS)

    if roll <= 30 then
        return { kind = "send", ch = ch, value = roll > 2 and value or nil }
    elseif roll <= 62 then
        return { kind = "receive", ch = ch }
    elseif roll <= 64 then
        return { kind = "close", ch = ch }
    elseif roll <= 74 then
        return { kind = "yield" }
    end
    local op = { kind = "select", default = random(4) == 1, cases = {} }
    for i = 1, random(5) do
        op.cases[i] = {
            ch = random(CHANNELS),
            is_send = random(2) == 1,
            value = value * 10 + i,
        }
    end
    return op
end

local function make_scripts(random)
    local scripts = {}

    for task = 1, TASKS do
        scripts[task] = {}
        for step = 1, random(STEPS) do
            scripts[task][step] = make_op(random, task * 100 + step)
        end
    end
    return scripts
end

-- What really happens ------------------------------------------------------

local function raised(err)
    assert(tostring(err):find("send on closed channel", 1, true), err)
    return "raised"
end

local function run_select(channels, op)
    local cases = { default = op.default }

    for i, c in ipairs(op.cases) do
        local ch = channels[c.ch]
        if c.is_send then
            local ok, case = pcall(ch.case_send, ch, c.value)
            if not ok then
                return raised(case)
            end
            cases[i] = case
        else
            cases[i] = ch:case_receive()
        end
    end
    local ok, got, err = pcall(channel.select, cases)
    if not ok then
        return raised(got)
    elseif got == nil then
        return "nil " .. tostring(err)
    elseif got.default then
        return "default"
    end
    for i, ch in ipairs(channels) do
        if ch == got.channel then
            return i .. " " .. tostring(got.value) .. " " .. tostring(got.ok)
        end
    end
    return "a strange channel"
end

local function run_op(channels, op)
    local ch = channels[op.ch]

    if op.kind == "send" then
        local ok, sent, err = pcall(ch.send, ch, op.value)
        if not ok then
            return raised(sent)
        end
        return sent and "sent" or "nil " .. tostring(err)
    elseif op.kind == "receive" then
        local v, ok = ch:receive()
        return tostring(v) .. " " .. tostring(ok)
    elseif op.kind == "close" then
        ch:close()
        return "closed"
    elseif op.kind == "yield" then
        coroutine.yield()
        return "yielded"
    end
    return run_select(channels, op)
end

local function run_really(scripts, capacities)
    local channels, story = {}, {}

    for i, cap in ipairs(capacities) do
        channels[i] = channel.new(cap)
    end
    for task, script in ipairs(scripts) do
        coroutine.spawn(function()
            for step, op in ipairs(script) do
                local what = run_op(channels, op)
                story[#story + 1] = task .. "." .. step .. " " .. what
            end
        end)
    end
    -- In the first round all start; who runs later has something to tell.
    local told
    coroutine.yield()
    repeat
        told = #story
        coroutine.yield()
    until #story == told
    return story
end

-- What should happen -------------------------------------------------------

local model = {}

function model.wake(m, waiter, what)
    waiter.wait.is_over = true
    waiter.wait.task.what = what
    m.ready[#m.ready + 1] = waiter.wait.task
end

function model.first(queue)
    while queue[1] and queue[1].wait.is_over do
        table.remove(queue, 1)
    end
    return queue[1]
end

function model.won(waiter, value, ok)
    local prefix = ""

    if waiter.wait.is_select then
        prefix = waiter.ch .. " "
    elseif waiter.is_send then
        return "sent"
    end
    return prefix .. tostring(value) .. " " .. tostring(ok)
end

-- Both return what happened, or nil if they would have to wait.
function model.try_send(m, index, value)
    local ch = m.channels[index]
    local receiver = model.first(ch.receivers)

    if ch.is_closed then
        return "raised"
    elseif receiver then
        model.wake(m, receiver, model.won(receiver, value, true))
        return "sent"
    elseif #ch.buffer < ch.cap then
        table.insert(ch.buffer, { value = value })
        return "sent"
    end
end

function model.try_receive(m, index)
    local ch = m.channels[index]
    local sender = model.first(ch.senders)

    if #ch.buffer > 0 then
        local v = table.remove(ch.buffer, 1).value
        if sender then
            table.insert(ch.buffer, { value = sender.value })
            model.wake(m, sender, model.won(sender, sender.value, true))
        end
        return tostring(v) .. " true"
    elseif sender then
        model.wake(m, sender, model.won(sender, sender.value, true))
        return tostring(sender.value) .. " true"
    elseif ch.is_closed then
        return "nil false"
    end
end

function model.close(m, index)
    local ch = m.channels[index]

    if ch.is_closed then
        return
    end
    ch.is_closed = true
    while model.first(ch.receivers) do
        local w = model.first(ch.receivers)
        model.wake(m, w, model.won(w, nil, false))
    end
    while model.first(ch.senders) do
        model.wake(m, model.first(ch.senders), "nil send on closed channel")
    end
end

function model.wait(m, task, cases, is_select)
    local wait = { task = task, is_select = is_select }

    for _, c in ipairs(cases) do
        local ch = m.channels[c.ch]
        table.insert(c.is_send and ch.senders or ch.receivers, {
            wait = wait,
            ch = c.ch,
            is_send = c.is_send,
            value = c.value,
        })
    end
end

function model.select(m, task, op)
    for _, c in ipairs(op.cases) do
        if c.is_send and m.channels[c.ch].is_closed then
            return "raised"
        end
    end
    for _, c in ipairs(op.cases) do
        local what
        if c.is_send then
            what = model.try_send(m, c.ch, c.value)
            if what == "sent" then
                what = tostring(c.value) .. " true"
            end
        else
            what = model.try_receive(m, c.ch)
        end
        if what then
            return c.ch .. " " .. what
        end
    end
    if op.default then
        return "default"
    end
    model.wait(m, task, op.cases, true)
end

-- What an operation gives, or nil if its task has to wait.
function model.op(m, task, op)
    if op.kind == "send" then
        local what = model.try_send(m, op.ch, op.value)
        if not what then
            local case = { ch = op.ch, is_send = true, value = op.value }
            model.wait(m, task, { case })
        end
        return what
    elseif op.kind == "receive" then
        local what = model.try_receive(m, op.ch)
        if not what then
            model.wait(m, task, { { ch = op.ch } })
        end
        return what
    elseif op.kind == "close" then
        model.close(m, op.ch)
        return "closed"
    elseif op.kind == "yield" then
        task.what = "yielded"
        m.ready[#m.ready + 1] = task
        return nil
    end
    return model.select(m, task, op)
end

local function run_model(scripts, capacities)
    local m = { channels = {}, ready = {} }
    local story = {}

    for i, cap in ipairs(capacities) do
        m.channels[i] =
            { cap = cap, buffer = {}, senders = {}, receivers = {} }
    end
    for i, script in ipairs(scripts) do
        m.ready[i] = { name = i, script = script, step = 1 }
    end
    local at = 1
    while m.ready[at] do
        local task = m.ready[at]
        at = at + 1
        while task.step <= #task.script do
            local what = task.what
                or model.op(m, task, task.script[task.step])
            if not what then
                break
            end
            task.what = nil
            story[#story + 1] = task.name .. "." .. task.step .. " " .. what
            task.step = task.step + 1
        end
    end
    return story
end

local function check(seed)
    local random = random_from(seed)
    local scripts = make_scripts(random)
    local capacities = {}

    for i = 1, CHANNELS do
        capacities[i] = random(5) - 1
    end
    local story = run_really(scripts, capacities)
    local right = run_model(scripts, capacities)
    for i = 1, math.max(#story, #right) do
        if story[i] ~= right[i] then
            error(string.format("seed %d, line %d: got '%s', should be '%s'",
                seed, i, tostring(story[i]), tostring(right[i])))
        end
    end
    return #story
end

local function main(seed)
    local lines = 0

    seed = seed or time.now():unix_nano()
    for i = 0, 4 do
        lines = lines + check(seed + i)
    end
    -- A thousand tasks that all stop at once would be no test.
    assert(lines > 10000, lines)
    return "ok"
end

return { main = main }
