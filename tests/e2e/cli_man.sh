#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The man page and --help name the same commands and options.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
page=${top_srcdir:-.}/host/cli/kindred.1

{
    $kindred --help
    for command in run check kinds inspect; do
        $kindred $command --help
    done
} | grep -E '^  (-h, )?--' | grep -oE -e '--[a-z-]+' | sort -u >"$work/help"
# Only the list of options, where each stands at the begin of its item.
sed -n '/^\.SH OPTIONS/,/^\.SH EXIT/p' "$page" | grep -E '^\.B' |
    sed 's/\\-/-/g' | grep -oE -e '--[a-z-]+' | sort -u >"$work/page"
cp "$work/page" "$work/out"
diff "$work/help" "$work/page" >"$work/err" ||
    fail "--help and kindred.1 have different options"
[ "$(wc -l <"$work/help")" -ge 9 ] || fail "too few options were found"

$kindred --help | sed -n '/^commands:/,/^$/p' | awk '/^  / { print $1 }' |
    sort >"$work/help"
sed -n 's/^\.SS //p' "$page" | sort >"$work/page"
diff "$work/help" "$work/page" >"$work/err" ||
    fail "--help and kindred.1 have different commands"
exit $bad
