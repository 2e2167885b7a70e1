#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Programs that do their worst, one after the other, beside one that must go on
# answering: memory in every form, stacks, floods, endless loops, ways out of
# the environment. Each must end as tests/e2e/hostile/main.lua says (semantics
# G1, G2, G4, G7, G8, D5, K2, K4, M10, M11, N2, C6, X1).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

what=hostile
status=0
timeout 900 $kindred run "${top_srcdir:-.}/tests/e2e/hostile" --exec app:main \
    >"$work/out" 2>"$work/err" </dev/null || status=$?
[ $status -eq 0 ] || fail "status $status"
out '^held$'
exit $bad
