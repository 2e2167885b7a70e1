#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The promise of the ABI, from its other side: plugins and programs that are
# built with the headers of a later minor run with today's library, as long as
# they do not ask for what it lacks; and KD_ABI_TARGET hides that from them.
#
# The later headers are made here, as CONTRIBUTING says: structs grow at their
# end, and a new function stands where only those see it who target it.

. "${top_srcdir:-.}/tests/abi/abi_lib.sh"
minor=$(version "$include" MINOR)
later=$((minor + 1))
tomorrow=$work/tomorrow
grown="kd_config kd_text kd_spawn kd_mail kd_kind kd_option kd_plugin
    kd_worker_kind kd_resource_kind kd_policy_kind kd_data_kind"

mkdir "$tomorrow"
cp -r "$include/kindred" "$tomorrow"
sed -i "s/^\\(#define KD_ABI_MINOR\\) .*/\\1 $later/" "$tomorrow/kindred/abi.h"

# grow STRUCT MEMBER: one more member of eight bytes.
grow()
{
    header=$(grep -l "^} $1;" "$tomorrow"/kindred/*.h) || exit 1
    bytes=$(sed -n "s/^KD_ABI_[A-Z]*($1,.* \\([0-9]*\\));/\\1/p" "$header")
    sed -i "s/^} $1;/    $2;\\n&/
        s/^KD_ABI_STRUCT($1, .*/KD_ABI_GROWN($1, $bytes, $((bytes + 8)));/
        s/^\\(KD_ABI_GROWN($1, [0-9]*\\), .*/\\1, $((bytes + 8)));/" "$header"
}

for struct in $grown; do
    grow "$struct" "uint64_t later"
done
grow kd_proc_calls 'kd_status (*later)(kd_proc *proc)'
cat >"$work/later.h" <<DONE
#if KD_ABI_TARGET >= $later
static inline kd_status
kd_proc_later(kd_proc *proc)
{
    return proc->calls->later(proc);
}
#endif
DONE
sed -i "/^KD_END_DECLS/r $work/later.h" "$tomorrow/kindred/proc.h"

# Those who have the later headers and do without.
plugin "$tomorrow" "$here/plugin.c" "$work/plugin.so" &&
    embedder "$tomorrow" "$here/embedder.c" "$work/embedder" || exit 1
runs "larger structs" "$work/embedder" "$work/plugin.so"

# asking FILE SED NEW: a source that asks for what is later.
asking()
{
    sed "$2" "$here/$1" >"$work/$3"
    cmp -s "$here/$1" "$work/$3" && fail "$2 does nothing"
}

# A plugin that uses a new call where there is one.
asking plugin.c \
    's/^    (void)budget;/&\n    if (KD_HAS(kd_proc_calls, proc->calls, later))\n        proc->calls->later(proc);/' \
    tries.c
plugin "$tomorrow" "$work/tries.c" "$work/tries.so" &&
    runs "a plugin that looks with KD_HAS" "$work/embedder" "$work/tries.so" ||
    fail "a plugin that looks with KD_HAS"

# Members beyond in the constant data of a plugin are passed over.
asking plugin.c 's/\.size = sizeof(kd_\(worker_kind\|resource_kind\|policy_kind\|data_kind\|kind\|option\))/&, .later = 1/
    s/\.stamp = KD_STAMP_INIT/&, .later = 1/' data.c
plugin "$tomorrow" "$work/data.c" "$work/data.so" &&
    runs "constant data with more" "$work/embedder" "$work/data.so" ||
    fail "constant data with more"

# refused STRUCT FILE: what a call asks for beyond is refused, by its name.
refused()
{
    asking "$2" "s/\\.size = sizeof($1)/&, .later = 1/" asks.c
    case $2 in
    plugin.c)
        asker=$work/embedder
        plugin "$tomorrow" "$work/asks.c" "$work/asks.so" || exit 1
        ;;
    *)
        asker=$work/asks
        cp "$work/plugin.so" "$work/asks.so"
        embedder "$tomorrow" "$work/asks.c" "$work/asks" || exit 1
        ;;
    esac
    "$asker" "$work/asks.so" >"$work/got" 2>"$work/err" &&
        fail "$1 of $2: what is asked for beyond is not refused"
    grep -aq "$1 without its size, or of a later library" "$work/err" ||
        { cat "$work/err"; fail "$1 of $2: the refusal does not say so"; }
}

refused kd_config embedder.c
refused kd_text embedder.c
refused kd_spawn embedder.c
refused kd_mail embedder.c
refused kd_spawn plugin.c
refused kd_mail plugin.c

# What is later is seen by those who target it, and by nobody else.
asking plugin.c 's/^    (void)budget;/&\n    kd_proc_later(proc);/' uses.c
plugin "$tomorrow" "$work/uses.c" "$work/uses.so" 2>"$work/err" &&
    fail "what is later is not hidden"
grep -q kd_proc_later "$work/err" || { cat "$work/err"; fail "hidden how?"; }
plugin "$include" "$here/plugin.c" "$work/uses.so" -DKD_ABI_TARGET="$later" \
    2>"$work/err" && fail "a target beyond the headers is accepted"
grep -q 'KD_ABI_TARGET is of a later minor' "$work/err" ||
    { cat "$work/err"; fail "a target beyond the headers: said otherwise"; }
plugin "$tomorrow" "$work/uses.c" "$work/uses.so" -DKD_ABI_TARGET="$later" ||
    fail "what is targeted is hidden"
"$work/embedder" "$work/uses.so" >"$work/got" 2>"$work/err" &&
    fail "a plugin that needs a later host is loaded"
grep -q "plugin needs host ABI 1.$later, host has 1.$minor" "$work/err" ||
    { cat "$work/err"; fail "a plugin that needs a later host: said otherwise"; }
exit $bad
