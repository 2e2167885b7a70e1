#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs each program of tests/lua by the command: they say nothing and end with
# 0 unless something is wrong. Each file names the rules it covers, in a line
# `-- modules: a, b` the modules it wants besides time, and in a line
# `-- limits: {memory: 1MiB}` limits of its own.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

mkdir "$work/programs"
cp "${top_srcdir:-.}"/tests/lua/*.lua "$work/programs"
{
    echo "namespace: test"
    echo "entries:"
    for program in "$work"/programs/*.lua; do
        name=$(basename "$program" .lua)
        modules=$(sed -n 's/^-- modules: /, /p' "$program")
        echo "  - {name: $name, kind: process.lua,"
        echo "     source: file://$name.lua, modules: [time$modules]"
        sed -n 's/^-- limits: /     , limits: /p' "$program"
        echo "    }"
    done
} >"$work/programs/_index.yaml"

for program in "$work"/programs/*.lua; do
    run 0 run "$work/programs" --exec "test:$(basename "$program" .lua)"
    silent out
    none err "messages not released"
done
exit $bad
