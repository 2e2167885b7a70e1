#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The guide for plugin authors is true: what stands in it is compiled, run, and
# prints what it says.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
if [ "${SANITIZER:-no}" != no ]; then
    echo "skipped: a plugin built without it cannot be mixed in" && exit 77
fi
guide=$(cd "${top_srcdir:-.}" && pwd)/sdk/docs/plugins.md
include=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-build}" && pwd)

# What an installation has, before there is one. A library that counts how often
# its lines run needs more.
fake=$build/libkindred-fake.a
[ "${COVERAGE:-no}" = no ] || fake="$fake -lgcov"
mkdir "$work/bin" "$work/include"
cp -r "$include/include/kindred" "$work/include"
cp "$include/sdk/fake-host/fake.h" "$work/include/kindred"
cat >"$work/bin/pkg-config" <<EOF
#!/bin/sh
case "\$*" in
"--cflags kindred") echo "-I$work/include" ;;
"--libs kindred-fake") echo "$fake" ;;
*) exit 1 ;;
esac
EOF
printf '#!/bin/sh\nexec %s "$@"\n' "$kindred" >"$work/bin/kindred"
printf '#!/bin/sh\nexec %s "$@"\n' "$build/sdk/validate/kindred-validate" \
    >"$work/bin/kindred-validate"
# CC may be several words, and `cc` one of them: none of them is this wrapper.
cat >"$work/bin/cc" <<EOF
#!/bin/sh
PATH='$PATH'
export PATH
exec ${CC:-cc} -Wall -Wextra -Werror "\$@"
EOF
chmod +x "$work"/bin/*

# Each numbered section is a folder: its files, its commands, what they print.
mkdir "$work/guide"
awk -v dir="$work/guide" '
    /^```/ && file != "" { close(file); file = ""; next }
    /^## [0-9]/ { section = dir "/" ++count; system("mkdir -p " section) }
    /^```console$/ { file = section "/wanted"; printf "" >file; next }
    /^```[a-z]+ [a-z_.\/]+$/ {
        file = section "/" $2
        if (sub("/[^/]*$", "", $2)) system("mkdir -p " section "/" $2)
        next
    }
    file ~ /wanted$/ && /^\$ / { print substr($0, 3) >(section "/words"); next }
    file != "" { print >file }
' "$guide"

count=0
for section in "$work"/guide/*; do
    what="plugins.md, section ${section##*/}"
    count=$((count + 1))
    status=0
    (cd "$section" && PATH="$work/bin:$PATH" timeout 60 sh -e ./words) \
        >"$work/out" 2>"$work/err" </dev/null || status=$?
    [ "$status" -eq 0 ] || fail "$what: status $status"
    cmp -s "$section/wanted" "$work/out" || fail "$what: prints something else"
done
[ "$count" -eq 11 ] || fail "plugins.md: $count sections with code, not 11"
exit $bad
