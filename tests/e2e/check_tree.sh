#!/bin/sh
# SPDX-License-Identifier: MIT
#
# kindred check --tree draws an application that does not run: what starts in
# which order, and who supervises whom and how (semantics L3, S3, S6, O7).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

# drawn: stdout of the last run is this, word for word.
drawn()
{
    cat >"$work/wanted"
    sed 1d "$work/out" | diff "$work/wanted" - >"$work/diff" ||
        fail "$what: drawn otherwise:
$(cat "$work/diff")"
}

run 0 check --tree "${top_srcdir:-.}/examples/shop"
silent err
out '^.*/examples/shop: 9 entries, no errors$'
drawn <<'END'

starts with the application, each after what it needs, and stops in reverse:
  1. shop:processes (process.host): stops within 10s

starts when a program spawns it:
  shop:main (process.lua)
  shop:shop (supervisor.rest_for_one, at most 3 restarts in 5s)
  ├─ database  shop:database (process.lua): permanent, shutdown 5s, ready within 10s, named database
  ├─ clerks  shop:clerks (supervisor.one_for_one, at most 10 restarts in 10s): permanent, shutdown infinity
  │  └─ clerk-1 to clerk-3  shop:clerk (process.lua): permanent, shutdown 5s, ready within 10s, named clerk-1 to clerk-3
  └─ services  shop:services (supervisor.one_for_one, at most 100 restarts in 10s): permanent, shutdown infinity
     ├─ mailer  shop:flapping (process.lua): permanent, shutdown 5s, restarts after 50ms to 400ms
     └─ customers  shop:customers (process.lua): transient, shutdown 5s
END

# Services with all that they can have; what a service starts is no program's.
# An entry in two places is drawn with its children in the first.
app all >/dev/null <<'END'
namespace: app
entries:
  - {name: processes, kind: process.host, lifecycle: {auto_start: true}}
  - {name: others, kind: process.host}
  - {name: w, kind: process.lua, source: "return function() end"}
  - {name: f, kind: function.lua, source: "return {f = print}", method: f}
  - {name: note, kind: registry.entry}
  - name: z
    kind: process.lua
    source: "return function() end"
    host: processes
    lifecycle: {auto_start: true, startup: optional}
  - name: kept
    kind: process.service
    process: w
    host: processes
    lifecycle:
      auto_start: true
      depends_on: [top, z]
      start_timeout: 1s
      stop_timeout: 2s
      restart: {initial_delay: 10ms, max_delay: 1s, max_attempts: 1}
  - name: top
    kind: supervisor.one_for_all
    host: processes
    restarts: {max: 0}
    auto_shutdown: any_significant
    lifecycle: {auto_start: true, restart: {max_attempts: 4}}
    children:
      - {id: one, process: two_deep, start_timeout: 1m, host: processes}
      - {id: two, process: two_deep, restart: temporary, shutdown: 1500ms}
      - {id: three, process: w, restart: transient, significant: true,
         shutdown: brutal, wait: ready, start_timeout: infinity}
      - {id: four, process: w, count: 1, shutdown: infinity}
      - {id: five, process: none}
  - name: two_deep
    kind: supervisor.rest_for_one
    auto_shutdown: all_significant
    restarts: {max: 1, within: 1m}
    children: [{id: made, process: pool, host: processes}]
  - name: pool
    kind: supervisor.dynamic
    child: {id: job, process: w, restart: transient}
  - {name: none, kind: supervisor.one_for_one}
  - {name: unused, kind: supervisor.one_for_one, children: [{id: t, process: two_deep}]}
END
run 0 check --tree "$work/all"
silent err
drawn <<'END'

starts with the application, each after what it needs, and stops in reverse:
  1. app:processes (process.host): stops within 10s
  2. app:top (supervisor.one_for_all, gives up at the first restart, ends with any significant child): stops within 10s, starts within 10s, restarts after 1s to 1m30s, at most 4 runs in a row; needs app:processes
     ├─ one  app:two_deep (supervisor.rest_for_one, at most 1 restart in 1m0s, ends with all significant children): permanent, shutdown infinity, ready within 1m0s, on app:processes
     │  └─ made  app:pool (supervisor.dynamic, at most 3 restarts in 5s): permanent, shutdown infinity, on app:processes
     │     └─ job-<n>  app:w (process.lua): on demand, transient, shutdown 5s
     ├─ two  app:two_deep (supervisor.rest_for_one, at most 1 restart in 1m0s, ends with all significant children): temporary, shutdown 1.5s; see above
     ├─ three  app:w (process.lua): transient, significant, shutdown brutal, ready within infinity
     ├─ four-1  app:w (process.lua): permanent, shutdown infinity
     └─ five  app:none (supervisor.one_for_one, at most 3 restarts in 5s): permanent, shutdown infinity
  3. app:z (process.lua): optional, stops within 10s, starts within 10s, restarts after 1s to 1m30s; needs app:processes
  4. app:kept (process.service): stops within 2s, starts within 1s, restarts after 10ms to 1s, at most 1 run in a row; needs app:processes, app:top, app:z
     └─ app:w (process.lua)

starts when a program spawns it:
  app:unused (supervisor.one_for_one, at most 3 restarts in 5s)
  └─ t  app:two_deep (supervisor.rest_for_one, at most 1 restart in 1m0s, ends with all significant children): permanent, shutdown infinity; see above
END

# Nothing to draw; and what cannot be read is not drawn.
app empty >/dev/null <<'END'
namespace: app
entries: []
END
run 0 check --tree "$work/empty"
[ "$(wc -l <"$work/out")" -eq 1 ] || fail 'more than one line about nothing'
app broken >/dev/null <<'END'
namespace: app
entries: [{name: s, kind: supervisor.dynamic}]
END
run 1 check --tree "$work/broken"
silent out
run 2 run --tree "$work/empty"
err "'run' has no option --tree"

# A chain of supervisors and a lattice of them: 3,000 deep, 2^200 places.
{
    echo 'namespace: app'
    echo 'entries:'
    awk 'BEGIN {
        for (i = 0; i < 3000; i++)
            printf "  - {name: c%d, kind: supervisor.one_for_one, children: " \
                "[{id: c, process: c%d}]}\n", i, i + 1
        print "  - {name: c3000, kind: supervisor.one_for_one}"
        for (i = 0; i < 200; i++)
            printf "  - {name: l%d, kind: supervisor.one_for_one, children: " \
                "[{id: a, process: l%d}, {id: b, process: l%d}]}\n",
                i, i + 1, i + 1
        print "  - {name: l200, kind: supervisor.one_for_one}"
    }'
} | app deep >/dev/null
run 0 check --tree "$work/deep"
[ "$(grep -c 'c  app:c' "$work/out")" -eq 3000 ] || fail 'not all of the chain'
[ "$(grep -c 'see above' "$work/out")" -eq 199 ] || fail 'more of the lattice'
exit $bad
