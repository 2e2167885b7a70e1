# SPDX-License-Identifier: MIT
#
# What the tests of the command share: run it, look at status and words.

kindred=${KINDRED:?the command to test}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

fail()
{
    bad=1
    echo "FAIL: $*"
    sed 's/^/    out: /' "$work/out"
    sed 's/^/    err: /' "$work/err"
}

# run STATUS ARG...: run the command and want this status.
run()
{
    wanted=$1
    shift
    what="kindred $*"
    status=0
    timeout 30 $kindred "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    [ "$status" -eq "$wanted" ] || fail "$what: status $status, not $wanted"
}

# out REGEX, err REGEX: the last run said so.
out()
{
    grep -qE -e "$1" "$work/out" || fail "$what: stdout has no '$1'"
}

err()
{
    grep -qE -e "$1" "$work/err" || fail "$what: stderr has no '$1'"
}

# silent out|err: the last run said nothing there.
silent()
{
    [ ! -s "$work/$1" ] || fail "$what: std$1 is not empty"
}

# app NAME: an application folder whose _index.yaml is stdin; prints its path.
app()
{
    mkdir -p "$work/$1"
    cat >"$work/$1/_index.yaml"
    echo "$work/$1"
}
