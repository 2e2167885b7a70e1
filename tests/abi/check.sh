#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The promise of the ABI: whatever a published minor had is there, in its place
# and of its type. Each folder tests/abi/MAJOR.MINOR has the headers of one,
# and a plugin that is built from them, which today's host must load. New
# members at the end of a struct are welcome.
#
# Two nets: the places of all members, from layout.awk, and their types, from
# abidiff (Debian: abigail-tools) over a library with one function for each
# struct. What the nets are good for is tried first, on headers changed on
# purpose.

here=${top_srcdir:-.}/tests/abi
include=${top_srcdir:-.}/include
kindred=${KINDRED:?the command to test}
cc=${CC:-cc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

fail()
{
    echo "FAIL: $*"
    bad=1
}

# layout INCLUDE: the place of every member.
layout()
{
    find "$1/kindred" -maxdepth 1 -name '*.h' ! -name term.h ! -name duration.h |
        sort | xargs awk -f "$here/layout.awk" >"$work/layout.c" &&
        $cc -std=c11 -I"$1" -o "$work/layout" "$work/layout.c" &&
        "$work/layout" | sort
}

# probe INCLUDE FILE: a library that mentions every struct.
probe()
{
    {
        echo '#include <kindred/embed.h>'
        sed -n 's/^KD_ABI_[A-Z]*(\(kd_[a-z_]*\), .*/void probe_\1(struct \1 *); void probe_\1(struct \1 *p) { (void)p; }/p' \
            "$1"/kindred/*.h
    } >"$work/probe.c"
    $cc -std=c11 -g -shared -fPIC -I"$1" -o "$2" "$work/probe.c"
}

# keeps OLD NEW: the new headers keep what the old ones promised.
keeps()
{
    layout "$1" >"$work/old" && layout "$2" >"$work/new" || return 2
    comm -23 "$work/old" "$work/new" >"$work/lost"
    [ ! -s "$work/lost" ] || return 1
    command -v abidiff >/dev/null || return 0
    probe "$1" "$work/old.so" && probe "$2" "$work/new.so" || return 2
    # Its status also tells of what is welcome; its words keep them apart.
    abidiff "$work/old.so" "$work/new.so" >"$work/lost" 2>&1
    ! grep -qE 'data members? (change|deletion)|^ *type of ' "$work/lost"
}

# changed SED: the headers, and so changed.
changed()
{
    rm -rf "$work/changed"
    mkdir "$work/changed"
    cp -r "$include/kindred" "$work/changed"
    # Sizes are asserted in the headers themselves: that is not tried here.
    sed -i "$1" "$work"/changed/kindred/*.h
    # Sizes are asserted in the headers themselves: that is not tried here.
    sed -i 's/sizeof(type) == (bytes)/(bytes) > 0/' "$work/changed/kindred/abi.h"
    keeps "$include" "$work/changed"
}

changed '' || { cat "$work/lost"; fail "the same headers do not keep it"; }
changed 's/^} kd_offer;/    uint64_t more;\n} kd_offer;/' ||
    { cat "$work/lost"; fail "a new member at the end is refused"; }
changed 's/^    const char \*id;    .*Versioned.*/    uint64_t early;\n&/' &&
    fail "a member that moves is not noticed"
changed 's/^    uint64_t restarts;/    uint64_t renamed;/' &&
    fail "a member that is gone is not noticed"
if command -v abidiff >/dev/null; then
    changed 's/^    kd_time started_ns;/    double started_ns;/' &&
        fail "a member of another type is not noticed"
else
    echo "without abidiff types are not compared"
fi

frozen=0
for version in "$here"/[0-9]*.[0-9]*; do
    [ -d "$version" ] || continue
    frozen=$((frozen + 1))
    name=${version##*/}
    keeps "$version/include" "$include" ||
        { cat "$work/lost"; fail "the ABI of $name is broken"; }
    $cc -std=c11 -shared -fPIC -fvisibility=hidden -I"$version/include" \
        -o "$work/plugin.so" "$version/plugin.c" &&
        $kindred inspect "$work/plugin.so" >"$work/out" 2>&1 ||
        { cat "$work/out"; fail "a plugin for $name is not loaded"; }
done
echo "$frozen published minors looked at"
exit $bad
