-- A process of the usual size, for the measure of one that is idle.
local time = require("time")

local Account = {}
Account.__index = Account

local function new(owner, balance)
    return setmetatable({
        owner = owner,
        balance = balance or 0,
        history = {},
    }, Account)
end

function Account:record(what, amount)
    self.history[#self.history + 1] = { what = what, amount = amount }
    if #self.history > 100 then
        table.remove(self.history, 1)
    end
end

function Account:deposit(amount)
    if amount <= 0 then
        return nil, "amount must be positive"
    end
    self.balance = self.balance + amount
    self:record("deposit", amount)
    return self.balance
end

function Account:withdraw(amount)
    if amount > self.balance then
        return nil, "insufficient funds"
    end
    self.balance = self.balance - amount
    self:record("withdraw", amount)
    return self.balance
end

local handlers = {
    deposit = function(account, amount) return account:deposit(amount) end,
    withdraw = function(account, amount) return account:withdraw(amount) end,
    balance = function(account) return account.balance end,
}

local function handle(account, msg)
    local handler = handlers[msg:topic()]
    if not handler then
        return process.send(msg:from(), "error", "unknown request")
    end
    local result, err = handler(account, msg:payload():data())
    process.send(msg:from(), err and "error" or "result", err or result)
end

local function main(owner)
    local account = new(owner or "nobody", 100)
    local inbox, events = process.inbox(), process.events()
    while true do
        local got = channel.select({
            inbox:case_receive(), events:case_receive(),
        })
        if got.channel == events then
            return account.balance
        end
        handle(account, got.value)
    end
end

return { main = main }
