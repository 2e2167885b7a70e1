#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The command without any application to speak of: usage, help, versions, and
# folders that are no applications (semantics A1, A8, O7).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

# Wrong usage is status 2, on stderr, with a hint.
run 2
err '^usage: kindred COMMAND'
silent out
run 2 runn
err "unknown command 'runn', did you mean 'run'\\?"
run 2 frobnicate
err "unknown command 'frobnicate'"
err "try 'kindred --help'"
run 2 run a b
err "'b' is one word too many"
err "try 'kindred run --help'"
run 2 run --plugn x
err 'did you mean --plugin\?'
run 2 check --exec app:main
err "'check' has no option --exec"
run 2 run --exec
err '^kindred: --exec needs a value'
run 2 run --host app:h
run 2 run --log-level loud
run 2 run --log-format xml
run 2 run --shutdown-timeout 30
run 2 inspect
run 2 inspect a b
silent out

# Help and versions are what was asked for: stdout, status 0.
run 0 --help
for command in run check kinds inspect; do
    out "^  $command "
done
silent err
run 0 -h
run 0 --version
out '^kindred [0-9]+\.[0-9]+\.[0-9]+ \(plugin ABI [0-9]+\.[0-9]+\)$'
for command in run check kinds inspect; do
    run 0 $command --help
    out "^usage: kindred $command "
    out '^  -h, --help '
    silent err
done

# Folders that are none, or no applications.
run 1 run "$work/nowhere"
err "^kindred: $work/nowhere: No such file or directory"
run 1 check "$work/out"
err "^kindred: $work/out is not a folder"
mkdir "$work/empty"
run 1 check "$work/empty"
err '_index\.yaml'
run 1 run "$work/empty"

# Errors are all told, with their places, and nothing starts.
broken=$(app broken <<'EOF'
version: "1.0"
namespace: app
entries:
  - name: one
    kind: registry.entri
  - name: one
    kind: registry.entry
EOF
)
run 1 check "$broken"
err "^$broken/_index\.yaml:5:[0-9]+: app:one: .*registry\.entri"
err "^kindred: $broken: [0-9]+ errors?"
silent out
run 1 run "$broken"
err "_index\.yaml:5:"

# With nothing wrong there is nothing on stderr.
data=$(app data <<'EOF'
version: "1.0"
namespace: app
entries: []
EOF
)
run 0 check "$data"
out "^$data: 0 entries, no errors"
silent err

unknown=$(app unknown <<'EOF'
namespace: app
entries:
  - name: one
    kind: vendor.nobody
EOF
)
run 1 check "$unknown"
err 'vendor\.nobody'
run 0 check --ignore-unknown-kinds "$unknown"
err '^warning: .*vendor\.nobody'
run 0 check --no-plugins "$unknown"

# DIR is the current folder when it is left out.
what='kindred check, in the folder'
(cd "$data" && $kindred check) >"$work/out" 2>"$work/err" ||
    fail "$what"
out '^\.: 0 entries'

# A listing that cannot be written is no success.
if [ -w /dev/full ]; then
    $kindred --help >/dev/full 2>"$work/err" && fail "--help to a full device"
    what='kindred --help'
    err 'cannot write to stdout: No space left on device'
fi
exit $bad
