#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: freeze.sh SOURCE
#
# Publish the ABI as it stands in the source tree: its headers, a plugin and a
# program go to tests/abi/MAJOR.MINOR, and check.sh then holds every later tree
# to it. Once for each minor, when it is released; as long as the version that
# NEWS says it came with is not, it may be done again.

set -eu
source=$1
abi=$source/include/kindred/abi.h
major=$(sed -n 's/^#define KD_ABI_MAJOR \([0-9]*\)$/\1/p' "$abi")
minor=$(sed -n 's/^#define KD_ABI_MINOR \([0-9]*\)$/\1/p' "$abi")
place=$source/tests/abi/$major.$minor

# is_open: the version whose section of NEWS is the first to have this minor is
# not yet released. The newest section comes first.
is_open()
{
    awk -v abi="ABI $major[.]$minor([^0-9]|\$)" '
        /^Kindred / { open = /\(not yet released\)$/ }
        $0 ~ abi { came = open }
        END { exit !came }' "$source/NEWS"
}

if [ -e "$place" ]; then
    is_open || {
        echo "freeze-abi: $major.$minor is released; what is new is a new minor"
        exit 1
    }
    rm -r "$place"
fi
mkdir -p "$place/include"
cp -r "$source/include/kindred" "$place/include"
cp "$source/tests/abi/plugin.c" "$source/tests/abi/embedder.c" "$place"
echo "freeze-abi: $place: add it to the commit, and to EXTRA_DIST"
