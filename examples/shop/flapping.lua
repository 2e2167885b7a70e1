-- Something that cannot work today. Watch how its restarts wait longer and
-- longer, and disturb nobody.
local time = require("time")

local function main()
    time.sleep("10ms")
    error("no connection to the mail server", 0)
end

return main
