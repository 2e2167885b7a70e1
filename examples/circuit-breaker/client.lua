-- Needs the database from its first moment on.
local function main(number)
    local database = process.registry.lookup("database")
    print("client " .. number, database and "connected" or "no database")
    if not database then
        error("no database", 0)
    end
    process.send("main", "connected", number)
    process.events():receive()
end

return main
