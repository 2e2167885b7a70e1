-- A call or future under way is no deadlock; one that is over is (semantics
-- H12, B3).

local funcs = require("funcs")

local function main(how)
    local future = assert(funcs.async("app:fn", "sleeps", "30ms", "value"))

    if how == "future" then
        return future:channel():receive():data()
    elseif how == "canceled" then
        future:cancel()
    elseif how == "call" then
        future:cancel()
        return funcs.call("app:fn", "sleeps", "30ms", "value")
    end
    -- Whatever else it does, nothing can come here.
    channel.new():receive()
end

return { main = main }
