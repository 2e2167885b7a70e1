-- Looks up the names it is called with, all at once, and prints what it learns.
local function main(...)
    local answers = process.listen("resolved")
    local resolver = assert(process.spawn_linked("app:resolver", "app:processes"))
    for _, name in ipairs { ... } do
        process.send(resolver, "resolve", name)
    end
    for _ = 1, select("#", ...) do
        local answer = answers:receive()
        print(answer.name, answer.error or table.concat(answer.addresses, " "))
    end
end

return main
