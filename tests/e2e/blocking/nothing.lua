-- A failure of what blocks is an error of its process (semantics X1).
local function main()
    process.spawn_monitored("app:absent", "app:processes")
    local err = process.events():receive().result.error
    assert(err:message():find("^cannot open .*/absent: Not a directory$"), err)
    assert(err:kind() == "Internal")
end

return main
