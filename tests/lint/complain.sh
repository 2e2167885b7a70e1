# SPDX-License-Identifier: MIT
#
# Shared by the lints: what breaks a rule is listed, and remembered in $bad.

bad=0

# complain RULE FINDINGS
complain()
{
    if [ -n "$2" ]; then
        printf '%s:\n%s\n' "$1" "$2"
        bad=1
    fi
}
