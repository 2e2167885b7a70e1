#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Has spin look at all interleavings of bond.pml within some bounds, and at
# each of its defects, which must be found: else the model shows nothing.
#
# usage: check.sh [N:OPS[:WHOLE]...]: so many processes, each with so many steps
# of its own choice, and with WHOLE what is done under locks as one step; without
# any, what takes a few seconds.

set -e
cd "$(dirname "$0")"
model=$PWD/bond.pml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# search N:OPS[:WHOLE] DEFECT: leaves what the search says in ./said.
search()
{
    processes=${1%%:*}
    rest=${1#*:}
    ops=${rest%:WHOLE}
    whole=
    [ "$rest" = "$ops" ] || whole=-DWHOLE
    spin -a $whole -DN="$processes" -DOPS="$ops" -DDEFECT="$2" "$model" \
        >spin.log
    ${CC:-cc} -O2 -w -DSAFETY -DCOLLAPSE -o pan pan.c
    ./pan -m1000000 -w24 >said
}

errors()
{
    sed -n 's/.*errors: //p' said
}

states()
{
    awk '/states, stored/ { print $1 }' said
}

bad=0
[ $# -gt 0 ] || set -- 2:2 2:3 3:1:WHOLE
for bounds; do
    search "$bounds" 0
    printf 'bonds, %s processes, %s steps each%s: %s errors in %s states\n' \
        "$processes" "$ops" "${whole:+, what is done under locks as one}" \
        "$(errors)" "$(states)"
    if [ "$(errors)" != 0 ] || grep -q 'max search depth too small' said; then
        cat said
        bad=1
    fi
done
for defect in 1 2 3 4 5; do
    search 2:2 $defect
    if [ "$(errors)" = 0 ]; then
        echo "defect $defect is not found"
        bad=1
    fi
done
[ $bad = 1 ] || echo "bonds: each of the 5 defects is found"
exit $bad
