# SPDX-License-Identifier: MIT
#
# What the tests of the ABI share: the facts about a set of headers, and a
# plugin and a program that are built from them and run with today's library.

here=${top_srcdir:-.}/tests/abi
include=${top_srcdir:-.}/include
build=${top_builddir:-build}
strict="-std=c11 -Wall -Wextra -Wpedantic -Werror"
case ${SANITIZER:-no} in
no) ;;
*) strict="$strict -g -fsanitize=$SANITIZER" ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

fail()
{
    echo "FAIL: $*"
    bad=1
}

# version INCLUDE WORD: MAJOR or MINOR of the ABI in these headers.
version()
{
    sed -n "s/^#define KD_ABI_$2 \\([0-9]*\\)\$/\\1/p" "$1/kindred/abi.h"
}

# headers INCLUDE: includes of all headers that a plugin or a program may want.
headers()
{
    (cd "$1" && find kindred -name '*.h') | sort | sed 's/.*/#include <&>/'
}

# compile INCLUDE ARG...: CC and LUA_CFLAGS may be several words.
compile()
{
    compile_include=$1
    shift
    ${CC:-cc} -std=c11 -I"$compile_include" $LUA_CFLAGS "$@"
}

# functions INCLUDE TARGET: those that a plugin with this target can use.
functions()
{
    headers "$1" | compile "$1" -DKD_ABI_TARGET="$2" -E -P -x c - >"$work/text" &&
        grep -oE '\bkd_[a-z0-9_]*[a-z0-9]\(' "$work/text" |
        sed 's/(/ is there/' | sort -u
}

# constants INCLUDE TARGET: codes of status, and the macros that are a value.
constants()
{
    grep -oE '\bKD_E[A-Z]+ = -[0-9]+' "$work/text"
    headers "$1" | compile "$1" -DKD_ABI_TARGET="$2" -E -dM -x c - |
        sed -n 's/^#define \(KD_[A-Z0-9_]*[A-Z0-9]\) \(((.*)-*[0-9a-fx]*)\|[0-9]*\|".*"\)$/\1 = \2/p' |
        grep -v '^KD_ABI_M[AI][JN]OR\|^KD_ABI_TARGET'
}

# layout INCLUDE: the place of every member of every struct.
layout()
{
    headers "$1" >"$work/all.h"
    find "$1/kindred" -name '*.h' ! -name term.h ! -name duration.h | sort |
        xargs awk -f "$here/layout.awk" >"$work/layout.c" &&
        compile "$1" -include "$work/all.h" -o "$work/layout" "$work/layout.c" &&
        "$work/layout"
}

# facts INCLUDE FILE: all that a minor has and a later one must have as well.
facts()
{
    minor=$(version "$1" MINOR)
    functions "$1" "$minor" >"$2.functions" &&
        constants "$1" "$minor" >"$2.constants" &&
        layout "$1" >"$2.layout" || return 2
    sort -u "$2.functions" "$2.constants" "$2.layout" >"$2"
}

# plugin INCLUDE SOURCE FILE [ARG...]: a plugin, built as others do.
plugin()
{
    plugin_source=$2
    plugin_file=$3
    plugin_include=$1
    shift 3
    compile "$plugin_include" $strict -shared -fPIC -fvisibility=hidden "$@" \
        -o "$plugin_file" "$plugin_source"
}

# embedder INCLUDE SOURCE FILE: a program with today's library.
embedder()
{
    compile "$1" $strict -o "$3" "$2" "$build/.libs/libkindred.so" \
        -Wl,-rpath,"$build/.libs"
}

# runs WHAT EMBEDDER PLUGIN: they do together what both were written for, also
# when the plugin is watched (KD_CONFIG_CHECKED is 8).
runs()
{
    printf 'ended: normally\nheard: hello\n' >"$work/want"
    for flags in 0 8; do
        "$2" "$3" "$flags" >"$work/got" 2>"$work/err" &&
            sort "$work/got" | cmp -s "$work/want" - && [ ! -s "$work/err" ] ||
            { cat "$work/got" "$work/err"; fail "$1, flags $flags"; }
    done
}
