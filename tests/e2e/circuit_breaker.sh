#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A third party's policy, built from the public headers alone
# (examples/circuit-breaker): it appears as a kind of supervisors, with options
# of its own and of theirs, and decides (semantics S22). And one that decides
# nonsense.

. "${top_srcdir:-.}/tests/e2e/native_lib.sh"
example=${top_srcdir:-.}/examples/circuit-breaker

build breaker "$example/circuit_breaker.c"
run 0 kinds supervisor.example_circuit_breaker --plugin "$work/breaker.so"
out 'breaker\.open_for +duration +30s'
out 'children\[\]\.shutdown +duration\|brutal\|infinity'
out 'children\[\]\.restart +permanent\|transient\|temporary'

run 0 run "$example" --plugin "$work/breaker.so" --exec app:main
[ "$(grep -c 'no database' "$work/out")" -le 15 ] || fail "tries too often"
[ "$(grep -c connected "$work/out")" -ge 3 ] || fail "not all are connected"
err 'child=client-[123] reason="no database" attempt=[0-9]+ delay=300ms'
# Its options are checked like any others.
sed 's/open_for: 300ms/open_for: long/' "$example/_index.yaml" |
    app wrong >/dev/null
cp "$example"/*.lua "$work/wrong"
run 1 check "$work/wrong" --plugin "$work/breaker.so"
err 'breaker\.open_for'

# Without whoever runs policies it is no kind of workers.
plugins=${KINDRED_PLUGIN_PATH:?where the plugins are}
mkdir "$work/few"
cp "$plugins/process_host.so" "$plugins/process_lua.so" "$work/few"
KINDRED_PLUGIN_PATH=$work/few
export KINDRED_PLUGIN_PATH
if ! $kindred kinds | grep -q '^supervisor\.dynamic'; then
    run 1 check "$example" --plugin "$work/breaker.so"
    err 'no plugin here offers kindred.supervisor/1'
fi
KINDRED_PLUGIN_PATH=$plugins

# One that names a child nobody knows.
sed -e 's/actions->start(actions, view->ended, 0)/actions->start(actions, 99, 0)/' \
    "$example/circuit_breaker.c" >"$work/bad.c"
build bad "$work/bad.c"
cat >"$work/wrong/main.lua" <<'LUA'
return function()
    local pid = process.spawn_monitored("app:clients", "app:processes")
    local err = process.events():receive().result.error
    assert(err:kind() == "Internal")
    print(err:message())
end
LUA
cp "$example/_index.yaml" "$work/wrong/_index.yaml"
run 0 run "$work/wrong" --plugin "$work/bad.so" --exec app:main
out '^bad policy decision: it names child 99 of 3$'
exit $bad
