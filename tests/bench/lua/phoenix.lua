-- Says when it began to run.
local time = require("time")

return {
    main = function()
        local now = time.now():unix_nano()
        process.send("slayer", "up", { process.pid(), now })
        process.inbox():receive()
    end,
}
