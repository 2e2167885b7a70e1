#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Kinds that break their contract while they run: the host says which, and goes
# on (semantics P6, X1).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
plugins=$(cd "${top_builddir:-build}" && pwd)/tests/plugins/.libs

set --
for name in create_fails create_status hoarder run_result; do
    set -- "$@" --plugin "$plugins/$name.so"
done

dir=$(app misbehave <<'APP'
namespace: m
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - {name: create_fails, kind: test.create_fails}
  - {name: create_status, kind: test.create_status}
  - {name: run_result, kind: test.run_result}
  - {name: hoarder, kind: test.hoarder}
  - name: tries
    kind: process.lua
    source: |
      local _, err = process.spawn("m:create_fails", "m:host")
      print(err, err:kind(), err:retryable())
      _, err = process.spawn("m:create_status", "m:host")
      print(err, err:kind(), err:retryable())
      assert(process.spawn_monitored("m:run_result", "m:host"))
      local event = process.events():receive()
      print(event.result.error, event.result.error:kind())
      local pid = assert(process.with_context({})
          :with_message("a", 1):with_message("b", 2):with_message("c", 3)
          :spawn_monitored("m:hoarder", "m:host"))
      event = process.events():receive()
      return function() end
APP
)

# The hoarder's messages leak: nobody else can release them.
ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
export ASAN_OPTIONS
run 0 run "$dir" "$@" --exec m:tries
out '^failed to create process: m:create_fails: no	Invalid	nil$'
out '^failed to create process: m:create_status: unknown status 4711 returned	Internal	true$'
out '^kind test.run_result: run returned [0-9]+, which is none of KD_NEXT_ .*	Internal$'
err 'create has returned 4711, which is no status of the list \(plugin test.create_status, kind test.create_status: rule orders of kindred-validate\)'
err 'run has returned what is none of KD_NEXT_ \(plugin test.run_result, kind test.run_result: rule orders of kindred-validate\)'
err 'has ended with 2 messages not released \(plugin test.hoarder_plugin, kind test.hoarder: rule mail of kindred-validate\)'
run 1 run "$dir" "$@" --exec m:create_fails
err 'failed to create process: m:create_fails: no'

# Under watch these calls are refused, and named once; those of all the other
# kinds are as they must be.
dir=$(app watched <<'APP'
namespace: w
entries:
  - {name: host, kind: process.host, host: {workers: 2},
     lifecycle: {auto_start: true}}
  - {name: stray, kind: test.stray_thread}
  - {name: twice, kind: test.releases_twice}
  - {name: echo, kind: test.echo}
  - name: crew
    kind: supervisor.one_for_one
    host: w:host
    children: [{id: a, process: "w:leaf", restart: temporary}]
    lifecycle: {auto_start: true}
  - {name: leaf, kind: process.lua,
     source: "return function() process.inbox():receive() end"}
  - name: tries
    kind: process.lua
    source: |
      local function ends(entry)
          local pid = assert(process.with_context({})
              :with_message("a", 1):with_message("b", 2)
              :spawn_monitored(entry, "w:host"))
          local event = process.events():receive()
          assert(event.from == pid)
          return event.result.error
      end
      assert(ends("w:stray") == nil)
      assert(ends("w:twice") == nil)
      local pong = process.listen("ping")
      local pid = assert(process.spawn("w:echo", "w:host"))
      for i = 1, 1000 do
          process.send(pid, "ping", i)
      end
      for i = 1, 1000 do
          assert(pong:receive() == i)
      end
      return function() end
APP
)
run 0 run "$dir" --checked --plugin "$plugins/strays.so" \
    --plugin "$plugins/good.so" --exec w:tries
err 'kd_proc_self\(\) was called from a thread that does not have the process \(plugin test.strays, kind test.stray_thread: rule threads of kindred-validate\)'
err 'has released a message that it does not have, or no longer \(plugin test.strays, kind test.releases_twice: rule mail of kindred-validate\)'
[ "$(grep -c 'of kindred-validate' "$work/err")" -eq 2 ] ||
    fail "$what: not two findings"

# The same for shared buffers: the Lua process has what it sent all the time.
dir=$(app buffers <<'APP'
namespace: b
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - {name: twice, kind: test.buffer_twice}
  - {name: after, kind: test.buffer_after}
  - {name: keeps, kind: test.buffer_keeps}
  - {name: leaks, kind: test.buffer_leaks}
  - name: tries
    kind: process.lua
    source: |
      local large = string.rep("x", 100000)
      for _, name in ipairs({"twice", "after", "keeps", "leaks"}) do
          local pid = assert(process.spawn_monitored("b:" .. name, "b:host"))
          process.send(pid, "large", large)
          local event = process.events():receive()
          assert(event.from == pid)
          assert(event.result.error == nil, event.result.error)
      end
      return function() end
APP
)
run 0 run "$dir" --checked --plugin "$plugins/buffers.so" --exec b:tries
named='\(plugin test.buffers, kind test.buffer_'
gone='was given a buffer after its last release'
# counts N REGEX: the last run said so on that many lines.
counts()
{
    [ "$(grep -cE -e "$2" "$work/err")" -eq "$1" ] ||
        fail "$what: not $1 lines of '$2'"
}
counts 2 "b:twice.* has released a buffer of which it holds no reference, or no longer $named"
for call in kd_proc_send kd_proc_spawn kd_proc_finish buf_retain buf_payload send; do
    counts 1 "b:after.* $call\(\) $gone $named"
