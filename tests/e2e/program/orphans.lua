-- Runs programs that would rather live on, prints their ids and those of their
-- children, and waits (semantics E12).
local kit = require("kit")

local function main()
    for _ = 1, 3 do
        kit.start("sh", [[
            trap '' TERM HUP INT QUIT
            sh -c 'trap "" TERM HUP INT QUIT; echo $$; exec sleep 600' &
            echo $$
            wait]])
        print("lives", kit.said())
        print("lives", kit.said())
    end
    print("ready")
    process.events():receive()
end

return { main = main }
