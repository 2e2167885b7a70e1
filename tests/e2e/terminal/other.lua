-- A process that has no terminal.

local function main()
    for name, fn in pairs(io) do
        local value, err = fn("x")

        assert(value == nil and err:kind() == "Unavailable", name)
        assert(err:message() == "no terminal context")
        assert(err:retryable() == nil)
    end
    assert(not pcall(function()
        io.read = nil
    end))
    return "refused"
end

return { main = main }
