#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Spawner objects and context values, by programs that check themselves
# (semantics P8, P9, P10, B4).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

for program in context spawner names; do
    run 0 run "${top_srcdir:-.}/tests/e2e/spawner" --exec "app:$program"
    silent out
done
exit $bad
