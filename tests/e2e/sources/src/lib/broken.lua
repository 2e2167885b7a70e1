-- A library that cannot be made.

local nothing
return nothing.field
