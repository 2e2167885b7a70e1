#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Each library has names of its own: what it binds, no other unit of the
# process can require, and one alias may mean two entries (semantics G4, K7).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

dir=$(app libraries <<'APP'
namespace: a
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - {name: red, kind: library.lua, source: "return 'red'"}
  - {name: blue, kind: library.lua, source: "return 'blue'"}
  - name: one
    kind: library.lua
    imports: {colour: "a:red"}
    modules: [time]
    source: |
      return function() return require("colour"), require("time") ~= nil end
  - name: two
    kind: library.lua
    imports: {colour: "a:blue"}
    source: |
      return {
        colour = function() return require("colour") end,
        time = function() return require("time") end,
      }
  - name: main
    kind: process.lua
    imports: {one: "a:one", two: "a:two"}
    source: |
      return function()
        local one, two = require("one"), require("two")
        print("one", one())
        print("two", two.colour(), pcall(two.time))
        print("main", pcall(require, "colour"))
        print("main", pcall(coroutine.wrap(require), "colour"))
        print("inside", coroutine.wrap(function() return two.colour() end)())
      end
APP
)
run 0 run "$dir" --exec a:main
cat >"$work/wanted" <<'OUT'
one	red	true
two	blue	false	a:two:3: module 'time' not found
main	false	module 'colour' not found
main	false	module 'colour' not found
inside	blue
OUT
diff "$work/wanted" "$work/out" || fail "$what: printed something else"

exit $bad
