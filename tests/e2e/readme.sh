#!/bin/sh
# SPDX-License-Identifier: MIT
#
# README's sample, taken from README, does what README says it does.

set -eu

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# The n-th fenced block of a language (the plain fence has none).
block()
{
    awk -v want="\`\`\`$1" -v n="$2" '
        /^```/ && open { open = 0; next }
        /^```/ { open = 1; show = ($0 == want && ++count == n); next }
        open && show
    ' "$top_srcdir/README.md"
}

mkdir "$dir/app"
block yaml 1 >"$dir/app/_index.yaml"
block lua 1 >"$dir/app/hello.lua"
block lua 2 >"$dir/app/worker.lua"
block '' 1 >"$dir/expected"
for file in "$dir"/app/* "$dir/expected"; do
    [ -s "$file" ] || { echo "README has no ${file##*/}"; exit 1; }
done

$KINDRED run "$dir/app" --exec app:hello Ada >"$dir/printed"
diff "$dir/expected" "$dir/printed"
