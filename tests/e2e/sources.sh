#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Entries of all sorts: how a method is found, libraries, limits, and what a
# failure that nobody watches says in the log (semantics G3, G4, K2, K7, A7, P5,
# D5, M11, G7, X8).

app=${top_srcdir:-.}/tests/e2e/sources
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

run 0 run "$app" --exec app:main
silent out

# The one failure that nobody sees, once, with the places of its calls.
err 'error app:fails \{app:processes\|0x[0-9a-f]+\}: process failed: '
err '^[[:space:]]+programs/fails\.lua:4: in '
err '^[[:space:]]+programs/fails\.lua:8: in '
[ "$(grep -c 'process failed' "$work/err")" -eq 1 ] ||
    fail "$what: more than one failure is logged"

# An error that is returned has no calls left to name: an Error says where it was
# made, a sentence whose it is, also behind a long name (semantics X1, X8, O3).
long=$(printf 'deep%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)
mkdir -p "$work/returned/$long"
cat >"$work/returned/_index.yaml" <<EOF
namespace: r
entries:
  - {name: h, kind: process.host, host: {workers: 1}, lifecycle: {auto_start: true}}
  - {name: text, kind: process.lua, source: "file://$long/main.lua", method: text}
  - {name: made, kind: process.lua, source: "file://$long/main.lua", method: made}
  - {name: plain, kind: process.lua, source: 'return function() return nil, "bad" end'}
  - {name: spawn, kind: process.lua, source: "file://$long/main.lua", method: run}
EOF
cat >"$work/returned/$long/main.lua" <<'EOF'
local function make()
    return errors.new("made")
end

return {
    made = function() return nil, make() end,
    text = function()
        return 1, "sentence", "and more"
    end,
    run = function(which)
        local host = process.pid():match("^{(.-)|")
        local pid = process.spawn_monitored(which, host)
        local err = process.events():receive().result.error
        print(err, errors.call_stack(err).frames[1].line, err:stack())
        assert(process.spawn(which, host))
    end,
}
EOF
run 1 run "$work/returned" --exec r:made
err '^error: made$'
err "^[[:space:]]+$long/main\.lua:2: in "
err "^[[:space:]]+$long/main\.lua:6: in function"
run 1 run "$work/returned" --exec r:text
err '^error: sentence$'
err "^[[:space:]]+$long/main\.lua:7: in function <$long/main\.lua:7> \(it returned this\)$"
run 1 run "$work/returned" --exec r:plain
err '^[[:space:]]+r:plain:1: in function <r:plain:1> \(it returned this\)$'
run 0 run "$work/returned" --exec r:spawn r:text
out '^sentence	7	stack traceback:$'
err 'error r:text .*: process failed: sentence$'
err "main\.lua:7: in function"

# As other systems write files: with a byte order mark, lines ending in CR LF
# (semantics A2, A6).
mkdir "$work/marked"
printf '\357\273\277%s\r\n' 'namespace: m' >"$work/marked/_index.yaml"
printf '%s\r\n' 'entries:' \
    '  - {name: main, kind: process.lua, source: "file://main.lua"}' \
    >>"$work/marked/_index.yaml"
printf '\357\273\277%s\r\n' 'local function main()' >"$work/marked/main.lua"
printf '%s\r\n' 'print("marked")' 'error("here")' 'end' >>"$work/marked/main.lua"
run 1 run "$work/marked" --exec m:main
out '^marked$'
err '^error: main\.lua:3: here$'

# As scripts begin: a first line for the shell is no Lua, and lines keep their
# numbers, in what is said at run time, by the compiler, and of words (semantics
# A7, A8, G3).
script=$work/script
mkdir "$script"
cat >"$script/_index.yaml" <<'EOF'
namespace: s
entries:
  - {name: main, kind: process.lua, source: "file://main.lua"}
EOF
printf '%s\n' '#!/usr/bin/env lua, a function' 'function main()' \
    'print("script")' 'error("here")' 'end' >"$script/main.lua"
run 1 run "$script" --exec s:main
out '^script$'
err '^error: main\.lua:4: here$'
printf '%s\n' '#!/bin/function' 'local x = = 1' >"$script/main.lua"
run 1 check "$script"
err "script/main\.lua:2: s:main: unexpected symbol near '='"
printf '%s\n' '#!/bin/function' 'require("missing")' 'function main() end' \
    >"$script/main.lua"
run 0 check "$script"
err "warning: .*script/main\.lua:2: s:main: module 'missing' not found"
printf '#!nothing else' >"$script/main.lua"
run 0 check "$script"
err "script/main\.lua:1: s:main: method \"main\" not found in module"
exit $bad
