#!/bin/sh
# SPDX-License-Identifier: MIT
#
# examples/embed-loop: a program with a loop of its own, as C11 and as C++11
# (semantics K4). EMBED_CFLAGS and EMBED_LIBS are what a user would give; by
# default those of the build tree.

[ "${SANITIZER:-no}" = no ] || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source=$top_srcdir/examples/embed-loop/embed_loop.c
libs=${EMBED_LIBS:-$top_builddir/.libs/libkindred.so -Wl,-rpath,$top_builddir/.libs}
cflags="${EMBED_CFLAGS:--I$top_srcdir/include} -Wall -Wextra -Wpedantic -Werror"
bad=0

# talks PROGRAM: it answers line by line, and in the end.
talks()
{
    printf 'one two\n  three \n\nfour' | "$1" >"$work/out" 2>"$work/err" ||
        { echo "$1 ends with $?"; bad=1; }
    printf '2 in: one two\n1 in:   three \n0 in: \nwords: 3\n' >"$work/want"
    cmp "$work/want" "$work/out" && [ ! -s "$work/err" ] ||
        { cat "$work/out" "$work/err"; bad=1; }
}

${CC:-cc} -std=gnu11 $cflags -o "$work/c" "$source" $libs || exit 1
talks "$work/c"
${CXX:-c++} -std=gnu++11 $cflags -x c++ -o "$work/cxx" "$source" -x none \
    $libs || exit 1
talks "$work/cxx"
exit $bad
