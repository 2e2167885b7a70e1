#!/bin/sh
# SPDX-License-Identifier: MIT
#
# kindred-validate: each rule is broken by a plugin made for that, and by none
# else; one that keeps them all, and the plugins that are shipped, pass.

cd "${top_builddir:-build}" || exit 1
if [ "${SANITIZER:-no}" != no ]; then
    echo "skipped: a sanitizer has memory and symbols of its own" && exit 77
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
breaks orders 'it crashes: Segmentation fault'
breaks idle 'it has no mail and returns KD_NEXT_READY a thousand times'
breaks arguments 'create fails and has written to \*self all the same'
breaks mail 'taken and never released'
breaks cancel 'cancelled after 0 runs, it has not ended 1000 runs later'
breaks refusals 'it crashes'
breaks gone 'has not returned after 5 s'
breaks threads 'kd_proc_self is called by another thread'
breaks slice 'with a full mailbox a run takes'
breaks leaks '400 lives leave [0-9]* bytes allocated'
breaks describe 'describe writes beyond the room it has'
breaks resource 'starts and stops leave memory behind'
breaks policy 'it decides about child 99 of 4'
validate 1 tests/plugins/.libs/wrong_magic.so
says '^FAIL  stamp'
says 'its stamp begins with 0x12345678'

validate 0 tests/validate/.libs/rogue_none.so
says ' 17 rules kept, 0 broken, 0 not tried$'

app=$top_srcdir/tests/validate/app
for plugin in plugins/.libs/*.so; do
    validate 0 --app "$app" "$plugin"
done

validate 0 --list
says '^cancel  '
validate 0 --help
validate 2 --only nothing tests/validate/.libs/rogue_none.so
validate 2
validate 2 /nowhere.so
says 'cannot read /nowhere.so'
exit $bad
