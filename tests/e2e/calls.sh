#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Calls: funcs.call, futures and process.exec, by programs that check
# themselves; and that calls end with their callers (semantics B3, P7, H12).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

calls()
{
    run "$1" run "${top_srcdir:-.}/tests/e2e/calls" --host app:processes \
        --exec "$2" $3
    silent out
}

for program in call exec future owner; do
    calls 0 "app:$program"
done

# What is under way keeps a process alive, what is over does not.
calls 0 app:deadlock future
calls 0 app:deadlock call
for how in canceled over; do
    calls 1 app:deadlock "$how"
    err 'error: deadlock: all coroutines blocked with no pending operations \(threads=1\)'
done
exit $bad
