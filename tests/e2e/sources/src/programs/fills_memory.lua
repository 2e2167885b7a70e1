-- Wants more memory than its entry may have.

local function main()
    local list = {}

    while true do
        pcall(function()
            list[#list + 1] = ("x"):rep(100000) .. #list
        end)
    end
end

return { main = main }
