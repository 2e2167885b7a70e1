#!/bin/sh
# SPDX-License-Identifier: MIT
#
# examples/shop: a tree three levels deep starts in order, heals at its leaves,
# starts anew behind its database, and closes in reverse order (semantics S6,
# S9, S10, S11, S14).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

run 0 run "${top_srcdir:-.}/examples/shop" --exec shop:main

# from TEXT: what is on the screen after this line; joined: as one line.
from()
{
    sed "1,/^--	$1\$/d" "$work/out"
}
joined()
{
    tr '\t\n' ' ,'
}
[ "$(head -4 "$work/out" | joined)" = \
    "database ready,clerk 1 at work,clerk 2 at work,clerk 3 at work," ] ||
    fail "not started in order"
[ "$(from 'the database dies' | grep -v served | head -7 | joined)" = "clerk 3 goes home,clerk 2 goes home,clerk 1 goes home,\
database ready,clerk 1 at work,clerk 2 at work,clerk 3 at work," ] ||
    fail "not started anew in order"
[ "$(from 'the shop closes' | joined)" = \
    "clerk 3 goes home,clerk 2 goes home,clerk 1 goes home,\
database closes with 4 sales,-- shutdown," ] || fail "not closed in order"
err 'child=mailer reason="no connection to the mail server" attempt=2 delay=100ms'
err 'child=clerk-1 reason="clerk.lua:[0-9]+: what is that\?"'
out '^  customers	stopped	0 restarts$'
exit $bad
