#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Libraries: made once in each process, in it, before its own top level, in the
# order in which they are listed; what they import first (semantics K7, K1, A7,
# G4, G6, P5).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

dir=$(app libraries <<'APP'
namespace: a
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - name: base
    kind: library.lua
    source: |
      print("base")
      return {count = 0}
  - name: left
    kind: library.lua
    imports: {base: "a:base"}
    source: |
      base.count = base.count + 1
      print("left", base.count)
      return {base = base, name = "left"}
  - name: right
    kind: library.lua
    imports: {left: "a:left", foundation: "a:base"}
    modules: [time]
    source: |
      -- It may wait, as its program may.
      time.sleep("1ms")
      local ch = channel.new()
      coroutine.spawn(function() ch:send(foundation.count + 1) end)
      foundation.count = ch:receive()
      print("right", foundation.count, left.base == foundation)
      return setmetatable({}, {__call = function(_, x) return x .. "!" end})
  - {name: empty, kind: library.lua, source: "print('empty')"}
  - {name: no, kind: library.lua, source: "return false, 'ignored'"}
  - {name: file, kind: library.lua, source: "file://lib/where.lua"}
  - name: main
    kind: process.lua
    imports:
      zebra: a:right
      empty: a:empty
      aardvark: a:left
      again: a:left
      no: a:no
      where: a:file
    source: |
      print("main", aardvark.base.count, zebra("called"))
      assert(require("zebra") == zebra and again == aardvark)
      -- What is bound can be nil or false, and is not looked for elsewhere.
      print(empty, no, require("empty"), require("no"), pcall(require, "base"))
      local function main(n)
        print("where", where())
        if n then return aardvark.base.count end
        -- Another process has made its own.
        aardvark.base.count = 100
        assert(process.spawn_monitored(process.id(), "a:host", 1))
        local result = process.events():receive().result
        print(result.error, result.value, aardvark.base.count)
      end
      return {main = main}
  - name: inline_error
    kind: library.lua
    source: |
      local x = nil
      return x.field
  - name: file_error
    kind: library.lua
    source: file://lib/error.lua
  - {name: unsound, kind: process.lua, source: "return print", imports: {x: "a:inline_error"}}
  - {name: unsound_file, kind: process.lua, source: "return print", imports: {x: "a:file_error"}}
  - name: raises
    kind: library.lua
    source: error(errors.new{kind = "Conflict", message = "no library"})
  - {name: unsound_error, kind: process.lua, source: "return print", imports: {x: "a:raises"}}
  - name: watch
    kind: process.lua
    source: |
      return function()
        for _, id in ipairs{"unsound", "unsound_file", "unsound_error"} do
          assert(process.spawn_monitored("a:" .. id, "a:host"))
          local err = process.events():receive().result.error
          print(err:kind(), err:message())
        end
      end
APP
)
mkdir "$dir/lib"
echo 'return function() return (select(2, pcall(error, "here", 2))) end' >"$dir/lib/where.lua"
printf '\n\nerror("at the top")\n' >"$dir/lib/error.lua"

run 0 run "$dir" --exec a:main
cat >"$work/once" <<'OUT'
base
left	1
right	2	true
empty
main	2	called!
nil	false	nil	false	false	module 'base' not found
OUT
{
    cat "$work/once"
    echo "where	lib/where.lua:1: here"
    cat "$work/once"
    echo "where	lib/where.lua:1: here"
    echo "nil	2	100"
} >"$work/wanted"
diff "$work/wanted" "$work/out" || fail "$what: printed something else"

run 0 run "$dir" --exec a:watch
cat >"$work/wanted" <<'OUT'
Internal	a:inline_error:2: attempt to index a nil value (local 'x')
Internal	lib/error.lua:3: at the top
Conflict	no library
OUT
diff "$work/wanted" "$work/out" || fail "$what: printed something else"

# The command shows the failure with its traceback.
run 1 run "$dir" --exec a:unsound_file
err 'lib/error.lua:3: in '

# Libraries alone are checked as well, each by itself; a cycle is told of once,
# and so is what is wrong with a file that two of them use (semantics K7, A7).
dir=$(app alone <<'APP'
namespace: a
entries:
  - {name: broken, kind: library.lua, source: "return = 1"}
  - {name: one, kind: library.lua, source: file://shared.lua, imports: {x: "a:two"}}
  - {name: two, kind: library.lua, source: file://shared.lua, imports: {x: "a:three"}}
  - {name: three, kind: library.lua, source: "return 1", imports: {x: "a:one"}}
APP
)
printf 'local x\nretur x y\n' >"$dir/shared.lua"
run 1 check "$dir"
cat >"$work/wanted" <<OUT
$dir/_index.yaml:3:47: a:broken: line 1 of source: unexpected symbol near '='
$dir/_index.yaml:4:76: a:one: imports.x: these need each other in a cycle: a:one -> a:two -> a:three -> a:one
$dir/shared.lua:2: a:one: syntax error near 'x'
kindred: $dir: 3 errors
OUT
diff "$work/wanted" "$work/err" || fail "$what: these words"

exit $bad
