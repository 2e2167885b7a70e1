#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What tests cite are rules that there are, in the form that is understood.
# Which rules have a test, tests/rules/list.sh says at the end of make check.

cd "${top_srcdir:-.}" || exit 1

find tests examples -type f -size -256k ! -path 'tests/rules/*' |
    awk -v rules=tests/rules/rules.txt -f tests/rules/cite.awk
