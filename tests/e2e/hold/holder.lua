-- Holds its thread in the way that its argument names.

local ways = require("ways")

local function main(way)
    ways[way]()
    error(way .. " came to an end")
end

return { main = main }
