-- Prints a file with the numbers of its lines.
local file = require("file")

local function main(path)
    local f, err = file.open(path)
    if not f then
        return nil, err
    end
    local number = 0
    for line in f.line, f do
        number = number + 1
        print(number, line)
    end
    f:close()
end

return main
