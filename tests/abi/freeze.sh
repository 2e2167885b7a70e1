#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: freeze.sh SOURCE
#
# Publish the ABI as it stands in the source tree: its headers and a plugin go
# to tests/abi/MAJOR.MINOR, which is never touched again; check.sh then holds
# every later tree to it. Once for each minor, when it is released.

set -eu
source=$1
abi=$source/include/kindred/abi.h
major=$(sed -n 's/^#define KD_ABI_MAJOR \([0-9]*\)$/\1/p' "$abi")
minor=$(sed -n 's/^#define KD_ABI_MINOR \([0-9]*\)$/\1/p' "$abi")
place=$source/tests/abi/$major.$minor

if [ -e "$place" ]; then
    echo "freeze-abi: $major.$minor is published; what is new is a new minor"
    exit 1
fi
mkdir -p "$place/include"
cp -r "$source/include/kindred" "$place/include"
cp "$source/tests/abi/plugin.c" "$place"
echo "freeze-abi: $place: add it to the commit that releases it, and to EXTRA_DIST"