done
counts 1 "b:keeps.* kd_proc_send\(\) was given a buffer that was kept without a reference $named"
counts 1 "b:leaks.* has ended with 1 reference to a buffer of 5 bytes not released, the last from buf_copy\(\) $named"
counts 1 "b:leaks.* has ended with 1 reference to a buffer of 1[0-9]* bytes not released, the last from buf_retain\(\) $named"
counts 11 'of kindred-validate'
# What a plugin says at its very end is said.
err 'the plugin has ended'

# Who holds a thread is named, while it does; so is who then has to end
# (semantics X12).
dir=$(app held <<'APP'
namespace: h
entries:
  - {name: host, kind: process.host, host: {workers: 2},
     lifecycle: {auto_start: true}}
  - {name: holds, kind: test.holds_thread}
  - name: tries
    kind: process.lua
    source: |
      local held = process.listen("held")
      local pid = assert(process.spawn_monitored("h:holds", "h:host"))
      process.send(pid, "hold")
      held:receive()
      process.terminate(pid)
      local event = process.events():receive()
      print("told of its end", event.from == pid)
      return function() end
APP
)
GATE=$work/gate
export GATE
mkfifo "$GATE"
launch run "$dir" --plugin "$plugins/strays.so" --exec h:tries
await err 'has held a thread for 100 ms in one call \(plugin test.strays, kind test.holds_thread: rule slice of kindred-validate\)'
await err 'has not returned from a call for 100 ms after it had to end \(plugin test.strays, kind test.holds_thread: rule gone of kindred-validate\)'
timeout 30 sh -c ': >"$GATE"' || kill "$child"
status=0
wait "$child" || status=$?
[ "$status" -eq 0 ] || fail "$what: status $status"
out '^told of its end	true$'

# Messages that are no terms, or too deep: who reads one gets an Error, and who
# sends it on as it came is refused what could not be read (semantics M8, M9).
dir=$(app forged <<'APP'
namespace: f
entries:
  - {name: host, kind: process.host, host: {workers: 2},
     lifecycle: {auto_start: true}}
  - {name: forger, kind: test.forger}
  - name: tries
    kind: process.lua
    source: |
      local me, inbox = process.pid(), process.inbox()
      local forger = assert(process.spawn("f:forger", "f:host"))
      assert(process.registry.register("sink"))

      local function forged(topic, bytes)
          assert(process.send(forger, topic, bytes))
          return inbox:receive():payload()
      end
      -- An Error that has these bytes as its details.
      local function error_with(details)
          local body = "\x81\xa7details" .. details
          return "\xc8" .. string.pack(">I2", #body) .. "\1" .. body
      end
      local function lists(n)
          return ("\x91"):rep(n) .. "\1"
      end
      local function sent_on(bytes)
          local ok, err = process.send(me, "on", forged("term", bytes))
          assert(ok or err:message():find("cannot send a ", 1, true), err)
          return ok and inbox:receive():payload():data()
      end
      return function()
          local p = forged("bytes", "\xff\0")
          assert(p:get_format() == "application/octet-stream")
          assert(process.send(me, "on", { p }))
          assert(inbox:receive():payload():data()[1] == "\xff\0")
          for _, bytes in ipairs({ "", "\xc1", "\x92\1", "\xc7\0\1", "\xc7\1\1\1",
              error_with("\xc1"), error_with("\x92\1") }) do
              local text = ("%q"):format(bytes)
              assert(not sent_on(bytes), text)
              assert(tostring(forged("term", bytes):data()) == "malformed payload",
                  text)
          end
          -- An extension or a key that nobody knows travels, and is none.
          for _, bytes in ipairs({ "\xc7\1\x63x", "\xc7\1\2x", "\x81\xc0\1",
              "\x81\x90\1", "\x81\xcb\x7f\xf8\0\0\0\0\0\0\1" }) do
              assert(tostring(sent_on(bytes)) == "malformed payload",
                  ("%q"):format(bytes))
          end
          assert(sent_on(lists(64)) and not sent_on(lists(65)))
          assert(type(sent_on(error_with(lists(63)))) == "userdata")
          assert(not sent_on(error_with(lists(65))))
          assert(not sent_on(error_with(error_with("\1"))))
          print("all is as it should be")
      end
APP
)
run 0 run "$dir" --plugin "$plugins/forger.so" --exec f:tries
out '^all is as it should be$'

# A call to end an instance that never returns: the host gives it up.
dir=$(app lingers <<'APP'
namespace: l
entries:
  - {name: host, kind: process.host, host: {workers: 2},
     lifecycle: {auto_start: true, stop_timeout: 10ms}}
  - {name: lingers, kind: test.lingers}
  - name: tries
    kind: process.lua
    source: |
      local pid = assert(process.spawn_monitored("l:lingers", "l:host"))
      process.terminate(pid)
      process.events():receive()
      return function() end
APP
)
run 1 run "$dir" --plugin "$plugins/strays.so" --shutdown-timeout 100ms \
    --exec l:tries
err '1 call into a process lasts'

exit $bad
