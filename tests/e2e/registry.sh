#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A program reads the entries of its application (semantics B6, A2).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

run 0 run "${top_srcdir:-.}/tests/e2e/registry" --exec app:main
silent out
for key in colour 1 'meta\.'; do
    err "warn  app:main .*: registry.find: unknown filter key: $key$"
done
exit $bad
