#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every function pointer in a public struct ends its comment with one threading
# tag: alone on the last line, or closing a comment of one line. The grammar is
# in include/kindred/threads.h.

cd "${top_srcdir:-.}" || exit 1

find include -name '*.h' | sort | xargs awk '
    BEGIN {
        place = "(query|loader|worker|blocking|host|resource|any|signal)"
        modifier = "!(reentrant|may-block|host-calls)"
        alt = place "( & " modifier ")*"
        tag = "^\\[" alt "( \\| " alt ")*\\]$"
    }
    function complain(why) {
        printf "%s:%d: %s: %s\n", FILENAME, FNR, name, why
        bad = 1
    }
    FNR == 1 { in_struct = in_comment = 0; comment = "" }
    /^(typedef )?struct [a-z_]* \{$/ { in_struct = 1; next }
    /^\}/ { in_struct = 0 }

    /^ *\/\*/ { in_comment = 1; comment = ""; lines = 0 }
    in_comment {
        text = $0
        in_comment = text !~ /\*\/ *$/
        sub(/ *\*\/ *$/, "", text)
        sub(/^ *(\/\*+|\*) ?/, "", text)
        if (text != "") { comment = text; lines++ }
        next
    }
    in_struct && match($0, /^    [a-z][a-z0-9_ ]* \**\(\*[a-z0-9_]+\)\(/) {
        members++
        name = $0
        sub(/\)\(.*/, "", name)
        sub(/.*\(\*/, "", name)
        if (lines == 1)
            sub(/^[^[]*\[/, "[", comment)
        if (comment == "")
            complain("has no comment of its own")
        else if (comment !~ tag)
            complain("its comment ends in \"" comment "\", not in a tag")
    }
    /;/ { comment = "" }
    END {
        printf "%d function pointers looked at\n", members
        exit bad || members == 0
    }'
