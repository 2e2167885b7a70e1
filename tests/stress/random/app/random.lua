-- SPDX-License-Identifier: MIT
--
-- Does what it is told, as the native program does, and checks above its kind
-- what the recorder checks below it: numbers in order, one EXIT for each
-- monitor, at most one LINK_DOWN from anybody.

local sent, got, watched, down = {}, {}, {}, {}
local function wrong(what)
  process.send('clerk', 'wrong', process.pid() .. ': ' .. what)
end
local ops = {}
function ops.send(to, how)
  for _ = 0, how % 40 do
    local n = (sent[to] or 0) + 1
    if not process.send(to, 'n', n) then return end
    sent[to] = n
  end
end
function ops.monitor(to)
  if process.monitor(to) and to ~= process.pid() then
    if watched[to] == 'owed' then wrong('watches twice') end
    watched[to] = 'owed'
  end
end
function ops.unmonitor(to)
  process.unmonitor(to)
  if watched[to] == 'owed' then watched[to] = 'maybe' end
end
function ops.link(to) process.link(to) end
function ops.unlink(to) process.unlink(to) end
function ops.trap(_, how)
  process.set_options({trap_links = how % 8 ~= 0})
end
function ops.cancel(to, how)
  if how % 2 == 0 then process.cancel(to, 'random')
  else process.cancel(to, how // 256 % 5, 'random') end
end
function ops.terminate(to) process.terminate(to) end
local spawns = {process.spawn, process.spawn_linked,
  process.spawn_monitored, process.spawn_linked_monitored}
function ops.spawn(_, how)
  local id = how // 16 % 2 == 1 and 'native' or 'lua'
  local host = 'random:host-' .. how // 256 % 3
  local pid = spawns[how % 4 + 1]('random:' .. id, host)
  if pid and how % 4 > 1 then watched[pid] = 'owed' end
end
function ops.name(to, how)
  process.registry.register('name-' .. how % 8,
    how // 65536 % 2 == 1 and to or process.pid())
end
function ops.unname(_, how)
  process.registry.unregister('name-' .. how % 8)
end
local few = {'a', 'b', 'c', 'd'}
local requests = {
  supervisor.terminate_child, supervisor.restart_child,
  supervisor.delete_child}
local function supervise_few(how)
  local id = few[how // 16 % 4 + 1]
  local which = how % 5 + 1


  return supervisor.start_child('few', {id = id,
    process = 'random:native', restart = 'temporary'}, '1s')
end
local function supervise_many(how)
  if how % 2 == 0 then
    return supervisor.start_child('many', {}, '1s')
  end
  local children = supervisor.which_children('many', '1s')
  local child = children and children[how // 16 % 64 + 1]
  if child and child.pid and
    supervisor.terminate_child('many', child.pid, '1s') and
    process.send(child.pid, 'late') then
    wrong('a terminated child lives')
  end
end
function ops.supervise(_, how)
  return (how // 1024 % 2 == 0 and supervise_few
    or supervise_many)(how)
end
function ops.fail() error('random') end
local topics = {}
function topics.step(message)
  local step = message:payload()
  local op = step[1]:data()
  if op == 'end' then return true end
  if ops[op] then ops[op](step[2]:data(), step[3]:data()) end
end
function topics.n(message)
  local from, n = message:from(), message:payload():data()
  if n ~= (got[from] or 0) + 1 then
    wrong(('number %d after %d'):format(n, got[from] or 0))
  end
  got[from] = n
end
function topics.ping(message)
  process.send(message:from(), 'pong', message:payload())
end
local signals = {}
signals[process.event.EXIT] = function(event)
  if not watched[event.from] then wrong('EXIT not owed') end
  watched[event.from] = nil
end
signals[process.event.LINK_DOWN] = function(event)
  if down[event.from] then wrong('LINK_DOWN twice') end
  down[event.from] = true
end
signals[process.event.CANCEL] = function() return true end
return function()
  process.set_options({trap_links = true})
  local inbox, events = process.inbox(), process.events()
  local cases = {events:case_receive(), inbox:case_receive()}
  local over = false
  while not over do
    local got = channel.select(cases)
    if got.channel == events then
      over = signals[got.value.kind](got.value)
    else
      local handle = topics[got.value:topic()]
      over = handle and handle(got.value)
    end
  end
end
