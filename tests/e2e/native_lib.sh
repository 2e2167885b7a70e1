# SPDX-License-Identifier: MIT
#
# What the tests of native kinds share: they build an example as a third party
# does, and look whether its processes behave as any other's. installcheck runs
# the same tests against what was installed, with what pkg-config says in
# PLUGIN_CFLAGS.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
cflags=${PLUGIN_CFLAGS:--I ${top_srcdir:-.}/include}
strict="-std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
case ${SANITIZER:-no} in
no) ;;
*) strict="$strict -g -fsanitize=$SANITIZER" ;;
esac

# build NAME FILE [ARG...]: a plugin, $work/NAME.so.
build()
{
    # cflags, strict and CC are several words.
    ${CC:-cc} -shared -fPIC $strict $cflags -o "$work/$1.so" "$2" \
        $(shift 2; echo "$@") 2>"$work/err" && return
    : >"$work/out"
    fail "$1 cannot be built"
    exit 1
}

# conduct PLUGIN KIND [OPTION]: what every process does, whatever its kind; see
# native/conduct.lua. OPTION is YAML, for the entry.
conduct()
{
    dir=$work/conduct
    mkdir -p "$dir"
    cp "${top_srcdir:-.}/tests/e2e/native/conduct.lua" "$dir"
    sed -e "s|KIND|$2|" -e "s|OPTION|${3-}|" \
        "${top_srcdir:-.}/tests/e2e/native/_index.yaml" >"$dir/_index.yaml"
    for checked in '' --checked; do
        run 0 run "$dir" $checked --plugin "$work/$1.so" \
            --host app:processes --exec app:conduct
        out '^all is as it should be$'
        none err 'rule (threads|mail) of kindred-validate'
    done
}
