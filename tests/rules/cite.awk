# SPDX-License-Identifier: MIT
#
# Reads names of files, one a line, and what each of them cites in the form
#
#     (semantics P4), (semantics H4, H8), (semantics C4 to C10, X6)
#
# which may go over several lines of a comment. Compares it with the table
# `rules`; writes `list`, if given, and a line about it. Ends with 1 if
# something cited is wrong, or if `strict` and a rule has no test.

BEGIN {
    while ((getline line < rules) > 0)
        read_rule(line)
    close(rules)
    if (n_rules == 0)
        complain(rules, 0, "no rules in it")
}

{
    read_file($0)
}

END {
    if (list != "")
        write_list()
    exit bad
}

# V1  A title; below it, or below a section's, perhaps "later: why".
function read_rule(line)
{
    if (line ~ /^#/ || line ~ /^ *$/)
        return
    if (line ~ /^ +later: /) {
        sub(/^ +later: /, "", line)
        if (last == "")
            section_later = line
        else
            later[last] = line
    } else if (line ~ /^[A-Z]\. /) {
        last = section_later = ""
        section[n_rules + 1] = line
    } else {
        last = substr(line, 1, index(line, " ") - 1)
        title[last] = line
        rule[++n_rules] = last
        if (section_later != "")
            later[last] = section_later
    }
}

# A comment's own marks are taken off, so that its lines can be joined.
function read_file(file,    line, n, text)
{
    while ((getline line < file) > 0) {
        ++n
        sub(/^[ \t]*(\/\*|\*|--+|#+|\/\/)?[ \t]*/, "", line)
        text = take_citations(file, n, text == "" ? line : text " " line)
    }
    close(file)
    if (text != "")
        complain(file, n, "a citation has no end")
}

# What is left of the text: a citation whose end is not there yet.
function take_citations(file, n, text,    start, end)
{
    while ((start = match(text, /\(semantics( |$)/)) > 0) {
        text = substr(text, start)
        end = index(text, ")")
        if (end == 0)
            return text
        take_list(file, n, substr(text, 12, end - 12))
        text = substr(text, end + 1)
    }
    return ""
}

function take_list(file, n, text,    i, count, item, range)
{
    count = split(text, item, / *, */)
    for (i = 1; i <= count; i++) {
        if (split(item[i], range, / to /) == 2)
            take_range(file, n, range[1], range[2])
        else
            take(file, n, item[i])
    }
}

function take_range(file, n, first, past,    letter, i)
{
    letter = substr(first, 1, 1)
    if (letter != substr(past, 1, 1) ||
        substr(first, 2) + 0 >= substr(past, 2) + 0)
        complain(file, n, "'" first " to " past "' is no range")
    for (i = substr(first, 2) + 0; i <= substr(past, 2) + 0; i++)
        take(file, n, letter i)
}

function take(file, n, id)
{
    if (!(id in title))
        complain(file, n, "there is no rule '" id "'")
    else if (!((id, file) in seen)) {
        seen[id, file] = 1
        covered[id] = covered[id] (covered[id] == "" ? "" : ", ") file
    }
}

function complain(file, n, problem)
{
    print file ":" n ": " problem > "/dev/stderr"
    bad = 1
}

function write_list(    i, id, with, without, put_off)
{
    for (i = 1; i <= n_rules; i++) {
        id = rule[i]
        if (i in section)
            print (i == 1 ? "" : "\n") section[i] > list
        print title[id] > list
        if (covered[id] != "") {
            with++
            print "      " covered[id] > list
            if (id in later)
                complain(rules, 0, id " has a test and is marked as later")
        } else if (id in later) {
            put_off++
            print "      later: " later[id] > list
        } else {
            without = without " " id
            print "      NO TEST" > list
        }
    }
    summary = "rules: " with + 0 " of " n_rules " are covered by tests that" \
        " passed, " put_off + 0 " come later, " n_rules - with - put_off \
        " have none"
    print "\n" summary (without == "" ? "" : ":" without) > list
    print summary " (" list ")"
    if (strict && without != "")
        complain(rules, 0, "no test that passed covers" without)
}
