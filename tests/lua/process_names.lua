-- Names of processes (semantics N1 to N4, D1).

local host = process.pid():match("^{(.-)|")
local me = process.pid()
local names = process.registry

local function refused(kind, text, ok, err)
    assert(ok == nil and err:kind() == kind, err)
    assert(text == nil or err:message() == text, err:message())
end

local function test_names()
    assert(names.register("one") == true)
    assert(names.register("one", me) == true)
    assert(names.register("two", me, names.LOCAL) == true)
    assert(names.lookup("one") == me and names.lookup("two") == me)
    assert(process.send("one", "x", 1))
    assert(process.inbox():receive():from() == me)
    assert(names.unregister("two") == true)
    assert(names.unregister("two") == false)
    refused("NotFound", "name not registered: two", names.lookup("two"))
    refused("Invalid", "name cannot be empty", names.register(""))
    refused("Invalid", "name cannot be empty", names.lookup(""))
    refused("Invalid", "name cannot be empty", names.unregister(""))
    refused("Invalid", "pid must be a string", names.register("x", {}))
    refused("Invalid", "invalid pid: x", names.register("x", "x"))
    refused("Invalid", nil, names.register(me))
    refused("Unavailable", "no cluster", names.register("x", me, names.STRONG))
    refused("Unavailable", "no cluster", names.lookup("x", names.EVENTUAL))
end

-- Whoever is told of the end can have the name at once (semantics N4).
local function test_free_before_told()
    for _ = 1, 100 do
        local pid = assert(process.spawn_monitored(process.id(), host, "hold"))
        assert(process.inbox():receive():from() == pid)
        assert(names.lookup("held") == pid)
        refused("AlreadyExists", "name already registered: held",
            names.register("held"))
        process.send("held", "end")
        assert(process.events():receive().from == pid)
        assert(names.register("held"))
        assert(names.unregister("held"))
        refused("NotFound", "process not found: " .. pid,
            names.register("x", pid))
    end
end

local function main(role)
    if role == "hold" then
        assert(names.register("held"))
        process.send("one", "held")
        process.inbox():receive()
        return
    end
    test_names()
    test_free_before_told()
end

return { main = main }
