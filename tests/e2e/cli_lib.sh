# SPDX-License-Identifier: MIT
#
# What the tests of the command share: run it, look at status and words.

kindred=${KINDRED:?the command to test}
work=$(mktemp -d)
# Long after all that takes its time: on a busy machine, with sanitizers.
seconds=120
[ "${SANITIZER:-no}" != thread ] || seconds=600
trap 'rm -rf "$work"' EXIT
bad=0

fail()
{
    bad=1
    echo "FAIL: $*"
    tail -n 100 "$work/out" | sed 's/^/    out: /'
    tail -n 100 "$work/err" | sed 's/^/    err: /'
}

# run STATUS ARG...: run the command and want this status.
run()
{
    wanted=$1
    shift
    what="kindred $*"
    status=0
    timeout $seconds $kindred "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
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

# none out|err REGEX: the last run did not say so.
none()
{
    ! grep -qE -e "$2" "$work/$1" || fail "$what: std$1 has '$2'"
}

# launch ARG...: run the command beside us, as $child.
launch()
{
    what="kindred $*"
    : >"$work/out"
    : >"$work/err"
    $kindred "$@" >"$work/out" 2>"$work/err" </dev/null &
    child=$!
}

# await out|err REGEX [N]: until so many lines (1) of it are so; two minutes, or
# the end of $child, are a failure.
await()
{
    tries=2400
    until [ "$(grep -cE -e "$2" "$work/$1")" -ge "${3-1}" ]; do
        [ $tries -gt 0 ] || { fail "$what: std$1 has no ${3-} '$2'"; return; }
        # One more look, at what it said before it ended.
        kill -0 "$child" 2>/dev/null || tries=1
        tries=$((tries - 1))
        sleep 0.05
    done
}

# quit STATUS [SIGNAL]: end it, and want this status.
quit()
{
    kill -"${2-TERM}" "$child" 2>/dev/null
    status=0
    wait "$child" || status=$?
    [ "$status" -eq "$1" ] || fail "$what: status $status, not $1"
}
