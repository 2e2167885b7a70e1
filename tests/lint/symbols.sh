#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What the shared objects show, take and keep: the library exports kd_ and
# nothing internal, a plugin its one function; none can end the program, print,
# fork or take a signal, and none has writable data that would be shared by two
# runtimes, or thread-local data that a first access would have to allocate.

. "${top_srcdir:-.}/tests/lint/complain.sh"
cd "${top_builddir:-build}" || exit 1
if [ "${SANITIZER:-no}" != no ]; then
    echo "skipped: a sanitizer adds symbols and data of its own" && exit 77
fi
if [ "${COVERAGE:-no}" != no ]; then
    echo "skipped: counting adds symbols and data of its own" && exit 77
fi
nm=${NM:-nm}
nm=${nm%% *}
library=.libs/libkindred.so

exports()
{
    "$nm" -D --defined-only "$1" | awk '{ print $3 }'
}

complain "$library exports more than kd_" "$(
    exports $library | grep -vE '^kd_[a-z0-9]'
)"
[ -n "$(exports $library)" ] || complain "$library" "exports nothing"

forbidden='exit|_exit|_Exit|quick_exit|abort|__assert_fail|v?fork|system|popen'
forbidden="$forbidden|signal|__sysv_signal|sigaction|std(out|err)|perror"
forbidden="$forbidden|(__)?v?printf(_chk)?|puts|putchar"

for object in plugins/.libs/*.so $library; do
    name=${object##*/}
    if [ "$object" != $library ]; then
        complain "$name should export one function" "$(
            exports "$object" | grep -vx kd_plugin_query_v1
        )"
    fi
    # Only the object that hands preemption its signal may say sigaction.
    complain "$name imports what it must not" "$(
        "$nm" -D --undefined-only "$object" | sed 's/.* //; s/@.*//' |
            grep -xE "$forbidden" | grep -vx sigaction
    )"
    # The compiler's start-up code has a few bytes; thread-local is allowed.
    complain "$name has writable data" "$(
        "$nm" -f sysv "$object" | tr -d ' ' |
            grep -E '\|OBJECT\|.*\|\.(bss|data)(\.|$)' | grep -v 'rel\.ro' |
            grep -vE '^(completed\.[0-9]+|__dso_handle|__TMC_END__)\|'
    )"
    complain "$name has thread-local data that is not initial-exec" "$(
        readelf -rW "$object" | grep -E 'DTPMOD|TLSDESC'
    )"
done
complain "sigaction outside of host/runtime's preemption" "$(
    find host plugins -name '*.o' ! -path 'host/cli/*' -exec "$nm" -A -u {} + |
        grep ' sigaction$' | grep -v '^host/runtime/[^:]*preempt[^:]*:'
)"
# Between two archives the linker would silently take the one or the other.
complain "defined twice" "$(
    "$nm" -g --defined-only .libs/libkindred_core.a .libs/libkindred_cli.a |
        awk 'NF == 3 { print $3 }' | sort | uniq -d
)"
exit $bad
