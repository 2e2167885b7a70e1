#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Supervisors beside a model of what OTP's do, on one, two and eight threads:
# all combinations of strategy, restart types and ends of three children, and
# random lives, from a printed seed (SEED=... LIVES=... runs them again).
# Semantics S9 to S13 and S16 to S20: otp/main.lua says which where.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

seed=${SEED:-$(date +%s)}
echo "SEED=$seed"

supervisors()
{
    for limit in 0 1 2 50; do
        for auto in never any all; do
            option=$auto
            [ "$auto" = never ] || option=${auto}_significant
            common="restarts: {max: $limit, within: 1h}, auto_shutdown: $option"
            for kind in one_for_one one_for_all rest_for_one; do
                echo "  - {name: ${kind}_${auto}_$limit," \
                    "kind: supervisor.$kind, $common}"
            done
            for type in permanent transient temporary; do
                significant=false
                [ "$auto" = never ] || [ $type = permanent ] || significant=true
                echo "  - {name: dynamic_${type}_${auto}_$limit," \
                    "kind: supervisor.dynamic, $common," \
                    "child: {id: x, process: child, wait: ready," \
                    "restart: $type, significant: $significant}}"
            done
        done
    done
}

for workers in 1 2 8; do
    {
        cat <<YAML
namespace: app
entries:
  - {name: processes, kind: process.host, host: {workers: $workers},
     lifecycle: {auto_start: true}}
  - {name: model, kind: library.lua, source: file://model.lua}
  - {name: child, kind: process.lua, source: file://child.lua}
  - {name: main, kind: process.lua, source: file://main.lua,
     modules: [time, supervisor], imports: {model: app:model}}
YAML
        supervisors
    } | app otp$workers >/dev/null
    cp "${top_srcdir:-.}/tests/e2e/otp/"*.lua "$work/otp$workers"
    run 0 run "$work/otp$workers" --log-level=error \
        --exec app:main "$seed" "${LIVES:-300}"
    out "^1215 cases, ${LIVES:-300} lives$"
done
exit $bad
