-- What ends a process and what its watchers see (semantics X1 to X3, X5, X9,
-- M10).

local host = process.pid():match("^{(.-)|")

local function result_of(...)
    local pid = assert(process.spawn_monitored(process.id(), host, ...))
    local event = process.events():receive()

    assert(event.kind == process.event.EXIT and event.from == pid)
    assert(type(event.result) == "table")
    return event.result
end

local roles = {
    nothing = function() end,
    value = function()
        return { 1, "x" }, 2
    end,
    value_and_table = function()
        return "v", {}
    end,
    error_first = function()
        return errors.new({ message = "a value", kind = "Conflict" })
    end,
    text = function()
        return 1, "text"
    end,
    object = function()
        return nil,
            errors.new({
                message = "m",
                kind = "Timeout",
                retryable = false,
                details = { a = 1, f = { 2 } },
            })
    end,
    no_kind = function()
        return nil, errors.new("m")
    end,
    raised = function()
        error("text")
    end,
    raised_plain = function()
        error("text", 0)
    end,
    raised_object = function()
        error(errors.new({ message = "m", kind = "Conflict" }))
    end,
    raised_table = function()
        error(setmetatable({}, {
            __tostring = function()
                return "as text"
            end,
        }))
    end,
    raised_nil = function()
        error()
    end,
    runtime = function()
        local x
        return x.y
    end,
    task = function()
        coroutine.spawn(function()
            error("in a task", 0)
        end)
        process.inbox():receive()
    end,
    other_tasks = function()
        coroutine.spawn(function()
            error("never runs")
        end)
        return "main is done"
    end,
    cannot_travel = function()
        return { a = { print } }
    end,
    details_cannot_travel = function()
        error(errors.new({ message = "m", details = { print } }))
    end,
    deadlock = function()
        channel.new():receive()
    end,
}

local function failure(kind, pattern, ...)
    local result = result_of(...)
    local err = result.error

    assert(result.value == nil and err, "no error")
    assert(err:kind() == kind, err:kind())
    assert(err:message():match(pattern), err:message())
    assert(#err:stack() > 0)
    return err
end

local function normal(...)
    local result = result_of(...)
    assert(result.error == nil, result.error)
    return result.value
end

local function test_normal_ends()
    assert(normal("nothing") == nil)
    local value = normal("value")
    assert(#value == 2 and value[1] == 1 and value[2] == "x")
    assert(normal("value_and_table") == "v")
    local err = normal("error_first")
    assert(err:kind() == "Conflict" and err:message() == "a value")
    assert(normal("other_tasks") == "main is done")
end

local function test_failures()
    assert(failure("Internal", "^text$", "text"):retryable() == nil)
    local err = failure("Timeout", "^m$", "object")
    assert(err:retryable() == false and err:details().f[1] == 2)
    failure("Internal", "^m$", "no_kind")
    failure("Internal", "^[^:]+:%d+: text$", "raised")
    failure("Internal", "^text$", "raised_plain")
    failure("Conflict", "^m$", "raised_object")
    failure("Internal", "^as text$", "raised_table")
    failure("Internal", "^nil$", "raised_nil")
    failure("Internal", "attempt to index a nil value", "runtime")
    failure("Internal", "^in a task$", "task")
    failure("Invalid", "^cannot send a function %(at result%.a%[1%]%)$",
        "cannot_travel")
    assert(not failure("Internal", "^m$", "details_cannot_travel"):details())
    failure("Internal", "^deadlock: all coroutines blocked with no pending "
        .. "operations %(threads=%d+%)$", "deadlock")
end

local function main(role, ...)
    if role then
        return roles[role](...)
    end
    test_normal_ends()
    test_failures()
end

return { main = main }
