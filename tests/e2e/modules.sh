#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The modules that this release has, and no others (semantics B1, G4).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

all='time funcs ctx events registry payload json logger uuid env io supervisor'
free='process channel errors string table math utf8 os coroutine'

cat >"$work/main.lua" <<'LUA'
local at_start = {}
for name, value in pairs(_G) do
    at_start[name] = value
end

return function(names)
    local wanted = {}
    for name in names:gmatch("%S+") do
        local module = require(name)
        assert(type(module) == "table", name)
        assert(module == require(name) and module == _G[name], name)
        assert(module == at_start[name] or name == "process", name)
        assert(next(module) ~= nil or getmetatable(module) ~= nil, name)
    end
    assert(not pcall(require, "pg") and not pcall(require, "debug"))
end
LUA

dir=$(app all <<APP
namespace: m
entries:
  - {name: declared, kind: process.lua, source: file://main.lua, modules: [$(echo $all $free | tr ' ' ',')]}
  - {name: plain, kind: process.lua, source: file://main.lua}
  - name: absent
    kind: process.lua
    source: |
      return function(names)
        for name in names:gmatch("%S+") do
          local ok, err = pcall(require, name)
          assert(not ok and tostring(err):find("module '" .. name .. "' not found", 1, true), err)
          assert(_G[name] == nil, name)
        end
      end
APP
)
cp "$work/main.lua" "$dir"
run 0 run "$dir" --exec m:declared "$all $free"
run 0 run "$dir" --exec m:plain "$free"
run 0 run "$dir" --exec m:absent "$all"

for name in pg debug package Time 'time '; do
    dir=$(app one <<APP
namespace: m
entries:
  - {name: main, kind: process.lua, source: return print, modules: ["$name"]}
APP
)
    run 1 check "$dir"
    err "m:main: .*$name"
done
exit $bad
