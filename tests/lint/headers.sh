#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Each public header stands alone, in C and in C++, with every warning on and
# without any of our build's definitions. ext/lua.h needs Lua's own headers.

cd "${top_srcdir:-.}" || exit 1
# LUA_CFLAGS, CC and CXX may hold several words.
strict="-Wall -Wextra -Wpedantic -Werror -fsyntax-only"
bad=0

compile()
{
    language=$1
    shift
    for header in $(find include -name '*.h' | sort); do
        printf '#include <%s>\nextern int not_empty;\n' "${header#include/}" |
            "$@" $strict -Iinclude $LUA_CFLAGS -x "$language" - ||
            { echo "$header does not compile alone as $1"; bad=1; }
    done
}

compile c ${CC:-cc} -std=c11
compile c++ ${CXX:-c++} -std=c++11
exit $bad
