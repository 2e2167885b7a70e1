-- A library with an import of its own, which is made only once.

local base = require("base")

return { base = base, name = "second" }
