#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Supervisors case by case, by programs that check themselves, on one, two and
# eight threads.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

for workers in 1 2 8; do
    cp -R "${top_srcdir:-.}/tests/e2e/supervisor" "$work/app$workers"
    chmod -R u+w "$work/app$workers"
    sed "s/host: {workers: 2}/host: {workers: $workers}/" \
        "${top_srcdir:-.}/tests/e2e/supervisor/_index.yaml" \
        >"$work/app$workers/_index.yaml"
    for program in start restart stop module dynamic; do
        run 0 run "$work/app$workers" --exec "app:$program"
        silent out
    done
done
run 0 run "$work/app1" --exec app:heard
out '^heard$'
exit $bad
