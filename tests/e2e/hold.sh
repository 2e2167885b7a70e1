#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Lua cannot keep a thread: whatever a process does, it can be ended by force,
# and soon. Prints how long after the deadline each way ended (semantics C6,
# H13, G8, X7, X12). ONLY="NAME ..." looks at these of tests/e2e/hold/ways.lua.

kindred=${KINDRED:?the command to test}
app=${top_srcdir:-.}/tests/e2e/hold
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# ThreadSanitizer sends no signals to threads in time, so that a row of calls
# into Lua's own C is looked at after many of them: those that are slow take
# more time than a host has to stop, where others keep the processors busy.
if [ "${SANITIZER:-no}" = thread ] && [ -z "${ONLY-}" ]; then
    left_out="rep sort_in_c backtracking backtracking_gmatch
        backtracking_balance quadratic_gsub date"
    ONLY=$(sed -n 's/^function ways\.\([a-z_0-9]*\).*/\1/p' "$app/ways.lua" |
        grep -v -x -F "$(printf '%s\n' $left_out)")
    echo "without:" $left_out
fi

status=0
timeout 600 $kindred run "$app" --exec app:main ${ONLY-} 2>"$log" </dev/null ||
    status=$?
[ $status -eq 0 ] && exit 0
sed 's/^/    /' "$log"
echo "FAIL: status $status"
exit 1
