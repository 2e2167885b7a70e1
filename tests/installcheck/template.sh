#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: template.sh BINDIR SYSROOT
#
# The project to copy: copied from where it is installed, built as its README
# says, tested, and installed to a place of its own.

set -eux
# A DESTDIR given to our make is none of the template's.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES DESTDIR
bindir=$1
sysroot=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

of_package()
{
    echo "$sysroot$(PKG_CONFIG_SYSROOT_DIR= pkg-config --variable="$1" kindred)"
}

cp -r "$(of_package template)" "$work/template"
cd "$work/template"
chmod -R u+w .
ACLOCAL_PATH=$(of_package datadir)/aclocal autoreconf -fi
./configure CC="${CC:-cc}" --with-plugindir="$work/installed" \
    KINDRED="$bindir/kindred" KINDRED_VALIDATE="$bindir/kindred-validate" \
    KINDRED_FAKE_LIBS="$(of_package libdir)/libkindred-fake.a"
# Under a DESTDIR the command's library is not where it will be.
LD_LIBRARY_PATH=$(of_package libdir)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} \
    make check
make install
[ "$(ls "$work/installed")" = greeter.so ]
make uninstall
[ -z "$(ls "$work/installed")" ]
