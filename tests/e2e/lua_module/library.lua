-- A module belongs to the entry that lists it (semantics G4, K7).
local function main(path)
    assert(reader(path) == "one")
    local ok, err = pcall(require, "file")
    assert(not ok and err:find("module 'file' not found", 1, true))
end

return main
