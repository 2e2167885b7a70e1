-- A supervisor with so many children that their start takes many slices is
-- heard meanwhile: who reads is answered at once (semantics S21), and a cancel
-- does not wait for all of them (semantics S12). There is one thread: requests
-- are in its mailbox before it begins.
local supervisor = require("supervisor")

return function()
    local n = 20000
    local pid = assert(process.spawn_monitored("app:crowd", "app:processes"))
    local counts = assert(supervisor.count_children(pid))
    assert(counts.specs == n, counts.specs)
    assert(counts.active < n, "it was answered when all had started")
    assert(process.cancel(pid))
    local result = process.events():receive().result
    assert(result.value == "shutdown", result.error)
    print("heard")
end
