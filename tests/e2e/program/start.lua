-- How a program is started (semantics E1, E2, E3, E4, P4, P6).
local kit = require("kit")

local cases = {}

-- As it is: nobody expands anything.
function cases.command_has_no_shell()
    local pid = kit.start("words")

    kit.expect(pid, "[a b]", "[*]", "[$HOME]")
    kit.done(pid)
end

function cases.arguments_are_appended()
    local pid = kit.start("words", "x y", 7, 2.5, "")

    kit.expect(pid, "[a b]", "[*]", "[$HOME]", "[x y]", "[7]", "[2.5]", "[]")
    kit.done(pid)
end

function cases.other_arguments_are_refused()
    local pid, err = process.spawn("app:words", "app:processes", "x", {})

    assert(pid == nil and err:kind() == "Invalid", err)
    assert(tostring(err) == "failed to create process: app:words: arguments " ..
        "of a program are strings and numbers: args[2] is a table", err)
    for what, value in pairs({ ["a boolean"] = true, ["a table"] = { 1 },
        ["an error"] = errors.new("e") }) do
        pid, err = process.spawn("app:words", "app:processes", value)
        assert(pid == nil and err:kind() == "Invalid", err)
        assert(tostring(err):find("args[1] is " .. what, 1, true), err)
    end
    pid, err = process.spawn("app:words", "app:processes", nil, "x")
    assert(pid == nil and tostring(err):find("args[1] is nil", 1, true), err)
    pid, err = process.spawn("app:words", "app:processes", "a\0b")
    assert(pid == nil and err:kind() == "Invalid", err)
end

function cases.environment()
    local pid = kit.start("env")
    local all = {}
    local result

    repeat
        local name, value = kit.said(pid):match("^([^=]*)=(.*)$")
        all[name] = value
    until name == "EMPTY"
    kit.done(pid)
    assert(all.PROGRAM_SET == "a b" and all.EMPTY == "")
    assert(all.PROGRAM_HOST == nil, "null removes")
    assert(all.PROGRAM_KEPT == "kept", "the host's own")
end

function cases.path_is_the_programs_own()
    local pid = kit.start("named")

    kit.expect(pid, "found")
    kit.done(pid)
end

function cases.folder(top)
    local pids = { kit.start("folder"), kit.start("top"), kit.start("root") }
    local wanted = { top .. "/folder", top, "/" }
    local said = {}

    for _ = 1, 3 do
        local message = process.inbox():receive()
        said[message:from()] = message:payload():data()
    end
    for _ = 1, 3 do
        process.events():receive()
    end
    for i, pid in ipairs(pids) do
        assert(said[pid] == wanted[i], said[pid])
    end
end

function cases.what_cannot_be_run()
    kit.failed(kit.start("none"),
        "cannot run no-such-program: No such file or directory", "NotFound",
        false)
    kit.failed(kit.start("no_program"),
        "cannot run ./_index.yaml: Permission denied", "PermissionDenied",
        false)
    local result = kit.ended(kit.start("no_folder")).error
    assert(result:kind() == "NotFound", result)
    assert(tostring(result):find(
        "cannot run pwd: .*no/such/folder: No such file or directory"), result)
end

-- Three descriptors (the fourth is what ls reads), a group of its own.
function cases.what_it_is_given()
    local pid = kit.start("sh", "ls /proc/self/fd")

    kit.expect(pid, "0", "1", "2", "3")
    kit.done(pid)
    assert(kit.shell("readlink /proc/self/fd/0") == "/dev/null")
    local own, group = kit.shell(
        "echo $$ $(cut -d ' ' -f 5 /proc/$$/stat)"):match("(%d+) (%d+)")
    assert(own == group)
end

return { main = function(top) kit.run(cases, top) end }
