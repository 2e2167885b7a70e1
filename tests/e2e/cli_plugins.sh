#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Plugins as the command sees them: kinds, inspect, --plugin (semantics K11).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
plugins=$(cd "${top_builddir:-build}" && pwd)/tests/plugins/.libs

run 0 inspect "$plugins/good.so"
out '^plugin   test\.good$'
out '^abi      built for [0-9]+\.[0-9]+, needs '
out '^  test\.echo  worker  Sends back what it gets$'
out '^  test\.service/1$'
silent err
run 1 inspect "$plugins/wrong_magic.so"
err '^kindred: /.*/wrong_magic\.so: not a kindred plugin'
silent out
run 1 inspect "$plugins/no_symbol.so"
err 'exports no kd_plugin_query_v1'
run 1 inspect "$work/nowhere.so"
err 'No such file'

run 0 kinds --plugin "$plugins/good.so"
out '^KIND +CLASS +PLUGIN +HELP$'
out '^test\.echo +worker +test\.good +Sends back what it gets$'
run 0 kinds --plugin "$plugins/good.so" test.echo
out '^test\.echo: Sends back what it gets$'
out '^class worker, from plugin test\.good 1\.0 \(/.*/good\.so\)$'
out '^  OPTION +TYPE +DEFAULT +HELP$'
run 1 kinds --plugin "$plugins/good.so" test.ecko
err 'no kind test\.ecko, did you mean test\.echo\?'
run 2 kinds --markdown process.host
err '^kindred: --markdown prints all kinds, not one$'
run 1 kinds something.else.entirely
err "no kind something\.else\.entirely; 'kindred kinds' lists all"

# A folder stands for its files; one that is refused is an error.
mkdir "$work/folder"
ln -s "$plugins/good.so" "$work/folder/a.so"
ln -s "$plugins/large_descriptor.so" "$work/folder/b.so"
run 0 kinds --plugin "$work/folder"
out '^test\.echo '
out '^test\.large_descriptor '
mkdir "$work/bare"
run 1 kinds --plugin "$work/bare"
err '^kindred: --plugin /.*/bare: no plugins \(\*\.so\) in this folder$'
run 1 kinds --plugin "$plugins/duplicate_kind.so"
err 'plugin test\.duplicate_kind: kind test\.twin stands there twice'
run 1 kinds --plugin "$work/nowhere"
err '^kindred: --plugin .*/nowhere: No such file'

# The same name twice: the first wins, and a log line names both files.
run 0 kinds --plugin "$plugins/good.so" --plugin "$plugins/same_name.so"
err 'test\.good \(.*/same_name\.so\) is loaded already, from .*/good\.so'
grep -q test.same_name "$work/out" && fail "$what: a skipped plugin's kind"

# One kind from two plugins is an error that names both.
run 1 kinds --plugin "$plugins/good.so" --plugin "$plugins/rival_kind.so"
err 'kind test\.echo of plugin test\.rival_kind \(.*from plugin test\.good'

# Files that others may write are refused; /tmp is sticky and will do.
cp "$plugins/good.so" "$work/open.so"
chmod 666 "$work/open.so"
run 1 kinds --plugin "$work/open.so"
err 'refused: file .*/open\.so can be written by others'
chmod 644 "$work/open.so"
run 0 kinds --plugin "$work/open.so"

# So is one that was cut wherever: before its header's end, in the table of
# segments, in what they load.
size=$(wc -c <"$plugins/good.so")
for bytes in 0 10 63 64 100 600 1000 3000 4096 5000; do
    [ "$bytes" -lt "$size" ] || continue
    head -c "$bytes" "$plugins/good.so" >"$work/cut.so"
    run 1 inspect "$work/cut.so"
    err '^kindred: /.*/cut\.so: cannot be opened: '
done
err "the file is cut short: it has 5000 bytes of [0-9]+"

# KINDRED_PLUGIN_PATH comes behind --plugin.
export KINDRED_PLUGIN_PATH="$work/folder:$work/gone"
run 0 kinds
out '^test\.echo '
out '^test\.large_descriptor '
err 'warn .*/gone: No such file'
run 0 kinds --plugin "$plugins/same_name.so"
out '^test\.same_name '
grep -q '^test\.echo ' "$work/out" && fail "$what: a skipped plugin's kind"
exit $bad
