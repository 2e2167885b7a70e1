#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: examples.sh SOURCE BINDIR PKGCONFIGDIR [SYSROOT]
#
# The tests of the plugins in examples/ once more, built with what kindred.pc
# says and run by what was installed. SYSROOT is what DESTDIR was.

set -eu
top_srcdir=$1
KINDRED=$2/kindred
PKG_CONFIG_PATH=$3
PKG_CONFIG_SYSROOT_DIR=${4-}
export top_srcdir KINDRED PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR

PLUGIN_CFLAGS=$(pkg-config --cflags kindred)
KINDRED_PLUGIN_PATH=${4-}$(PKG_CONFIG_SYSROOT_DIR='' pkg-config \
    --variable=plugindir kindred)
SANITIZER=no
export PLUGIN_CFLAGS KINDRED_PLUGIN_PATH SANITIZER

log=$(mktemp)
trap 'rm -f "$log"' EXIT
EMBED_CFLAGS=$PLUGIN_CFLAGS
EMBED_LIBS="$(pkg-config --libs kindred) -Wl,-rpath,${4-}$(
    PKG_CONFIG_SYSROOT_DIR='' pkg-config --variable=libdir kindred)"
export EMBED_CFLAGS EMBED_LIBS

for example in blocking circuit_breaker counter embed_loop foreign_port \
    heartbeat lua_module tcp_echo; do
    if ! sh "$top_srcdir/tests/e2e/$example.sh" >"$log" 2>&1; then
        cat "$log"
        echo "installcheck: tests/e2e/$example.sh fails with what is installed"
        exit 1
    fi
done

# And whether they keep their contract; the module in C for Lua has no kind.
LD_LIBRARY_PATH=${4-}$(PKG_CONFIG_SYSROOT_DIR='' pkg-config --variable=libdir \
    kindred)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH
so=$log.so
trap 'rm -f "$log" "$so"' EXIT
for source in blocking/pipe.c circuit-breaker/circuit_breaker.c \
    counter/counter.c foreign-port/resolver.c heartbeat/heartbeat.c \
    tcp-echo/line_server.c; do
    ${CC:-cc} -shared -fPIC -fvisibility=hidden -pthread $PLUGIN_CFLAGS \
        -o "$so" "$top_srcdir/examples/$source"
    if ! "$2/kindred-validate" --app "$top_srcdir/examples/${source%/*}" \
        "$so" >"$log" 2>&1; then
        cat "$log"
        echo "installcheck: examples/$source breaks its contract"
        exit 1
    fi
done
echo "installcheck: the installed kindred builds and runs the examples"
