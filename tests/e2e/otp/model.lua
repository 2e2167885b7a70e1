-- What supervisors do, by the rules and by nothing else: records in a list, and
-- for each thing that happens the lines that children write then.
--
-- No time passes here: delays are 0 and the intensity is for an hour.
local model = {}
model.__index = model

-- `kind` is a strategy; `limit` the restarts that are borne; `auto` the option
-- auto_shutdown.
function model.new(kind, auto, limit)
    return setmetatable({
        kind = kind, auto = auto, limit = limit,
        list = {}, restarts = 0,
        fails = {},  -- How often a child will fail to start, by id.
        trace = {},  -- What children write.
        ended = nil, -- How the supervisor ended: a value, or an error's text.
    }, model)
end

function model:write(what, child)
    self.trace[#self.trace + 1] = what .. " " .. child.id
end

function model:take_trace()
    local trace = self.trace
    self.trace = {}
    return trace
end

function model:find(id)
    for at, child in ipairs(self.list) do
        if child.id == id then
            return child, at
        end
    end
end

function model:remove(child)
    local _, at = self:find(child.id)
    table.remove(self.list, at)
end

-- In reverse order; those behind `first` only (semantics S11).
function model:stop_from(first)
    for at = #self.list, first, -1 do
        local child = self.list[at]
        if child.runs then
            child.runs = false
            self:write("stopped", child)
        end
    end
end

-- All stop, and it ends (semantics S12, S13, S16). Where children have no order
-- they stop at the same time: what they write is a set then.
function model:close(how)
    local before = self:take_trace()
    self:stop_from(1)
    local stops = self:take_trace()
    self.trace = before
    if self.kind == "dynamic" then
        self.trace[#self.trace + 1] = stops
    else
        table.move(stops, 1, #stops, #before + 1, before)
    end
    self.ended = how
end

-- Whether it starts; what it writes.
function model:try(child)
    local left = self.fails[child.id] or 0
    if left > 0 then
        self.fails[child.id] = left - 1
        self:write("failing", child)
        return false
    end
    child.runs = true
    self:write("started", child)
    return true
end

-- Semantics S9.
local function restarts(child, failed)
    return child.restart == "permanent" or
        child.restart == "transient" and failed
end

-- Semantics S16: it has ended by itself and is not started again.
function model:settle(child)
    if child.restart == "temporary" or self.kind == "dynamic" then
        self:remove(child)
    end
    if not child.significant or self.auto == "never" then
        return
    end
    if self.auto == "all_significant" then
        for _, other in ipairs(self.list) do
            if other.significant and other.runs then
                return
            end
        end
    end
    self:close("shutdown")
end

-- Semantics S10: who starts again with it. What is temporary is not.
function model:group(child)
    local _, at = self:find(child.id)
    if self.kind == "one_for_one" or self.kind == "dynamic" then
        return { child }
    end
    local first = self.kind == "one_for_all" and 1 or at
    self:stop_from(first)
    local group, stays = {}, {}
    for i, other in ipairs(self.list) do
        if i < first or other.restart ~= "temporary" then
            stays[#stays + 1] = other
        end
        if i >= first and other.restart ~= "temporary" then
            group[#group + 1] = other
        end
    end
    self.list = stays
    return group
end

-- A child has ended by itself, or did not start when it should have again.
function model:ends(id, failed)
    local child = self:find(id)
    while child do
        child.runs = false
        if not restarts(child, failed) then
            self:settle(child)
            return
        end
        self.restarts = self.restarts + 1
        if self.restarts > self.limit then
            self:close("restart intensity exceeded: " .. self.limit ..
                " in 1h0m0s")
            return
        end
        local group = self:group(child)
        for _, other in ipairs(group) do
            other.count = other.count + 1
        end
        child, failed = nil, true
        for _, other in ipairs(group) do
            if not self:try(other) then
                child = other
                break
            end
        end
    end
end

-- Requests give true or the kind of an error (semantics S17, S19, S20).

function model:start_child(record)
    if record.significant and (self.auto == "never" or
            record.restart == "permanent") then
        return "Invalid"
    elseif self:find(record.id) then
        return "AlreadyExists"
    end
    local child = { id = record.id, restart = record.restart,
        significant = record.significant, runs = false, count = 0 }
    self.list[#self.list + 1] = child
    if not self:try(child) then
        self:remove(child)
        return "Internal"
    end
    return true
end

function model:terminate_child(id)
    local child = self:find(id)
    if not child then
        return "NotFound"
    end
    if child.runs then
        child.runs = false
        self:write("stopped", child)
    end
    if child.restart == "temporary" or self.kind == "dynamic" then
        self:remove(child)
    end
    return true
end

function model:restart_child(id)
    local child = self:find(id)
    if self.kind == "dynamic" then
        return "Invalid"
    elseif not child then
        return "NotFound"
    elseif child.runs then
        return "Conflict"
    end
    return self:try(child) or "Internal"
end

function model:delete_child(id)
    local child = self:find(id)
    if self.kind == "dynamic" then
        return "Invalid"
    elseif not child then
        return "NotFound"
    elseif child.runs then
        return "Conflict"
    end
    self:remove(child)
    return true
end

return model
