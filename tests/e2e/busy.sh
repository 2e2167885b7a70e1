#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Four processes that spin on two threads do not keep a fifth from answering.
# The aim is 50 ms on a machine with nothing else to do, the bound here is for
# one that has much (semantics V4, H13).

kindred=${KINDRED:?the command to test}
timeout 120 $kindred run "${top_srcdir:-.}/tests/e2e/busy" \
    --exec app:main "${BOUND:-1000}" 2>/dev/null </dev/null
