-- Fails two calls deep.

local function deep(list)
    return #list.absent
end

local function main()
    deep({})
    return "not reached"
end

return { main = main }
