#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What a supervisor does with each action of a third party's policy, and with
# decisions that make no sense (semantics S13, S15, S22).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

plugins=$(cd "${top_builddir:-build}" && pwd)/tests/plugins/.libs
run 0 run "${top_srcdir:-.}/tests/e2e/policy" \
    --plugin "$plugins/obedient.so" --exec app:main
out '^14 cases$'
err 'reason="never 1" attempt=1 delay=2562047h'
run 0 check --tree "${top_srcdir:-.}/tests/e2e/policy" \
    --plugin "$plugins/obedient.so"
out '^  app:obedient \(supervisor\.test_obedient, at most 4 restarts in 1h0m0s\)$'
exit $bad
