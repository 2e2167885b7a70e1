#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Sums up what the tests have run since the tree was configured, from its top.
#
# usage: sum_up.sh SOURCES IS_ENABLED

set -e
sources=$1
if [ "$2" = no ]; then
    echo "configure with --enable-coverage first" >&2
    exit 1
fi
branches=lcov_branch_coverage=1
lcov -q --rc $branches --capture --directory . --base-directory . \
    --output-file coverage.all 2>coverage.log
lcov -q --rc $branches --extract coverage.all \
    "$sources/host/*" "$sources/plugins/*" "$sources/include/*" \
    --output-file coverage.info 2>>coverage.log
genhtml -q --rc genhtml_branch_coverage=1 --output-directory coverage \
    --prefix "$sources" coverage.info >>coverage.log 2>&1
awk -v top="$sources" -f "$sources/tests/coverage/not_run.awk" coverage.info \
    >coverage/not_run.txt
lcov --rc $branches --summary coverage.info 2>&1 | grep -E 'lines|branches'
