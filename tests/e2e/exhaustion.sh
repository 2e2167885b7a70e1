#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Too few descriptors, too little address space, nowhere to write: a sentence
# that says so, and whatever can go on does.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

dir=$(app small <<'END'
namespace: a
entries:
  - {name: h, kind: process.host, lifecycle: {auto_start: true}}
  - name: prints
    kind: process.lua
    source: |
      return function() print(("x"):rep(1000)) end
  - {name: runs, kind: process.program, command: ["true"]}
  - name: starts
    kind: process.lua
    source: |
      return function()
          for _ = 1, 2 do
              assert(process.spawn_monitored("a:runs", "a:h"))
              local result = process.events():receive().result
              print(result.error or result.value.status)
          end
      end
  - name: hungry
    kind: process.lua
    source: |
      return function()
          local all = {}
          for i = 1, 1000000000 do
              all[i] = ("x"):rep(100000) .. i
          end
      end
  - name: survivor
    kind: process.lua
    source: |
      return function()
          print("begins")
          for _ = 1, 3 do
              local pid = process.spawn_monitored("a:hungry", "a:h")
              local event = process.events():receive()
              assert(event.from == pid, event.from)
              print(event.result.error:message())
          end
      end
END
)

# limited OPTION N PROGRAM STATUS: run it with that limit of the shell's.
limited()
{
    what="kindred with ulimit $1 $2"
    status=0
    (
        ulimit "$1" "$2"
        exec timeout 120 $kindred run "$dir" --exec "a:$3"
    ) >"$work/out" 2>"$work/err" </dev/null || status=$?
    [ $status -eq "$4" ] || fail "$what: status $status, not $4"
}

# Descriptors: enough or a sentence, and never another end. The leak check wants
# some of its own.
leaks=${ASAN_OPTIONS-}
export ASAN_OPTIONS="$leaks:detect_leaks=0"
for n in 4 5 6 7 8 9 10 11 12 16; do
    what="kindred with ulimit -n $n"
    status=0
    (
        ulimit -n $n
        exec timeout 120 $kindred run "$dir" --exec a:prints
    ) >"$work/out" 2>"$work/err" </dev/null || status=$?
    case $status in
    0) out '^x{1000}$' ;;
    1) err 'Too many open files|no descriptor' ;;
    *) # The dynamic loader has not found the libraries.
        [ $status -eq 127 ] && err 'shared' || fail "$what: status $status" ;;
    esac
done

# The same for programs, which want some more: at whichever the host is out of
# them, the process fails that wanted it, and the host goes on.
n=10
while [ $n -le 36 ]; do
    what="programs with ulimit -n $n"
    status=0
    (
        ulimit -n $n
        exec timeout 120 $kindred run "$dir" --exec a:starts
    ) >"$work/out" 2>"$work/err" </dev/null || status=$?
    case $status in
    0)
        [ "$(grep -cE '^(0|cannot (run true|watch descriptors).*: Too many open files)$' \
            "$work/out")" -eq 2 ] || fail "$what: not two outcomes"
        ;;
    1) err 'Too many open files|no descriptor' ;;
    *) fail "$what: status $status" ;;
    esac
    n=$((n + 1))
done
grep -qx 0 "$work/out" || fail "$what: does not run"
what="a guard that is not there"
KINDRED_GUARD=$work/none run 0 run "$dir" --exec a:starts
out "^cannot run true: $work/none: No such file or directory$"
limited -n 16 prints 0
export ASAN_OPTIONS="$leaks"

# A disk that is full, and a reader who has gone: the program goes on.
what='kindred with a full disk'
status=0
timeout 120 $kindred run "$dir" --exec a:prints >/dev/full 2>"$work/err" ||
    status=$?
[ $status -eq 0 ] || fail "$what: status $status"
err 'cannot write to stdout.*No space left on device'
what='kindred with a full disk for its log'
status=0
timeout 120 $kindred run "$dir" --exec a:prints >"$work/out" 2>/dev/full ||
    status=$?
[ $status -eq 0 ] || fail "$what: status $status"
out '^x{1000}$'
what='kindred with a closed pipe'
{
    status=0
    timeout 120 $kindred run "$dir" --exec a:prints 2>"$work/err" || status=$?
    echo $status >"$work/status"
} | :
[ "$(cat "$work/status")" -eq 0 ] || fail "$what: $(cat "$work/status")"

# A sanitizer's shadow takes all address space there is.
[ "${SANITIZER:-no}" = no ] || exit $bad

# Memory: whoever wants too much ends, each time, and the others go on.
limited -v 400000 survivor 0
[ "$(grep -c '^out of memory$' "$work/out")" -eq 3 ] ||
    fail "$what: not thrice out of memory"
limited -v 20000 prints 1
err 'cannot|memory'
exit $bad
