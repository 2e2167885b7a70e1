#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The manual is true: its examples run as they stand there, its page of kinds is
# what the command makes, its page of the API names all that a program finds.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
docs=${top_srcdir:-.}/sdk/docs

# Write the files of each example below $work/examples, the wanted output beside
# them as `wanted`, the command's words as `words`.
mkdir "$work/examples"
awk -v dir="$work/examples" '
    /^```/ && file != "" { close(file); file = ""; next }
    file == "" && /^## / { is_new = 1 }
    file == "" && /^```(console$|[a-z]+ [a-z_.]+$)/ && is_new {
        example = dir "/" ++count
        is_new = system("mkdir -p " example "/app")
        print FILENAME >(example "/page")
    }
    /^```console$/ { file = example "/wanted"; printf "" >file; next }
    /^```[a-z]+ [a-z_.]+$/ { file = example "/app/" $2; next }
    file ~ /wanted$/ && /^\$ kindred / {
        sub(/^\$ kindred /, ""); print >(example "/words"); next
    }
    file != "" { print >file }
' "$docs/examples.md" "$docs/supervision.md"

count=0
for example in "$work"/examples/*; do
    what="$(cat "$example/page"), the manual's example ${example##*/}"
    count=$((count + 1))
    status=0
    # Words of the page: they have no blanks within.
    # shellcheck disable=SC2046
    (cd "$example/app" && timeout 120 $kindred $(cat ../words)) \
        >"$work/out" 2>"$work/err" </dev/null || status=$?
    [ "$status" -eq 0 ] || fail "$what: status $status"
    none err '^.* warn  waiting for '
    cmp -s "$example/wanted" "$work/out" || fail "$what: prints something else"
done
[ "$count" -ge 8 ] || fail "only $count examples were found"

$kindred kinds --markdown >"$work/out" 2>"$work/err"
diff "$docs/kinds.md" "$work/out" >"$work/err" ||
    fail "kinds.md is not what 'make manual' writes"

# All modules, and every name in them, from a program that has them all.
modules=$(sed -n 's/^ *{"\([a-z0-9]*\)", DECLARED.*/\1/p' \
    "${top_srcdir:-.}/plugins/process_lua/modules/builtin.c" | paste -sd, -)
dir=$(app names <<EOF
namespace: app
entries:
  - name: names
    kind: process.lua
    modules: [$modules]
    source: |
      local function walk(name, module)
          for key, value in pairs(module) do
              print(name, key)
              if type(value) == "table" then
                  walk(name, value)
              end
          end
      end
      return function()
          for name in ("process,channel,errors,$modules"):gmatch("%w+") do
              walk(name, require(name))
          end
      end
  - name: processes
    kind: process.host
    lifecycle: {auto_start: true}
EOF
)
run 0 run "$dir" --exec app:names
mv "$work/out" "$work/found"
: >"$work/out"
[ "$(wc -l <"$work/found")" -ge 60 ] || fail "too few names were found"
while read -r module name; do
    # In the section of the module, as a word.
    awk -v module="$module" '/^## / { on = $2 == module } on' "$docs/lua.md" |
        grep -qE "(^|[^A-Za-z0-9_])$name([^A-Za-z0-9_]|\$)" ||
        fail "lua.md says nothing of $module.$name"
done <"$work/found"
exit $bad
