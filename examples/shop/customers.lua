-- Five customers, one of them odd, and then it is over: transient, so its
-- normal end is not restarted.
local time = require("time")

local function main()
    for i, what in ipairs({ "tea", "coffee", "nonsense", "bread", "milk" }) do
        process.send("clerk-" .. (i % 3 + 1), "order", what)
        time.sleep("20ms")
    end
    print("customers", "served")
end

return main
