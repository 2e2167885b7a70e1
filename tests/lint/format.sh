#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The tree looks as .clang-format says. Versions differ in what they do, so
# only the one that the file was written for will do.

cd "${top_srcdir:-.}" || exit 1
tool=${CLANG_FORMAT:-clang-format-14}
if ! command -v "$tool" >/dev/null; then
    echo "skipped: $tool is missing (Debian: apt-get install clang-format-14)"
    exit 77
fi
find include host plugins tests examples sdk -name '*.[ch]' -print0 |
    xargs -0 "$tool" --style=file --dry-run -Werror
