#!/bin/sh
# SPDX-License-Identifier: MIT
#
# `kindred check` says everything that is wrong with an application of Lua
# programs at once, word for word: also what the compiler says about entries
# that have something else wrong (semantics A8, A9, K1, K6, K7).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

all=$(app all <<'EOF'
namespace: app
entries:
  - {name: h, kind: process.host, lifecycle: {auto_start: true}}
  - name: a
    kind: process.lua
    source: file://a.lua
    modules: [tiem, json]
    methdo: main
    imports: {x: app:nope, y: app:lib}
    limits: {memory: lots}
  - name: b
    kind: process.lua
    method: 3
    source: |
      local x =
      retrun 5
  - {name: c, kind: process.lua}
  - {name: d, kind: function.lua, source: "return 5", modules: x}
  - {name: lib, kind: library.lua, source: "local x ="}
  - {name: e, kind: process.lua, source: file://gone.lua}
  - {name: f, kind: function.lua, method: f, source: "return {g = 1}", pool: 1, limits: 1}
  - {name: g, kind: process.service, process: app:lib, host: app:a}
EOF
)
printf 'local function main()\n  if x then\nreturn {main = main}\n' >"$all/a.lua"
run 1 check "$all"
there='there are ctx env events funcs io json logger payload registry supervisor time uuid'
cat >"$work/wanted" <<EOF
$all/_index.yaml:7:15: app:a: unknown module: tiem; $there
$all/_index.yaml:8:5: app:a: unknown option methdo; did you mean method?
$all/_index.yaml:9:18: app:a: imports.x: entry not found: app:nope
$all/_index.yaml:10:22: app:a: limits.memory must be a size in bytes, or like 64 KiB, MiB or GiB, not the text "lots"
$all/_index.yaml:13:13: app:b: method must be a string, not the integer 3; quote it: "3"
$all/_index.yaml:14:13: app:b: line 2 of source: unexpected symbol near '5'
$all/_index.yaml:17:5: app:c: source is required
$all/_index.yaml:18:5: app:d: method is required
$all/_index.yaml:18:64: app:d: modules must be a list, not the text "x"
$all/_index.yaml:19:44: app:lib: line 1 of source: unexpected symbol near <eof>
$all/_index.yaml:20:42: app:e: source: failed to read file gone.lua: No such file or directory
warning: $all/_index.yaml:21:54: app:f: method "f" not found in module: it returns only 'g'
warning: $all/_index.yaml:21:72: app:f: option pool is accepted and has no effect
$all/_index.yaml:21:89: app:f: limits must be a mapping, not the integer 1
$all/_index.yaml:22:47: app:g: process: not a process: app:lib (library.lua)
$all/_index.yaml:22:62: app:g: host: not a host: app:a (process.lua)
$all/a.lua:4: app:a: 'end' expected (to close 'if' at line 2) near <eof>
kindred: $all: 15 errors
EOF
diff "$work/wanted" "$work/err" || fail "$what: these words"

# What is often got wrong at first is answered with what to do.
oops=$(app oops <<'EOF'
namespace: app
entries:
  - {name: a, kind: proces.lua, source: file://a.lua}
  - {name: b, kind: process.lua, source: src/main.lua}
  - {name: c, kind: cobol, source: x}
EOF
)
run 1 check "$oops"
err '_index\.yaml:3:21: app:a: unknown kind proces\.lua; did you mean process\.lua\?$'
err '_index\.yaml:4:42: app:b: line 1 of source: .*; a file is named by file://src/main\.lua$'
err '_index\.yaml:5:21: app:c: unknown kind cobol; .kindred kinds. lists those there are$'
tabs=$(printf 'namespace: app # \303\251\nentries:\n\t- name: x\n' | app tabs)
run 1 check "$tabs"
err '_index\.yaml:3:1: YAML syntax: a tab where lines are indented by spaces$'
exit $bad
