#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Too few threads and processes: whoever cannot have one says which, nothing
# hangs, and what needs none goes on. Root knows no such limit, so that the
# command runs as a user that has nothing else running.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

skip()
{
    echo "SKIP: $*"
    exit 77
}

# Of those that Debian and systemd leave unused, and below what a container may
# lack.
uid=$((60578 + $$ % 600))
as_user="setpriv --reuid=$uid --regid=$uid --clear-groups --no-new-privs"
[ "$(id -u)" -eq 0 ] || skip 'only root can run it as a user without processes'
chmod 755 "$work"
# Not through `timeout`, which takes one of them.
$as_user $kindred --version >"$work/version" 2>&1 ||
    skip "another user cannot run it: $(cat "$work/version")"

dir=$(app small <<'END'
namespace: a
entries:
  - {name: h, kind: process.host, host: {workers: 1},
     lifecycle: {auto_start: true}}
  - name: prints
    kind: process.lua
    source: |
      return function() print("printed") end
  - name: logs
    kind: process.lua
    modules: [logger]
    source: |
      local logger = require("logger")
      return function()
          for i = 1, 3 do logger:info("said " .. i) end
          local pid = assert(process.spawn_monitored("a:child", "a:h"))
          local event = process.events():receive()
          assert(event.from == pid and event.result.value == "ran")
          return "went on"
      end
  - name: child
    kind: process.lua
    source: |
      return function() return "ran" end
  - name: reads
    kind: process.lua
    modules: [io]
    source: |
      return function()
          io.print("reads")
          local line, err = io.readline()
          io.print(line or err:message())
      end
  - name: outlasts
    kind: process.lua
    modules: [io, logger, time]
    source: |
      local logger, time = require("logger"), require("time")
      return function()
          io.print("begins")
          logger:info("unsaid")
          local line, err = io.readline()
          io.print(err:message())
          while not line do
              time.sleep("10ms")
              line = io.readline()
          end
          logger:info("said again")
          io.print(line)
      end
END
)

# only N PROGRAM: the command with N threads at most, all processes counted.
only()
{
    what="kindred with ulimit -u $1: $2"
    status=0
    echo line | timeout $seconds prlimit --nproc="$1" $as_user \
        $kindred run "$dir" --exec "a:$2" >"$work/out" 2>"$work/err" ||
        status=$?
    cat "$work/out" "$work/err" >"$work/both"
    grep -oE 'no descriptor or thread is left|cannot make a worker thread|no thread (can|could) be made to [a-z]+ (the )?[a-z]+' \
        "$work/both" | sort -u >>"$work/told.$2"
    case $status in
    0) ;;
    1) [ -s "$work/err" ] || fail "$what: fails without a word" ;;
    *) fail "$what: status $status" ;;
    esac
    ! grep -q 'system call failed' "$work/both" || fail "$what: names nothing"
}

# told PROGRAM WORDS: some limit made it say so.
told()
{
    grep -q "$2" "$work/told.$1" || fail "$1: never said '$2'"
}

# ThreadSanitizer has a thread of its own, and the leak check wants one.
export ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0"
for program in prints logs reads; do
    : >"$work/told.$program"
    enough=0
    for n in 1 2 3 4 5 6 7 8 9 10; do
        only $n $program
        [ $enough -eq 0 ] || [ $status -eq 0 ] ||
            fail "$what: fails although fewer were enough"
        [ $status -ne 0 ] || [ $enough -gt 0 ] || enough=$n
        case $program-$status in
        prints-0) out '^printed$' ;;
        reads-0) out '^(line|.*no thread can be made to read the input.*)$' ;;
        logs-0)
            # All of them, or how many are missing.
            grep -qE 'warn .* 3 log records were dropped: no thread could' \
                "$work/err" ||
                [ "$(grep -c 'info .* said [123] ' "$work/err")" -eq 3 ] ||
                fail "$what: silent about what it drops" ;;
        esac
    done
    [ $enough -gt 0 ] || fail "$program: 10 threads are not enough"
    [ $program != prints ] || prints=$enough
done
told prints 'no descriptor or thread is left'
told prints 'cannot make a worker thread'
told prints 'no thread can be made to write the output'
told reads 'no thread can be made to read the input'
told logs 'no thread could be made to write them'

# When there are some again, all goes on: what is written first takes the last
# one, so that the log and the input have none until the limit is raised.
echo line >"$work/in"
what="kindred with ulimit -u $prints, and then more"
timeout $seconds sh -c 'echo $$ >"$0"; exec "$@"' "$work/pid" \
    prlimit --nproc="$prints:50" $as_user $kindred run "$dir" \
    --exec a:outlasts <"$work/in" >"$work/out" 2>"$work/err" &
child=$!
await out 'no thread can be made to read the input'
$as_user prlimit --nproc=50:50 --pid="$(cat "$work/pid")"
status=0
wait $child || status=$?
[ $status -eq 0 ] || fail "$what: status $status"
out '^line$'
err 'info .* said again '
err 'warn .* 1 log record was dropped: no thread could be made to write'
none err 'unsaid'
exit $bad
