#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Who may include whom. A folder of host/ sees those to its left and the public
# headers; a plugin sees the public headers and its own folder; each foreign
# library is known in one place only.

. "${top_srcdir:-.}/tests/lint/complain.sh"
cd "${top_srcdir:-.}" || exit 1

sources()
{
    find "$@" -name '*.[ch]' 2>/dev/null
}

# includes PATHS: every include line in them, as file:line:#include ...
includes()
{
    sources "$@" | xargs -r grep -nE '^[ \t]*#[ \t]*include' /dev/null
}

seen=
for folder in base term proc entry load runtime cli; do
    may=$seen$folder
    [ "$folder" = load ] && may="base|term|proc|load"
    complain "host/$folder includes what is not below it" "$(
        includes "host/$folder" | grep '"' | grep -vE "\"($may)/[a-z0-9_]+\.h\""
    )"
    seen="$seen$folder|"
done

for folder in plugins/*/; do
    # Its rooms, as process_lua has them.
    rooms=$(find "$folder" -mindepth 1 -maxdepth 1 -type d -printf '%f|')
    complain "$folder includes another folder's header" "$(
        includes "$folder" | grep -E '"[^"]*/|<[^>]*\.\./' |
            grep -vE "\"(${rooms}none)/[a-z0-9_]+\.h\""
    )"
done
complain "a public header includes more than public headers" "$(
    includes include | grep -vE '<(kindred/[a-z0-9_/]+|std[a-z]+|string|lua|lauxlib)\.h>'
)"

# only WHERE WHAT: no file outside of the WHERE pattern includes WHAT.
only()
{
    complain "<$2> is known outside of $1" "$(
        includes host include plugins | grep -E "<($2)" | grep -vE "^($1)"
    )"
}
only 'host/entry/' 'yaml\.h'
only 'host/load/' 'dlfcn\.h'
only 'plugins/process_lua/|include/kindred/ext/lua\.h' '(lua|lauxlib|lualib)\.h'
only 'plugins/process_lua/value/json_read' 'yajl'
only 'plugins/process_lua/modules/lib_uuid' 'uuid'
only 'plugins/process_host/' 'event'

# The embedder's allocator gets all of it; the command is no library.
complain "memory is taken outside of host/base/memory.c" "$(
    sources host | grep -vE '^host/(cli/|base/memory\.)' | xargs -r grep -nE \
        '(^|[^A-Za-z0-9_.>])(malloc|calloc|realloc|free|strn?dup|v?asprintf|realpath|aligned_alloc|getline|open_memstream)\(' |
        grep -vE ':[0-9]+: \*|/\*.*\*/'
)"

# Comments may name it as an example: each record is what stands before a "*/".
complain "the host knows Lua" "$(
    sources host include | grep -v '^include/kindred/ext/' | xargs -r awk '
        BEGIN { RS = "\\*/" }
        { sub(/\/\*.*/, ""); if (tolower($0) ~ /lua/) print FILENAME ":" $0 }'
)"
exit $bad
