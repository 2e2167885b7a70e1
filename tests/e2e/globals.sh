#!/bin/sh
# SPDX-License-Identifier: MIT
#
# `kindred check` warns of globals that are read and that nobody sets, at the
# line that reads them, and of nothing else (semantics G1, G4, A7, A8, O7).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

dir=$(app globals <<'APP'
namespace: a
entries:
  - {name: p, kind: process.lua, source: file://p.lua, modules: [json], imports: {lib: "a:lib"}}
  - {name: q, kind: process.lua, source: file://p.lua, modules: [json], imports: {lib: "a:lib"}}
  - {name: lib, kind: library.lua, source: file://lib.lua, modules: [uuid]}
  - {name: f, kind: function.lua, method: nothing, source: "local x = other\nreturn othr(x, othr)"}
  - {name: orphan, kind: library.lua, source: file://orphan.lua}
APP
)
cat >"$dir/p.lua" <<'LUA'
#!/usr/bin/env kindred
-- What is there: built in, declared here or by a library, imported, set by any
-- of the sources, in whichever order.
print(json, uuid, lib, from_lib, process, unpack, later)
function later() end
-- Asking is no reading.
if jit then jit.on() end
local load = loadstring or load or nil
if bit32 ~= nil and not arg and type(warn) == "function" then warn(bit32) end
local _, setfenv = nil == setfenv, setfenv

local function main()
    pritn("a slip of the pen")
    local text = "pritn" .. time.now()
    return function()
        return function(t)
            -- Twice in a line is once.
            t.pritn, t.x = coutner, coutner + 1


            return string.fromat, t:pritn(undefined.field), text
        end
    end
end
return {main = main}
LUA
cat >"$dir/lib.lua" <<'LUA'
from_lib = 1
-- A program sets `later`, but nobody this one.
return function() return later, missing, _VERSION end
LUA
printf 'return alone' >"$dir/orphan.lua"

run 0 check "$dir"
cat >"$work/wanted" <<OUT
warning: $dir/_index.yaml:6:60: a:f: line 1 of source: global 'other' is nil: nothing in the program sets it
warning: $dir/_index.yaml:6:60: a:f: line 2 of source: global 'othr' is nil: nothing in the program sets it
warning: $dir/lib.lua:3: a:p: global 'missing' is nil: nothing in the program sets it
warning: $dir/orphan.lua:1: a:orphan: global 'alone' is nil: nothing in the program sets it
warning: $dir/p.lua:13: a:p: global 'pritn' is nil: nothing in the program sets it
warning: $dir/p.lua:14: a:p: global 'time' is nil: the module of this name is not in modules
warning: $dir/p.lua:18: a:p: global 'coutner' is nil: nothing in the program sets it
warning: $dir/p.lua:21: a:p: global 'undefined' is nil: nothing in the program sets it
OUT
diff "$work/wanted" "$work/err" || fail "$what: these words"

# Who takes the table of globals in hand is not spoken of; nor is what an error
# has told of: a module, an import or a program that is none.
dir=$(app devious <<'APP'
namespace: a
entries:
  - {name: e, kind: process.lua, source: "_ENV.x = 1 return function() return y end"}
  - {name: g, kind: process.lua, source: "for k in pairs{'y'} do _G[k] = k end return function() return y end"}
  - {name: s, kind: process.lua, source: "return function() return require('_G').z and y end"}
  - {name: i, kind: process.lua, source: "return y", imports: {l: "a:l"}}
  - {name: l, kind: library.lua, source: "_G['y'] = print"}
  - {name: m, kind: process.lua, source: "return function() yy.x() end", modules: [yy]}
  - {name: n, kind: process.lua, source: "return function() yy.x() end", imports: {yy: "a:yy"}}
  - {name: o, kind: process.lua, source: "return function() yy.x() end end"}
APP
)
run 1 check "$dir"
grep 'is nil' "$work/err" && fail "$what: a warning too many"

# A function with more constants than an instruction can name sets its globals
# in another way; its lines are far apart, so are those of what follows.
dir=$(app large <<'APP'
namespace: a
entries:
  - {name: large, kind: process.lua, source: file://large.lua}
APP
)
{
    echo 'local t = {'
    awk 'BEGIN {for (i = 0; i < 400; i++) printf "\"%d\",\n", i}'
    echo '}'
    echo 'function late() return t end'
    echo 'a_name_that_is_too_long_for_a_short_string_of_lua = 1'
    echo 'local function main()'
    echo 'late(a_name_that_is_too_long_for_a_short_string_of_lua)'
    echo 'return function()'
    awk 'BEGIN {for (i = 0; i < 500; i++) print ""}'
    echo 'return early() end'
    echo 'end'
    echo 'return {main = main}'
} >"$dir/large.lua"
run 0 check "$dir"
cat >"$work/wanted" <<OUT
warning: $dir/large.lua:908: a:large: global 'early' is nil: nothing in the program sets it
OUT
diff "$work/wanted" "$work/err" || fail "$what: these words"

exit $bad
