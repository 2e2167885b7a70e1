#!/bin/sh
# SPDX-License-Identifier: MIT
#
# No ABI struct has hidden padding, for a later member could fall into it. What
# duration.h and term.h keep for their includer never crosses the boundary.

cd "${top_srcdir:-.}" || exit 1
bad=0
for header in $(find include -name '*.h' ! -name term.h ! -name duration.h); do
    printf '#include <%s>\n' "${header#include/}" |
        ${CC:-cc} -std=c11 -Wpadded -fsyntax-only -Iinclude $LUA_CFLAGS -x c - \
            2>&1 | grep -E 'Wpadded' | grep -E '^include/' | grep -vE '/(term|duration)\.h:' && bad=1
done
exit $bad
