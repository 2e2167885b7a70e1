#!/bin/sh
# SPDX-License-Identifier: MIT
#
# examples/calculator: a program fails and is restarted (semantics E1, E5, E6,
# E7, E9, S9).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

run 0 run "${top_srcdir:-.}/examples/calculator" --exec calculator:main
[ "$(cat "$work/out")" = "84 / 2 = 42
1 / 0: exit status 2
84 / 4 = 21" ] || fail "it prints something else"
err 'calculator:divide .*division by zero'
err 'child=divide reason="exit status 2" attempt=1'
exit $bad
