#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Variables of the environment and of --env-file in an application's YAML
# (semantics A13).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

dir=$(app variables <<'YAML'
namespace: app
entries:
  - name: main
    kind: process.lua
    method: ${METHOD}
    source: |
      local function first() print("first ${METHOD}") end
      local function second() print("second") end
      return {first = first, second = second}
YAML
)
unset METHOD || :

run 1 check "$dir"
err "variables/_index.yaml:5:13: app:main: method: environment variable METHOD is not set"

# A file, the later of two, and the environment before both.
echo 'METHOD=first' >"$work/one.env"
echo 'export METHOD="second" # the other' >"$work/two.env"
run 0 run "$dir" --env-file "$work/one.env" --exec app:main
out '^first \$\{METHOD\}$'
run 0 run "$dir" --env-file "$work/one.env" --env-file "$work/two.env" \
    --exec app:main
out '^second$'
export METHOD=first
run 0 run "$dir" --env-file "$work/two.env" --exec app:main
out '^first'
unset METHOD

printf 'A=1\nB\n' >"$work/bad.env"
run 1 check "$dir" --env-file "$work/bad.env"
err "^kindred: .*bad.env:2: = is expected behind the name B$"
run 1 check "$dir" --env-file "$work/none.env"
err "^kindred: .*none.env: No such file"
head -c 1048577 /dev/zero | tr '\0' '#' >"$work/large.env"
run 1 check "$dir" --env-file "$work/large.env"
err "^kindred: .*large.env: larger than 1 MiB$"
run 1 check "$dir" --env-file "$work"
err "^kindred: $work: Is a directory$"
run 2 check "$dir" --env-file
err "env-file needs a value"

# What a variable holds may be a secret: no complaint shows it, whoever
# complains, whole or cut off (semantics A8, A13).
dir=$(app secret <<'YAML'
namespace: app
entries:
  - {name: lua, kind: process.lua, source: return print,
     modules: ["${SECRET}"]}
  - {name: imports, kind: process.lua, source: return print,
     imports: {x: "${SECRET}"}, limits: {memory: "${SECRET}"},
     lifecycle: {stop_timeout: "1${SECRET}", auto_start: "${SECRET}"}}
  - {name: file, kind: process.lua, source: "file://a/../${SECRET}.lua"}
  - {name: up, kind: process.lua, source: "file://../x${SECRET}y"}
  - {name: plugin, kind: plugin, path: "${SECRET}.so"}
  - {name: service, kind: process.service, process: "pre-${SECRET}"}
  - {name: tree, kind: supervisor.one_for_one,
     children: [{id: a, process: lua, restart: "${SECRET}"}]}
  - {name: "${SECRET} x", kind: process.lua}
YAML
)
for secret in hunter2 "hunter2 $(printf 'hunter%.0s' $(seq 100))"; do
    export SECRET="$secret"
    run 1 check "$dir"
    none err hunter
    err 'app:file: source: failed to read file a/\.\./\$\{SECRET\}.*: (No such|File name)'
    err 'app:lua: unknown module: \$\{SECRET\}; there are'
    err 'limits.memory must be .*, not the text "\$\{SECRET\}"$'
    err 'app:tree: children\[0\].restart must be .*"\$\{SECRET\}"$'
    err 'stop_timeout must be a duration .*, not the text "1\$\{SECRET\}"$'
    err 'path: failed to read file \$\{SECRET\}'
done
unset SECRET

exit $bad
