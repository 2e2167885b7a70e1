#!/bin/sh
# SPDX-License-Identifier: MIT
#
# process.upgrade, by a program that checks itself (semantics P19).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

run 0 run "${top_srcdir:-.}/tests/e2e/upgrade" --exec app:upgrade
silent out

exit $bad
