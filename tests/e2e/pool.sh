#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The requirement's pool, from its start to its end, and what becomes of it and
# its workers when one of them fails. Covers T12, T13, T16, O4, O5.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

# A copy whose pool and workers say what names they have, and whose pool is
# overdue sooner.
cp -R "${top_srcdir:-.}/tests/e2e/pool" "$work/pool"
chmod -R u+w "$work/pool"
src=$work/pool/src
sed -i 's/^      auto_start: true$/&\n      stop_timeout: 300ms/' \
    "$src/supervisor/_index.yaml"
sed -i '/print("Supervisor started/a process.registry.register("pool")' \
    "$src/supervisor/pool.lua"
sed -i '/^    print("Task worker/a process.registry.register("worker " .. worker_id)' \
    "$src/workers/task_worker.lua"

started()
{
    grep -nE '^(Worker [1-4]|Supervisor) started' "$work/out" |
        sed -n "$1" | sed 's/^[0-9]*://; s/: {.*//' | tr '\n' ' '
}

# The pool says who starts in this order; each worker says so too
# (semantics T13).
all='Worker 1 started Worker 2 started Worker 3 started Worker 4 started '
all="${all}Supervisor started with 4 workers "
launch run "$work/pool"
await out '^Supervisor started with 4 workers$'
await out '^Task worker [1-4] started$' 4
[ "$(started 1,5p)" = "$all" ] || fail "$what: not in order"

# It takes no notice of its cancel. So it is overdue, and its workers, which
# would die with it, get theirs; then it is ended by force, which is no failure
# of the shutdown (semantics T13, O4, O5).
quit 0
for number in 1 2 3 4; do
    [ "$(grep -c "^Worker $number cancelled$" "$work/out")" -eq 1 ] ||
        fail "$what: worker $number was not cancelled"
done
err 'warn  app.supervisor:pool .*: service did not end in time and was ended'
none err ' error '

# It fails, and its workers with it; about a second later it starts again
# (semantics T13, L5, L7).
for way in terminate deadline; do
    run 0 run "$work/pool" --exec app.driver:harm $way
    out '^failed with	process terminated$'
    after=$(sed -n 's/^another after	\([0-9]*\).*/\1/p' "$work/out")
    [ "${after:-0}" -ge 850 ] || fail "$what: after $after ms"
    [ "$(started 6,10p)" = "$all" ] || fail "$what: not all over again"
    err 'warn  app.supervisor:pool .*: service failed: process terminated; run 2'
    [ "$(grep -c 'app.workers:task_worker .*linked process failed: {app:' \
        "$work/err")" -eq 4 ] || fail "$what: not all workers failed with it"
done

# A worker that fails has a successor with its number and another pid
# (semantics T13).
run 0 run "$work/pool" --exec app.driver:harm payload
out "^failed with	.*attempt to concatenate a table value"
out '^Worker 1 died after [0-9]s, restarting$'
after=$(sed -n 's/^another after	\([0-9]*\).*/\1/p' "$work/out")
[ "${after:-0}" -ge 100 ] || fail "$what: after $after ms"
[ "$(grep '^Worker 1 started: ' "$work/out" | sort -u | wc -l)" -eq 2 ] ||
    fail "$what: the same pid"

exit $bad
