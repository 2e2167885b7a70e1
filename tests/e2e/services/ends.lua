-- Says who runs, and ends in the way of that name.

local ways = {}

function ways.returns() return 1 end

function ways.returns_text() return nil, "text" end

function ways.raises() error("raised") end

function ways.raises_retryable()
    error(errors.new { message = "again", retryable = true })
end

function ways.raises_final()
    error(errors.new { message = "never again", retryable = false })
end

function ways.returns_final()
    return nil, errors.new { message = "never again", retryable = false }
end

function ways.is_terminated() process.terminate(process.pid()) end

function ways.is_late()
    process.cancel(process.pid(), 0)
    process.inbox():receive()
end

function ways.is_linked()
    process.spawn_linked("s:fails", "s:host")
    process.inbox():receive()
end

function ways.deadlocks() channel.new():receive() end

function ways.fills_memory()
    local all = {}
    while true do
        all[#all + 1] = ("x"):rep(1000) .. #all
    end
end

function ways.kept(number, list)
    return nil, number .. " " .. list[1]
end

local function main(way, ...)
    print(way, process.pid())
    return ways[way](...)
end

return { main = main }
