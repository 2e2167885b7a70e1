# SPDX-License-Identifier: MIT
#
# From the public headers, a C program that prints where each member of each
# struct lies: "struct.member offset size", and "struct size".
#
# The headers are formatted by one hand, and that is what makes this enough: a
# struct begins and ends in column 0, a member ends in a semicolon.

/^(typedef )?struct kd_[a-z_]* \{$/ {
    name = $0
    sub(/^typedef /, "", name)
    sub(/ \{$/, "", name)
    text = ""
    inside = 1
    next
}
inside && /^\}/ {
    inside = 0
    members(name, text)
    next
}
inside { text = text " " $0 }

function members(name, text, parts, count, i, member)
{
    sub(/^struct /, "", name)
    type[++types] = name
    while (match(text, /\/\*([^*]|\*+[^*\/])*\*+\//))
        text = substr(text, 1, RSTART - 1) substr(text, RSTART + RLENGTH)
    count = split(text, parts, ";")
    for (i = 1; i < count; i++) {
        member = parts[i]
        if (match(member, /\(\*[a-z0-9_]+\)/))
            member = substr(member, RSTART + 2, RLENGTH - 3)
        else {
            sub(/\[.*/, "", member)
            sub(/ *$/, "", member)
            sub(/.*[ *]/, "", member)
        }
        lines[name] = lines[name] \
            sprintf("    MEMBER(struct %s, %s)\n", name, member)
    }
}

END {
    print "#include <stddef.h>"
    print "#include <stdio.h>"
    print "#define MEMBER(type, member) printf(\"%s.%s %zu %zu\\n\", #type, \\"
    print "    #member, offsetof(type, member), sizeof(((type *)0)->member));"
    print "int main(void)\n{"
    for (i = 1; i <= types; i++)
        printf "%s", lines[type[i]]
    print "    return 0;\n}"
}
