-- Has room for a few lines at a time; 20,000 come.
local time = require("time")

local function main()
    local lines = process.listen("line")
    process.registry.register("reader")
    local pipe = process.spawn_linked("app:pipe", "app:processes")
    for i = 1, 20000 do
        local line = lines:receive()
        assert(line == tostring(i), line)
        if i % 5000 == 0 then
            time.sleep("20ms")
        end
    end
    process.unlink(pipe)
end

return main
