#!/bin/sh
# SPDX-License-Identifier: MIT
#
# list.sh [--strict] TEST...: which rules of rules.txt have a test. Only TESTs
# that automake has seen pass count, by their .trs files; what they cite is in
# their sources. Writes tests/rules.txt in the build tree and one line here.
#
# --strict fails if a rule that is built has no test. A citation that cannot be
# read, or of an unknown rule, always fails.

set -eu
strict=0
[ "${1-}" != --strict ] || { strict=1; shift; }

build=$(cd "${top_builddir:-.}" && pwd)
cd "${top_srcdir:-.}"
list=$build/tests/rules.txt

passed()
{
    grep -q '^:global-test-result: PASS' "$build/$1.trs" 2>/dev/null
}

# The folders and files that a test runs: one of its own name, and all that it
# names by their paths.
runs()
{
    [ ! -d "${1%.*}" ] || echo "${1%.*}"
    grep -oE '(tests/(e2e/[a-z]|lua|entry)|examples/[a-z])[a-z0-9_./-]*' "$1" |
        while read -r path; do
            [ ! -e "$path" ] || echo "${path%/}"
        done
}

# A unit test is the program of a source file, a script is its own source.
sources()
{
    source=$1
    [ ! -f "$1.c" ] || source=$1.c
    echo "$source"
    runs "$source" | sort -u | while read -r path; do
        find "$path" -type f -size -256k
    done
}

for name in "$@"; do
    passed "$name" || continue
    sources "$name"
done | sort -u |
    awk -v rules=tests/rules/rules.txt -v list="$list" -v strict="$strict" \
        -f tests/rules/cite.awk
