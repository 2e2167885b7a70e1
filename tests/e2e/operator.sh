#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What an operator sees: the tree that SIGUSR1 writes to the log
# (semantics O1, L2).

here=${top_srcdir:-.}/tests/e2e
. "$here/cli_lib.sh"

# tree REGEX: the tree has such a line, once.
tree()
{
    [ "$(grep -cE -e " info  $1" "$work/err")" -eq 1 ] ||
        fail "$what: not once: '$1'"
}

pid='\{o:host\|0x[0-9a-f]+\}'
launch run "$here/operator"
await out '^child waits$'
await err 'error o:fails'
await err 'o:ends .*service ended'
await err 'warn  o:pauses'
kill -USR1 $child
await err ' info  tree: 5 services, 2 processes$'
tree 'o:host: service \(process.host\): running$'
tree "o:pair $pid: service \(process.lua\): running as $pid$"
tree "o:pauses $pid: service \(process.lua\): failed, run 2 begins in .* s$"
tree "o:fails $pid: service \(process.lua\): failed: o:fails:1: x$"
tree "o:ends $pid: service \(process.lua\): exited$"
tree "o:pair $pid: process waits: in sleep at pair.lua:15, tasks=1 timers=1, mail=1, links=1 to $pid$"
tree "o:child $pid: process waits: in receive at pair.lua:6, tasks=1 timers=0, mail=2, links=1 to $pid$"

# It is served any number of times, and while the application stops, too.
kill -USR1 $child
await err ' info  tree: ' 2
kill -TERM $child
await err 'waiting for o:pair to end, for [0-9.]* s at most; a second signal'
kill -USR1 $child
await err "o:pair $pid: service \(process.lua\): stopping as $pid$"
quit 1

# Other kinds say what they wait for in their own words, also when they are
# watched.
dir=$(app kinds <<'APP'
namespace: o
entries:
  - {name: host, kind: process.host, host: {workers: 2},
     lifecycle: {auto_start: true}}
  - {name: program, kind: process.program,
     command: [sh, -c, 'echo up; exec cat'], stdin: {framing: lines},
     lifecycle: {auto_start: true}}
  - {name: served, kind: process.service, process: breaks,
     lifecycle: {restart: {initial_delay: 1h, max_delay: 1h}}}
  - {name: breaks, kind: process.lua,
     source: 'return function() error("x") end'}
  - {name: crew, kind: supervisor.one_for_one, children:
     [{id: served, process: served}], lifecycle: {auto_start: true}}
  - {name: waits, kind: process.lua,
     source: 'return function() process.inbox():receive() end',
     lifecycle: {auto_start: true}}
  - name: counts
    kind: process.lua
    source: |
      return function()
          for _ = 1, 30000000 do end
          print("counted")
      end
    lifecycle: {auto_start: true}
APP
)
launch run "$dir" --checked
await out '^counted$'
await err 'o:program .*up$'
await err 'warn  o:served'
await err 'o:counts .*service ended'
kill -USR1 $child
await err ' info  tree: 5 services, 4 processes$'
tree "o:program $pid: process waits: sh \([0-9]+\) runs, mail=0, links=0$"
tree "o:crew $pid: process waits: supervises; children: 1, running: 1, mail=0, links=1 to $pid$"
tree "o:served $pid: process waits: failed, run 2 begins in [0-9.]* s, mail=0, links=1 to $pid$"
tree "o:waits $pid: process waits: in receive at o:waits:1, tasks=1 timers=0, mail=0, links=0$"
quit 0
none err 'rule threads of kindred-validate'

exit $bad
