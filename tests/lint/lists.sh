#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every source file is named in some local.mk. One that is not would be neither
# built nor released, and a test nobody runs looks just like one that passes.

. "${top_srcdir:-.}/tests/lint/complain.sh"
cd "${top_srcdir:-.}" || exit 1

words=$(find . -name local.mk ! -path './build*' -exec cat {} + |
    sed 's/#.*//' | tr -s ' \\=' '\n')

# A test is listed as the program, without its suffix; a plugin that is only
# there for the tests as NAME.la.
complain "in no local.mk" "$(
    for file in $(find include host plugins tests sdk -name '*.[ch]'); do
        name=${file##*/}
        stem=${name%.c}
        echo "$words" | grep -qE "(^|/)($name|$stem|$stem\.la)$" || echo "$file"
    done
)"

# Of examples everything is installed.
complain "in no local.mk" "$(
    find examples -type f ! -name local.mk | while read -r file; do
        echo "$words" | grep -qxF "%reldir%/${file#examples/}" || echo "$file"
    done
)"
exit $bad
