# SPDX-License-Identifier: MIT
#
# Lists what the tests have not run, from lcov's coverage.info: a line that was
# never reached, or one that was, and which of its branches never went.
#
# usage: awk -v top=SOURCES -f not_run.awk coverage.info

# FILE:LINE function  what  the line itself
function tell(line, what) {
    printf "%s:%d  %s  %s  %s\n", file, line, within[line], what, text[line]
}

function read_source(path,    line, n) {
    delete text
    while ((getline line < path) > 0) {
        gsub(/^[ \t]+/, "", line)
        text[++n] = line
    }
    close(path)
    return n
}

BEGIN { FS = "[:,]" }

$1 == "SF" {
    file = substr($0, 4)
    n_lines = read_source(file)
    if (index(file, top "/") == 1)
        file = substr(file, length(top) + 2)
    delete begins
    delete count
    delete ways
    delete untaken
    delete within
}
$1 == "FN" { begins[$2] = $3 }
$1 == "DA" { count[$2] = $3 }
$1 == "BRDA" {
    ways[$2]++
    if ($5 == 0 || $5 == "-")
        untaken[$2]++
}
$1 == "end_of_record" {
    name = "-"
    for (line = 1; line <= n_lines; line++) {
        if (line in begins)
            name = begins[line]
        within[line] = name
        if ((line in count) && count[line] == 0)
            tell(line, "never")
        else if (line in untaken)
            tell(line, untaken[line] " of " ways[line])
    }
}
