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
run 2 check "$dir" --env-file
err "env-file needs a value"

exit $bad
