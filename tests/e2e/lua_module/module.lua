-- What a program finds (semantics G4, G6, P17, M10).
local function raises(text, f, ...)
    local ok, err = pcall(f, ...)
    assert(not ok and tostring(err):find(text, 1, true), tostring(err))
end

local function main(path)
    -- The same by either way, and by its first use.
    assert(file == require("file") and require("file") == file)
    assert(number == 42 and require("number") == 42)
    local names = {}
    for name in pairs(_G) do
        names[name] = true
    end
    assert(names.file and names.services and names.number)

    raises("read-only", function() file.open = nil end)
    raises("read-only", function() file.more = 1 end)
    assert(getmetatable(file) == false)
    local keys = {}
    for name in pairs(file) do
        keys[#keys + 1] = name
    end
    table.sort(keys)
    assert(table.concat(keys, " ") == "count open")

    -- One that does not open says so each time, and ends nothing.
    for _ = 1, 2 do
        raises("it does not want to", require, "raising")
        raises("module 'nothing' has opened to no value", require, "nothing")
        raises("module 'none' has opened to no value", require, "none")
    end
    raises("module 'odd' not found", require, "odd")
    raises("module 'no_open' not found", require, "no_open")

    -- Its objects.
    local f = assert(file.open(path))
    assert(f:line() == "one" and f:line() == "" and f:line() == "three")
    assert(f:line() == nil)
    assert(getmetatable(f) == false)
    local ok, err = process.send(process.pid(), "x", { f = f })
    assert(not ok, "sent")
    assert(err:message() == "cannot send a file (at args[1].f)", err)

    f:close()
    f:close()
    raises("the file is closed", f.line, f)
    raises("bad argument #1", f.line)
    raises("bad argument #1", f.line, {})
    raises("bad argument #1 to 'file.open'", file.open)

    local none
    none, err = file.open(path .. "/none")
    assert(none == nil and err:kind() == "Internal", err)
    none, err = file.open("/nowhere")
    assert(none == nil and err:kind() == "NotFound")
    assert(err:message() == "cannot open /nowhere: No such file or directory")
    none, err = file.open("/dev/null")
    assert(none == nil and err:kind() == "Invalid")
    assert(file.count() == 0)
end

return main
