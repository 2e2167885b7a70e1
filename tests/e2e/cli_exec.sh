#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run --exec: its status, its arguments, its output, and who reads that
# (semantics O2, O3, O6, G5).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

# program NAME: the body of main, from stdin, as an entry of the same name.
entries=
program()
{
    {
        echo "local function main(...)"
        cat
        echo "end"
        echo "return { main = main }"
    } >"$work/$1.lua"
    entries="$entries
  - {name: $1, kind: process.lua, source: file://$1.lua, modules: [time]}"
}

program seven <<'EOF'
return 7
EOF
program large <<'EOF'
return 126
EOF
program negative <<'EOF'
return -1
EOF
program no <<'EOF'
return false
EOF
program text <<'EOF'
return "9"
EOF
program nothing <<'EOF'
EOF
program failed <<'EOF'
return nil, "out of luck"
EOF
program thrown <<'EOF'
error("thrown away")
EOF
program coloured <<'EOF'
error("red\27[31m")
EOF
program arguments <<'EOF'
print(select("#", ...), ...)
for _, value in ipairs({...}) do assert(type(value) == "string") end
EOF
program chatter <<'EOF'
for i = 1, 100000 do print("line", i) end
EOF
program sleeper <<'EOF'
assert(process.spawn("app:chatter", "kindred:host"))
time.sleep("500ms")
error("the timer went on")
EOF
program deaf <<'EOF'
print("deaf")
while true do pcall(time.sleep, "1h") end
EOF
program forked <<'EOF'
assert(process.spawn("app:deaf", "kindred:host"))
time.sleep("200ms")
EOF
printf 'namespace: app\nentries:%s\n' "$entries" >"$work/_index.yaml"

run 0 check "$work"

# Integers from 0 to 125 are themselves, other integers and false are 1.
run 7 run "$work" --exec app:seven
silent err
run 1 run "$work" --exec app:large
run 1 run "$work" --exec app:negative
run 1 run "$work" --exec app:no
run 0 run "$work" --exec app:text
run 0 run "$work" --exec app:nothing
silent err

# A failure is told, with its place.
run 1 run "$work" --exec app:failed
err '^error: out of luck$'
run 1 run "$work" --exec app:thrown
err '^error: thrown\.lua:2: thrown away$'
err 'thrown\.lua:2'
run 1 run "$work" --exec app:coloured
err '^error: coloured\.lua:2: red\\x1b\[31m$'
run 1 run "$work" --exec app:nope
err '^kindred: entry not found: app:nope$'
run 1 run "$work" --exec app:seven --host app:nope
err 'app:nope'

# Arguments are strings, and whatever follows the first is one.
run 0 run "$work" --exec app:arguments
out '^0$'
tab=$(printf '\t')
run 0 run "$work" --exec app:arguments 1 --log-level -x ''
out "^4${tab}1${tab}--log-level${tab}-x${tab}\$"
run 0 run "$work" --exec app:arguments -- --host
out "^1${tab}--host\$"

# All output arrives before the command ends.
run 0 run "$work" --exec app:chatter
[ "$(wc -l <"$work/out")" -eq 100000 ] || fail "lines were lost"

# A reader that goes away costs one line on stderr and nothing else.
what='kindred run | head'
{
    $kindred run "$work" --exec app:chatter 2>"$work/err"
    echo $? >"$work/status"
} | head -n 1 >"$work/out"
[ "$(cat "$work/status")" -eq 0 ] || fail "$what: status"
err '^kindred: cannot write to stdout, .*: Broken pipe$'
[ "$(grep -c '^kindred: ' "$work/err")" -eq 1 ] || fail "$what: said twice"

# A reader that stalls stops neither timers nor processes: while one waits
# with what it prints, the other sleeps its half second and ends. A second
# signal ends the command at once, whatever it waits for.
what='kindred run | sleep'
{
    $kindred run "$work" --exec app:sleeper 2>"$work/err" &
    child=$!
    sleep 2
    cp "$work/err" "$work/err.stalled"
    kill -TERM $child
    sleep 0.2
    kill -TERM $child
    status=0
    wait $child || status=$?
    echo "$status" >"$work/status"
} | sleep 4
: >"$work/out"
cp "$work/err.stalled" "$work/err"
err 'the timer went on'
[ "$(cat "$work/status")" -eq 1 ] || fail "$what: status $(cat "$work/status")"

# What does not listen to cancel is ended by force when the time is over.
began=$(date +%s)
run 0 run "$work" --exec app:forked --shutdown-timeout 300ms
[ $(($(date +%s) - began)) -lt 6 ] || fail "$what: took too long"
exit $bad
