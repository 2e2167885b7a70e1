#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The promise of the ABI: whatever a published minor had is there, in its place,
# with its number and of its type. Each folder tests/abi/MAJOR.MINOR has the
# headers of one, and a plugin and a program that are built from them, which run
# with today's library. New members at the end of a struct are welcome, new
# functions where KD_ABI_TARGET hides them from those who do not ask; but none
# of this in a minor that is published.
#
# Two nets: the facts of abi_lib.sh, and the types of all members, from abidiff
# (Debian: abigail-tools) over a library with one function for each struct. What
# the nets are good for is tried first, on headers changed on purpose.

. "${top_srcdir:-.}/tests/abi/abi_lib.sh"

# probe INCLUDE FILE: a library that mentions every struct.
probe()
{
    headers "$1" >"$work/all.h"
    sed -n 's/^KD_ABI_[A-Z]*(\(kd_[a-z_]*\), .*/void probe_\1(struct \1 *); void probe_\1(struct \1 *p) { (void)p; }/p' \
        "$1"/kindred/*.h "$1"/kindred/ext/*.h >"$work/probe.c"
    compile "$1" -g -shared -fPIC -include "$work/all.h" -o "$2" "$work/probe.c"
}

# keeps OLD NEW: the new headers keep what the old ones promised.
keeps()
{
    facts "$1" "$work/old" && facts "$2" "$work/new" || return 2
    comm -23 "$work/old" "$work/new" >"$work/lost"
    [ ! -s "$work/lost" ] || return 1
    command -v abidiff >/dev/null || return 0
    probe "$1" "$work/old.so" && probe "$2" "$work/new.so" || return 2
    # Its status also tells of what is welcome; its words keep them apart.
    abidiff "$work/old.so" "$work/new.so" >"$work/lost" 2>&1
    ! grep -qE 'data members? (change|deletion)|^ *type of ' "$work/lost"
}

# hides OLD NEW: who targets the old minor sees no function that is newer.
hides()
{
    target=$(version "$1" MINOR)
    functions "$1" "$target" >"$work/old" &&
        functions "$2" "$target" >"$work/new" || return 2
    comm -13 "$work/old" "$work/new" >"$work/lost"
    [ ! -s "$work/lost" ]
}

# same OLD NEW: of one minor, and so with the same facts.
same()
{
    facts "$1" "$work/old" && facts "$2" "$work/new" || return 2
    comm -13 "$work/old" "$work/new" >"$work/lost"
    [ ! -s "$work/lost" ]
}

# changed SED [TEST]: what TEST says of the headers, and of those so changed.
changed()
{
    rm -rf "$work/changed"
    mkdir "$work/changed"
    cp -r "$include/kindred" "$work/changed"
    # Sizes are asserted in the headers themselves: that is not tried here.
    sed -i "$1" "$work"/changed/kindred/*.h
    sed -i 's/sizeof(type) == (bytes)/(bytes) > 0/' "$work/changed/kindred/abi.h"
    "${2:-keeps}" "$include" "$work/changed"
}

for net in keeps hides same; do
    changed '' $net || { cat "$work/lost"; fail "$net: the same headers fail"; }
done
changed 's/^} kd_offer;/    uint64_t more;\n} kd_offer;/' ||
    { cat "$work/lost"; fail "a new member at the end is refused"; }
changed 's/^    const char \*id;    .*Versioned.*/    uint64_t early;\n&/' &&
    fail "a member that moves is not noticed"
changed 's/^    uint64_t restarts;/    uint64_t renamed;/' &&
    fail "a member that is gone is not noticed"
changed 's/^#define KD_SPAWN_LINK ((uint32_t)2)/#define KD_SPAWN_LINK ((uint32_t)4096)/' &&
    fail "a flag of another number is not noticed"
changed 's/X(KD_EBUSY, -19,/X(KD_EBUSY, -42,/' &&
    fail "a status of another number is not noticed"
changed 's/^kd_proc_parent(/kd_proc_ancestor(/' &&
    fail "a function that is gone is not noticed"
more='s/^#define KD_SPAWN_LINK .*/static inline void kd_more(void) {}\n&/'
changed "$more" hides && fail "a new function that all see is not noticed"
changed "$more" same && fail "a function that is published late is not noticed"
changed 's/^#define KD_SPAWN_LINK .*/#define KD_SPAWN_MORE ((uint32_t)4096)\n&/' \
    same && fail "a number that is published late is not noticed"
if command -v abidiff >/dev/null; then
    changed 's/^    kd_time started_ns;/    double started_ns;/' &&
        fail "a member of another type is not noticed"
else
    echo "without abidiff types are not compared"
fi

frozen=0
today=$(version "$include" MAJOR).$(version "$include" MINOR)
for folder in "$here"/[0-9]*.[0-9]*; do
    [ -d "$folder" ] || continue
    frozen=$((frozen + 1))
    name=${folder##*/}
    keeps "$folder/include" "$include" ||
        { cat "$work/lost"; fail "the ABI of $name is broken"; }
    hides "$folder/include" "$include" ||
        { cat "$work/lost"; fail "those who target $name see what is newer"; }
    [ "$name" != "$today" ] || same "$folder/include" "$include" || {
        cat "$work/lost"
        fail "$name is published without this: freeze-abi says what to do"
    }
    plugin "$folder/include" "$folder/plugin.c" "$work/plugin.so" &&
        embedder "$folder/include" "$folder/embedder.c" "$work/embedder" &&
        runs "a plugin and a program for $name" "$work/embedder" \
            "$work/plugin.so" || fail "nothing can be built for $name"
done

# freezes NEWS: this version, with 1.0 published, may publish it again.
freezes()
{
    rm -rf "$work/tree"
    mkdir -p "$work/tree/tests/abi/1.0" "$work/tree/include"
    cp -r "$here/1.0/include/kindred" "$work/tree/include"
    cp "$here/plugin.c" "$here/embedder.c" "$work/tree/tests/abi"
    printf "$1" >"$work/tree/NEWS"
    sh "$here/freeze.sh" "$work/tree" >"$work/out" 2>&1
}

open='Kindred 0.2.0 (not yet released)\n'
freezes "$open- The ABI 1.0.\n" ||
    { cat "$work/out"; fail "what is not released cannot be published again"; }
freezes "$open- For ABI 1.0 as well.\nKindred 0.1.0\n- The ABI 1.0.\n" &&
    fail "what is released can be published again"
freezes "$open- The ABI 1.01.\nKindred 0.1.0\n- A host.\n" &&
    fail "what NEWS does not have can be published again"
echo "$frozen published minors looked at"
exit $bad
