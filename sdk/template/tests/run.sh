#!/bin/sh
# Runs the application in app/ with the plugin that was just built, and looks at
# what it prints: a Lua process greets, is greeted, cancels and hears the end.

set -eu
KINDRED_PLUGIN_PATH=$PWD/.libs${KINDRED_PLUGIN_PATH:+:$KINDRED_PLUGIN_PATH}
export KINDRED_PLUGIN_PATH

said=$("$KINDRED" run "$srcdir/app" --exec app:caller)
wanted=$(printf 'good day\npid.exit\tnil')
[ "$said" = "$wanted" ] || { echo "it said: $said"; exit 1; }

# And whether it keeps its contract.
"$KINDRED_VALIDATE" --strict .libs/greeter.so
