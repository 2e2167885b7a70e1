#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A third party's resource, examples/heartbeat: a file that is there, and is
# written anew, while the application lives (semantics K12).

. "${top_srcdir:-.}/tests/e2e/native_lib.sh"
example=${top_srcdir:-.}/examples/heartbeat
build heartbeat "$example/heartbeat.c"

mkdir "$work/beat"
sed "s|path: heartbeat|path: $work/beat/file|" "$example/_index.yaml" \
    >"$work/beat/_index.yaml"
launch run "$work/beat" --plugin "$work/heartbeat.so"
tries=600
until [ "$(cat "$work/beat/file" 2>/dev/null)" = 2 ]; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { fail "$what: does not beat"; break; }
    sleep 0.05
done
rm "$work/beat/file"
mkdir "$work/beat/file"
await err 'failed for good, .*: cannot write .*: Is a directory$'
kill -0 "$child" || fail "$what: it ended"
quit 0

exit $bad
