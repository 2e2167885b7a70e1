#!/bin/sh
# SPDX-License-Identifier: MIT
#
# kindred-validate: each rule is broken by a plugin made for that, and by none
# else; one that keeps them all, and the plugins that are shipped, pass.

cd "${top_builddir:-build}" || exit 1
if [ "${SANITIZER:-no}" != no ]; then
    echo "skipped: a sanitizer has memory and symbols of its own" && exit 77
fi
# What counts how often lines run ends the program itself when it cannot.
skip=
kept=20
if [ "${COVERAGE:-no}" != no ]; then
    echo "counting adds symbols of its own: no rule about them for good plugins"
    skip='--skip symbols'
    kept=19
fi
bad=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# validate STATUS WORDS...: it ends with this status.
validate()
{
    wanted=$1
    shift
    sdk/validate/kindred-validate "$@" >"$out" 2>&1
    status=$?
    [ $status -eq "$wanted" ] && return
    echo "status $status, not $wanted: kindred-validate $*"
    cat "$out"
    bad=1
}

says()
{
    grep -q -- "$1" "$out" && return
    echo "does not say '$1' but:"
    cat "$out"
    bad=1
}

# breaks RULE SENTENCE: the rogue breaks this rule, in these words.
breaks()
{
    validate 1 --timeout 5 --only "$1" "tests/validate/.libs/rogue_$1.so"
    says "^FAIL  $1 "
    says "$2"
}

breaks symbols 'it calls puts, which is the program'
says 'it exports rogue_greet: show kd_plugin_query_v1 alone'
breaks help 'test.help: option mute has no line of help'
says 'the plugin has no line of help'
breaks load 'init and fini leave [0-9]* bytes allocated'
breaks orders 'test.rogue: it crashes: Segmentation fault'
breaks idle 'it has no mail and returns KD_NEXT_READY a thousand times'
breaks arguments 'create fails and has written to \*self all the same'
breaks mail 'taken and never released'
breaks cancel 'cancelled after 0 runs, it has not ended 1000 runs later'
breaks refusals 'it crashes'
breaks gone 'not done after 5 s: a call into the plugin does not return'
breaks threads 'kd_proc_self is called by another thread'
breaks signals 'a signal of an unknown type ends it'
breaks prompt 'create takes [0-9]* ms: it is on the spawner'
breaks slice 'with a full mailbox a run takes'
breaks leaks '400 lives leave [0-9]* bytes allocated'
breaks describe 'describe writes beyond the room it has'
breaks resource 'starts and stops leave memory behind'
breaks policy 'it decides about child 99 of 4'
breaks host 'test.rogue_host: a timer fires before it is due'
breaks data 'test.rogue_data: check says otherwise when it is asked again'
validate 1 tests/plugins/.libs/wrong_magic.so
says '^FAIL  stamp'
says 'its stamp begins with 0x12345678'


# Other ways to break a rule.
also_breaks()
{
    validate 1 --timeout 5 --only "$1" "tests/validate/.libs/rogue_$2.so"
    says "$3"
}
also_breaks idle exit 'test.rogue: it ends the program, with status 0'
also_breaks idle failure 'run returns KD_NEXT_FAIL and says no error'
also_breaks idle watch 'descriptor [0-9]* is closed while watched'

validate 0 --strict $skip tests/validate/.libs/rogue_none.so
says " $kept rules kept, 0 broken, 0 not tried\$"

# A kind may want arguments: without them nothing is tried, and that is told.
wants_some=tests/validate/.libs/rogue_nothing.so
validate 0 $skip $wants_some
says 'test.rogue: it wants arguments (--arg): it cannot do without'
says ' 0 broken, 12 not tried$'
validate 1 --strict $wants_some
validate 0 --strict $skip --arg 1 --arg some --arg 0.5 --arg nil --arg true \
    $wants_some

# For machines.
validate 1 --tap tests/validate/.libs/rogue_orders.so
says '^not ok 5 - orders: '
says '^# test.rogue: it crashes'
says '^1\.\.20$'
validate 0 --tap $skip $wants_some
says '^ok [45] - orders: .* # SKIP$'

validate 2 --plugin
validate 1 --plugin /nowhere.so --only load tests/validate/.libs/rogue_none.so
says '/nowhere.so'

app=$top_srcdir/tests/validate/app
for plugin in plugins/.libs/*.so; do
    validate 0 $skip --app "$app" "$plugin"
done
validate 0 --strict --app "$app" --only host plugins/.libs/process_host.so
says '^ok    host '

validate 0 --list
says '^cancel  '
validate 0 --help
validate 2 --only nothing tests/validate/.libs/rogue_none.so
validate 2
validate 2 /nowhere.so
says 'cannot read /nowhere.so'
exit $bad
