#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs fuzzers one after the other. What they learn is kept in the build tree;
# an input that breaks something is left beside it, and ends the run.
#
# usage: fuzz.sh SOURCES BUILT IS_FUZZER SECONDS [NAME...]

set -e
sources=$1 built=$2 is_fuzzer=$3 seconds=$4
shift 4
if [ -z "$is_fuzzer" ]; then
    echo "configure with CC=clang and --enable-fuzzing first" >&2
    exit 1
fi
if [ $# -eq 0 ]; then
    for target in "$sources"/fuzz_*.c; do
        name=${target##*/fuzz_}
        set -- "$@" "${name%.c}"
    done
fi
for name; do
    found=$built/found/$name
    dictionary=$sources/$name.dict
    mkdir -p "$found"
    echo "fuzz $name, for $seconds s"
    "$built/fuzz_$name" -max_total_time="$seconds" -max_len=4096 \
        -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$found-" \
        $([ ! -f "$dictionary" ] || echo "-dict=$dictionary") \
        "$found" "$sources/corpus/$name" 2>"$found.log" ||
        { tail -n 60 "$found.log"; exit 1; }
    grep -E 'number_of_executed_units|new_units_added' "$found.log"
done
