-- Imports are there before this file is run, as modules and as globals.

assert(first == require("first") and second == require("second"))
assert(first.name == "first" and second.name == "second")
assert(second.base == first and first.made == 1)

local function main()
    return first.name .. " " .. second.name
end
