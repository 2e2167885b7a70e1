#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: run.sh SOURCE BINDIR PKGCONFIGDIR [SYSROOT]
#
# What a user does after `make install`: asks the command who it is, then builds
# a plugin with no more help than kindred.pc, and runs it; then the project that
# the template is. SYSROOT is what DESTDIR was.

set -eu
source=$1
bindir=$2
PKG_CONFIG_PATH=$3
sysroot=${4-}
export PKG_CONFIG_PATH
unset KINDRED_PLUGIN_PATH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

kindred()
{
    "$bindir/kindred" "$@"
}

# wants PATTERN COMMAND...: the command succeeds and prints such a line.
wants()
{
    pattern=$1
    shift
    "$@" >"$work/out" 2>&1 && grep -q -- "$pattern" "$work/out" && return
    echo "installcheck: '$*' does not print '$pattern' but:"
    cat "$work/out"
    exit 1
}

wants "^kindred $(pkg-config --modversion kindred)" kindred --version
wants . pkg-config --variable=abi_major kindred
plugins=$sysroot$(pkg-config --variable=plugindir kindred)
[ -f "$plugins/process_host.so" ] && [ -f "$plugins/process_lua.so" ]

# An image under DESTDIR is not where the command was told that it would be.
[ -z "$sysroot" ] || export KINDRED_PLUGIN_PATH="$plugins"
wants process.host kindred kinds
wants process.lua kindred kinds
# Supervisors, from the app beside us as it would run.
[ -f "$plugins/supervisor.so" ]
wants supervisor.rest_for_one kindred kinds
wants "helpers  app:helpers (supervisor.one_for_one, at most 3 restarts in 5s)" \
    kindred check --tree "$source/tree"
wants "helper 2 is back" kindred run "$source/tree" --exec app:main

export PKG_CONFIG_SYSROOT_DIR="$sysroot"
${CC:-cc} -shared -fPIC -Wall -Wextra -Werror $(pkg-config --cflags kindred) \
    -o "$work/greeter.so" "$source/greeter.c"
wants thirdparty.greeter kindred inspect "$work/greeter.so"

KINDRED_PLUGIN_PATH=$work${KINDRED_PLUGIN_PATH:+:$KINDRED_PLUGIN_PATH}
export KINDRED_PLUGIN_PATH
wants thirdparty.greeter kindred kinds
wants "hello from a third party" kindred run "$source/app" --exec app:greeter

if command -v autoreconf >/dev/null && command -v libtoolize >/dev/null; then
    sh "$source/template.sh" "$bindir" "$sysroot" >"$work/out" 2>&1 || {
        echo "installcheck: the template does not build, pass or install:"
        cat "$work/out"
        exit 1
    }
else
    echo "installcheck: no autotools here, so the template was not tried"
fi
echo "installcheck: the installed kindred builds and runs a third party's plugin"
