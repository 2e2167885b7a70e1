#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A native kind from outside, examples/counter: its application, what every
# process does (semantics K9), and native processes that watch, link to and ask
# others, of either sort.

. "${top_srcdir:-.}/tests/e2e/native_lib.sh"
example=${top_srcdir:-.}/examples/counter
build counter "$example/counter.c"

run 0 kinds example.counter --plugin "$work/counter.so"
out '^ *start +int'
run 0 run "$example" --plugin "$work/counter.so" --exec app:main
out '^own	121$'
out '^sum	306$'
out '^failed	add wants an integer$'
out '^again	100$'
out '^ended	121$'
err 'app:counters .*child is restarted child=counter-1 reason="add wants an integer"'

conduct counter example.counter
# As a service, started by the runtime, and stopped (semantics L1, O4).
dir=$(app service <<'APP'
namespace: app
entries:
  - {name: processes, kind: process.host, lifecycle: {auto_start: true}}
  - {name: counter, kind: example.counter, lifecycle: {auto_start: true}}
APP
)
launch run "$dir" --plugin "$work/counter.so" --log-level info
await err 'app:counter.*service started'
kill -USR1 "$child"
await err 'app:counter .*service \(example.counter\): running as'
await err 'app:counter .*process waits: at 0, mail=0'
quit 0

dir=$(app more <"${top_srcdir:-.}/tests/e2e/counter/_index.yaml")
cp "${top_srcdir:-.}"/tests/e2e/counter/*.lua "$dir"
for name in follow join sum_test wrong; do
    run 0 run "$dir" --plugin "$work/counter.so" --exec "app:$name"
    silent out
done
exit $bad
