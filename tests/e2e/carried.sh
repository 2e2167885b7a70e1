#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Plugins that an application carries (semantics K11), and entries that are
# only data (semantics K8).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
plugins=$(cd "${top_builddir:-build}" && pwd)/tests/plugins/.libs

# yaml NAME PATH: an application that carries the plugin at PATH, in a folder
# that sorts behind the entry that needs it. Its path is in $dir.
yaml()
{
    mkdir -p "$work/$1/z"
    cp "$plugins/good.so" "$work/$1/z/good.so"
    cat >"$work/$1/_index.yaml" <<YAML
namespace: app
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - {name: echo, kind: test.echo}
YAML
    cat >"$work/$1/z/_index.yaml" <<YAML
namespace: app.z
entries:
  - name: own
    kind: plugin
    path: $2
YAML
    dir=$work/$1
}

for path in good.so file://good.so /z/good.so ../z/good.so; do
    yaml good "$path"
    run 0 check "$dir"
    out 'good: 3 entries, no errors'
done
yaml broken good.so
echo '  - {name: other, kind: test.ecko}' >>"$dir/_index.yaml"
run 1 check "$dir"
err '^.*/broken/_index.yaml:5:[0-9]+: app:other: unknown kind test.ecko'

# No way out of the folder, links included.
yaml above ../../../good.so
run 1 check "$dir"
err 'z/_index.yaml:5:11: app.z:own: path: path traversal detected in file path: ../../../good.so'
yaml link linked.so
ln -s "$plugins/good.so" "$dir/z/linked.so"
run 1 check "$dir"
err 'app.z:own: path: path traversal detected in file path: linked.so'

# What is no plugin, or not to be trusted.
yaml folder folder.so
mkdir "$dir/z/folder.so"
run 1 check "$dir"
err 'app.z:own: path: failed to read file folder.so: not a regular file'
yaml gone gone.so
run 1 check "$dir"
err 'app.z:own: path: failed to read file gone.so: No such file'
yaml text _index.yaml
run 1 check "$dir"
err 'app.z:own: path: /.*/text/z/_index.yaml: '
yaml open good.so
chmod 666 "$dir/z/good.so"
run 1 check "$dir"
err 'app.z:own: path: /.*: refused: file .*/good.so can be written by others'
yaml bare ''
sed -i '/path:/d' "$dir/z/_index.yaml"
run 1 check "$dir"
err 'app.z:own: path is required'

# One of the same name is skipped, with both files; one kind from two plugins
# is an error that names both.
yaml twice good.so
run 0 check "$dir" --plugin "$plugins/good.so"
err 'skipped: plugin test.good \(.*/twice/z/good.so\) is loaded already, from .*/good.so'
yaml rival good.so
run 1 check "$dir" --plugin "$plugins/rival_kind.so"
err 'app.z:own: path: kind test.echo of plugin test.good \(.*/rival/z/good.so\) is there already, from plugin test.rival_kind'

# Its initialiser is run, and may refuse.
yaml init good.so
cp "$plugins/init_fails.so" "$dir/z/good.so"
run 1 check "$dir"
err 'app.z:own: path: '

# Without plugins: theirs are unknown kinds, and warnings (semantics A10, O7).
yaml none good.so
run 0 check "$dir" --no-plugins
err '^warning: .*/none/_index.yaml:4:24: app:echo: unknown kind test.echo; the entry is left out'
out 'none: 1 entry, no errors'
yaml none gone.so
run 1 check "$dir" --no-plugins
err 'failed to read file gone.so'

# Data may have any keys; what the host itself knows is listed.
dir=$(app data <<'YAML'
namespace: app
entries:
  - name: prices
    kind: registry.entry
    meta: {team: sales}
    currency: EUR
    table: [1, {a: b}]
YAML
)
run 0 check "$dir" --no-plugins
run 0 kinds
out '^registry.entry +data +kindred.host +Data for others'
run 0 kinds plugin
out '^  path +string +required '
exit $bad
