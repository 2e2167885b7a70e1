-- Prints what comes through the pipe, until a line says "end".
local function main()
    local lines = process.listen("line")
    process.registry.register("printer")
    local pipe = assert(process.spawn_linked_monitored("app:pipe", "app:processes"))
    repeat
        local line = lines:receive()
        print("line", line)
    until line == "end"

    process.cancel(pipe)
    print("lines", process.events():receive().result.value)
end

return main
