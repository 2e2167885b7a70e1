-- Opens three files and ends as it is told.
local function main(path, how)
    local files = {}
    for i = 1, 4 do
        files[i] = assert(file.open(path))
    end
    table.remove(files, 2):close()
    assert(files[1]:line() == "one")
    process.send("owned", "ready")
    if how == "close" then
        for _, f in ipairs(files) do
            f:close()
        end
    elseif how == "fail" then
        error("it fails", 0)
    elseif how == "memory" then
        local t = {}
        while true do
            t[#t + 1] = ("x"):rep(1000) .. #t
        end
    elseif how == "spin" then
        while true do end
    elseif how == "upgrade" then
        process.upgrade("app:other")
    elseif how ~= "return" then
        process.inbox():receive()
    end
end

return main
