#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The kind function.lua as an entry: its options, what importing one gives, and
# that it is no process to spawn (semantics K1, K5, K6, K7, G3, P6).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

# What importers get is what the chunk gives: a table with the method, or the
# function it returns; made once in a process, in order.
dir=$(app functions <<'APP'
namespace: a
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - name: double
    kind: function.lua
    method: run
    pool: {size: 3, workers: 2}
    meta: {comment: says what it does}
    limits: {memory: 1 MiB}
    source: |
      print("double is made")
      local function run(x) return 2 * x end
  - name: triple
    kind: function.lua
    method: run
    imports: {twice: "a:double"}
    modules: [time]
    source: |
      print("triple is made")
      return function(x)
        require("time").sleep("1ms")
        return x + twice.run(x)
      end
  - name: main
    kind: process.lua
    imports: {triple: "a:triple", double: "a:double"}
    source: |
      return function()
        print(triple(14), double.run(21), require("double") == double)
        print(process.spawn("a:double", "a:host"))
      end
APP
)
run 0 run "$dir" --exec a:main
cat >"$work/wanted" <<'OUT'
double is made
triple is made
42	42	true
nil	not a process: a:double (function.lua)
OUT
diff "$work/wanted" "$work/out" || fail "$what: printed something else"
err 'a:double: option pool is accepted and has no effect'

dir=$(app bad <<'APP'
namespace: a
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - {name: no_source, kind: function.lua, method: main}
  - {name: no_method, kind: function.lua, source: "return 1"}
  - {name: strange, kind: function.lua, source: "return 1", method: x, host: a:host}
  - {name: itself, kind: function.lua, source: "return 1", method: x, imports: {me: "a:itself"}}
APP
)
run 1 check "$dir"
err '_index.yaml:4:[0-9]+: a:no_source: source is required'
err '_index.yaml:5:[0-9]+: a:no_method: method is required'
err '_index.yaml:6:[0-9]+: a:strange: unknown option host'
err '_index.yaml:7:[0-9]+: a:itself: imports.me: .*cycle'

# Each error once, whichever kind of program comes first.
dir=$(app syntax <<'APP'
namespace: a
entries:
  - {name: library, kind: library.lua, source: "return = 1"}
  - {name: function, kind: function.lua, source: "return = 2", method: main}
  - {name: process, kind: process.lua, source: "return = 3",
     imports: {library: "a:library", fn: "a:function", process: "a:other"}}
  - {name: other, kind: process.lua, source: "return print"}
APP
)
run 1 check "$dir"
for entry in library function process; do
    [ "$(grep -c ": a:$entry: line 1 of source: unexpected\|library a:$entry:" "$work/err")" -eq 1 ] ||
        fail "$what: the error in a:$entry is not told once"
done
err 'a:process: imports.process: not a library or function: a:other \(process.lua\)|a:process: not a library or function: a:other'

exit $bad
