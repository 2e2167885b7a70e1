-- Each cause of an end, as a monitor sees it and as a link sees it
-- (semantics X1, X4, X7, X9, X10, H12, G7, W8).

local time = require("time")
local host = process.pid():match("^{(.-)|")

local LIMIT = "memory limit exceeded: "

local roles = {
    value = function()
        return { a = { 1, 2 } }, {}
    end,
    nothing = function() end,
    text = function()
        return 1, "text"
    end,
    object = function()
        return 1, errors.new({ message = "m", kind = "Timeout" })
    end,
    raised = function()
        error("raised")
    end,
    raised_bare = function()
        error("bare", 0)
    end,
    run_time = function()
        local nothing
        return nothing.field
    end,
    raised_object = function()
        error(errors.new({ message = "m", kind = "Conflict", retryable = false }))
    end,
    raised_other = function()
        error(setmetatable({}, {
            __tostring = function()
                -- What it writes itself is no part of the error.
                process.send(process.pid(), "x", "hello", { 1, 2, 3 })
                return "own text"
            end,
        }))
    end,
    raised_nil = function()
        error(nil)
    end,
    cannot_travel = function()
        return { list = { 1, print } }
    end,
    terminated = function()
        while true do
            pcall(function()
                while true do
                end
            end)
        end
    end,
    linked = function()
        assert(process.spawn_linked(process.id(), host, "raised"))
        while true do
            pcall(time.sleep, "1h")
        end
    end,
    memory = function()
        local list = {}
        while true do
            pcall(function()
                while true do
                    list[#list + 1] = ("x"):rep(1000000) .. #list
                end
            end)
        end
    end,
    deadlock = function()
        coroutine.spawn(function()
            channel.new():send(1)
        end)
        channel.new():receive()
    end,
}

-- Role: class of the error, and its message wholly, or how it begins.
local wanted = {
    text = { "Internal", "text" },
    object = { "Timeout", "m" },
    raised = { "Internal", "exit_causes.lua:21: raised" },
    raised_bare = { "Internal", "bare" },
    run_time = { "Internal", "exit_causes.lua:28: attempt to index", true },
    raised_object = { "Conflict", "m", false, false },
    raised_other = { "Internal", "own text" },
    raised_nil = { "Internal", "nil" },
    cannot_travel = {
        "Invalid",
        "cannot send a function (at result.list[2])",
    },
    terminated = { "Canceled", "process terminated" },
    linked = { "Internal", "linked process failed: {", true },
    memory = { "Internal", LIMIT, true },
    deadlock = {
        "Internal",
        "deadlock: all coroutines blocked with no pending operations"
            .. " (threads=2)",
    },
}

local function check_error(role, err)
    local kind, text, begins, retryable = table.unpack(wanted[role], 1, 4)

    assert(type(err) == "userdata", role)
    assert(err:kind() == kind, role .. ": " .. err:kind())
    assert(err:message() == text
        or begins and err:message():sub(1, #text) == text,
        role .. ": " .. err:message())
    assert(err:retryable() == retryable, role)
    assert(type(err:stack()) == "string" and err:stack() ~= "", role)
end

local function fields(event, names)
    for key in pairs(event) do
        assert(names:find(key, 1, true), key)
    end
    assert(getmetatable(event) == nil and math.type(event.at) == "float")
    assert(math.abs(event.at - os.time()) < 100)
end

local function spawn(role)
    local pid = assert(process.spawn_linked_monitored(
        process.id(), host, role))

    if role == "terminated" then
        time.sleep("5ms")
        assert(process.terminate(pid))
    end
    return pid
end

-- EXIT comes first, then LINK_DOWN (semantics W8), and the name is free before
-- (semantics N4).
local function test_cause(role)
    local events = process.events()
    local pid = spawn(role)
    local exit = events:receive()

    assert(exit.kind == process.event.EXIT and exit.from == pid)
    fields(exit, "kind from at result")
    assert(type(exit.result) == "table")
    if not wanted[role] then
        assert(exit.result.error == nil, role)
        return exit.result.value
    end
    assert(exit.result.value == nil)
    check_error(role, exit.result.error)

    local down = events:receive()
    assert(down.kind == process.event.LINK_DOWN and down.from == pid)
    fields(down, "kind from at result")
    check_error(role, down.result.error)
    local ok, err = process.send(pid, "x")
    assert(ok == nil and err:message() == "process not found: " .. pid)
end

local function main(role)
    if role then
        return roles[role]()
    end
    process.set_options({ trap_links = true })
    assert(test_cause("value").a[2] == 2)
    assert(test_cause("nothing") == nil)
    for name in pairs(wanted) do
        test_cause(name)
    end
    -- A normal end is no LINK_DOWN (semantics W4).
    time.sleep("5ms")
    assert(channel.select({
        process.events():case_receive(),
        default = true,
    }).default)
    return "ok"
end

return { main = main }
