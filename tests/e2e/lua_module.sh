#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A module that a plugin brings, examples/lua-module: what programs find (G4),
# what they own and how it goes (X11, G2), and modules that break the contract.

. "${top_srcdir:-.}/tests/e2e/native_lib.sh"
example=${top_srcdir:-.}/examples/lua-module
here=${top_srcdir:-.}/tests/e2e/lua_module
# Lua is the system's, wherever kindred is installed for a trial.
cflags="$cflags $(PKG_CONFIG_SYSROOT_DIR='' pkg-config --cflags lua5.4)"
lua=$(PKG_CONFIG_SYSROOT_DIR='' pkg-config --libs lua5.4)
build file "$example/file.c" "$lua"
build odd "$here/odd.c" "$lua"

printf 'one\n\nthree' >"$work/text"
run 0 run "$example" --plugin "$work/file.so" --exec app:main "$work/text"
out '^1	one$'
out '^2	$'
out '^3	three$'
run 1 run "$example" --plugin "$work/file.so" --exec app:main "$work/none"
err 'cannot open .*/none: No such file or directory'

# It is an error of who names it, with its place (semantics A9, K10).
run 1 check "$example"
err '_index\.yaml:6:15: app:main: unknown module: file; there are'

mkdir "$work/app"
cp "$here"/*.lua "$work/app"
sed "s|TEXT|$work/text|" "$here/_index.yaml" >"$work/app/_index.yaml"
for name in module owned services library; do
    run 0 run "$work/app" --plugin "$work/file.so" --plugin "$work/odd.so" \
        --exec "app:$name" "$work/text"
    silent out
done

# What cannot be used is refused in words, where it is named.
for case in 'old|it was built for another Lua than Lua 5\.4' \
    'bad-name|its description is malformed' \
    'twice|two plugins offer it' \
    'no_open|its description is malformed'; do
    name=${case%%|*}
    app wrong >/dev/null <<APP
namespace: app
entries:
  - name: main
    kind: process.lua
    modules: [$name]
    source: return print
APP
    run 1 check "$work/wrong" --plugin "$work/odd.so"
    err "_index\.yaml:5:15: app:main: cannot use module $name: ${case#*|}\$"
done

# One that no program would ever get, because process.lua has a module of that
# name, is an error of any application with programs.
build taken "$here/odd.c" "-DTAKEN $lua"
app plain >/dev/null <<'APP'
namespace: app
entries:
  - {name: first, kind: process.lua, source: return print}
  - {name: main, kind: process.lua, modules: [json], source: return print}
APP
run 1 check "$work/plain" --plugin "$work/taken.so"
err '_index\.yaml:3:[0-9]+: app:first: cannot use module json, which a plugin offers: process\.lua has the name itself$'
[ "$(grep -c 'cannot use' "$work/err")" -eq 1 ] || fail "$what: said twice"
run 0 check "$work/plain" --plugin "$work/odd.so"
exit $bad
