#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Programs of the operating system: by programs that check themselves, and from
# outside what the log has and what is left when the host is killed.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

cp -R "${top_srcdir:-.}/tests/e2e/program" "$work/app"
chmod -R u+w "$work/app"
chmod 644 "$work/app/_index.yaml"
mkdir -p "$work/app/folder" "$work/bin"
printf '#!/bin/sh\necho found\n' >"$work/bin/named"
chmod 755 "$work/bin/named"
export PROGRAM_HOST=host PROGRAM_KEPT=kept PROGRAM_FOLDER="$work/bin"
top=$(cd "$work/app" && pwd -P)

set -- --plugin "${top_builddir:-build}/tests/plugins/.libs/forger.so"
for program in start output input ends many; do
    run 0 run "$work/app" "$@" --exec "app:$program" "$top"
    silent out
    case $program in
    output)
        err 'for the log'
        err 'nobody hears me'
        none err 'for the name'
        ;;
    ends) err 'a supervisor does not listen' ;;
    esac
done

# gone N REGEX: the processes whose ids stand behind REGEX are, all N.
gone()
{
    ids=$(sed -nE "s/^$2//p" "$work/out")
    [ "$(echo "$ids" | wc -w)" -eq "$1" ] || fail "$what: not $1 ids: $ids"
    for id in $ids; do
        tries=400
        while [ -e "/proc/$id" ] && [ $tries -gt 0 ]; do
            tries=$((tries - 1))
            sleep 0.05
        done
        [ $tries -gt 0 ] || fail "$what: $id lives: $(cat "/proc/$id/stat")"
    done
}

# Whatever the host dies of, no program outlives it (semantics E12).
for signal in KILL SEGV TERM; do
    launch run "$work/app" "$@" --exec app:orphans --shutdown-timeout 1s
    await out '^ready'
    kill -$signal "$child"
    wait "$child" 2>/dev/null
    gone 6 'lives	'
done

# As services: what they say is for the log, they are restarted, and a stop
# ends them; a failure that is final is not tried again (semantics E1, E3, E5,
# E6, E10, L1, L5).
launch run "$(
    app services <<'YAML'
namespace: app
entries:
  - name: processes
    kind: process.host
    lifecycle: {auto_start: true}
  - name: failing
    kind: process.program
    command: [sh, -c, 'echo out $0; echo "complains $0" >&2; exit 3']
    input: [of it]
    lifecycle:
      auto_start: true
      restart: {initial_delay: 10ms, backoff_factor: 1}
  - name: none
    kind: process.program
    command: [no-such-program]
    lifecycle: {auto_start: true, startup: optional}
  - name: steady
    kind: process.program
    command: [sh, -c, 'trap "echo stopped; exit 0" TERM; echo up; while :; do sleep 0.05; done']
  - name: service
    kind: process.service
    process: steady
    lifecycle: {auto_start: true}
YAML
)"
await err 'app:failing .*out of it' 3
await err 'app:failing .*complains of it' 3
await err 'exit status 3'
await err 'app:steady .*up'
await err 'cannot run no-such-program: No such file or directory'
quit 0
err 'app:steady .*stopped'
[ "$(grep -c 'cannot run no-such-program' "$work/err")" -le 2 ] ||
    fail "$what: what is final is tried again"

# The guard is nothing for people.
what="the guard alone"
: >"$work/out"
"${KINDRED_GUARD:?the guard}" </dev/null 3</dev/null >"$work/out" 2>"$work/err"
[ $? -eq 2 ] || fail "$what: not status 2"
err '^kindred-guard is started by Kindred, for programs that run as its processes$'

# What is wrong with an entry is said before anything starts (semantics E1, A8,
# A9, S4).
run 1 check "$(
    app wrong <<'YAML'
namespace: app
entries:
  - name: processes
    kind: process.host
    lifecycle: {auto_start: true}
  - {name: a, kind: process.program}
  - {name: b, kind: process.program, command: []}
  - {name: c, kind: process.program, command: [""]}
  - {name: d, kind: process.program, command: [sleep, 5]}
  - {name: e, kind: process.program, command: [x], env: {A: 5, "B=C": x}}
  - {name: f, kind: process.program, command: [x], kill_signal: KILL}
  - {name: g, kind: process.program, command: [x], stdin: {framing: json}}
  - {name: h, kind: process.program, command: [x], to: ""}
  - {name: i, kind: process.program, command: ["x\0y"]}
  - name: k
    kind: supervisor.one_for_one
    children: [{id: x, process: i, wait: ready}]
YAML
)"
err ': app:a: .*command'
err ':7:[0-9]+: app:b: command: must begin with a program'
err ':8:[0-9]+: app:c: command: must begin with a program'
err ':9:[0-9]+: app:d: .*quote'
err ':10:[0-9]+: app:e: env.A: a string is due'
err ":10:[0-9]+: app:e: env: not the name of a variable: 'B=C'"
err ':11:[0-9]+: app:f: kill_signal.*TERM'
err ':12:[0-9]+: app:g: .*framing'
err ':13:[0-9]+: app:h: to: a name is due'
err ':14:[0-9]+: app:i: command: cannot have a zero byte'
err 'app:k: .*wait: ready is not for process.program'

exit $bad
