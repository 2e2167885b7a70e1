# SPDX-License-Identifier: MIT
#
# For the configure.ac of a project that builds plugins for Kindred.
# serial 1

# KINDRED_PLUGIN([MIN-VERSION])
#
# Find an installed Kindred, at least of MIN-VERSION, and set, for Makefile.am:
#
#   KINDRED_CFLAGS    for every object of a plugin: the path of the headers
#   KINDRED_LDFLAGS   for its LDFLAGS: makes libtool link a module that shows
#                     kd_plugin_query_v1 alone. A plugin links no library of
#                     Kindred: all that it calls comes through tables
#   plugindir         where plugins are installed, so that plugin_LTLIBRARIES
#                     works. --with-plugindir=DIR names another place
#   KINDRED           the command, to run an application with
#   KINDRED_VALIDATE  kindred-validate, to check a plugin with
#   KINDRED_FAKE_LIBS what a unit test with <kindred/fake.h> is linked with
#
# Each of the last three may be set by the user in the environment.
AC_DEFUN([KINDRED_PLUGIN],
[AC_REQUIRE([PKG_PROG_PKG_CONFIG])dnl
PKG_CHECK_EXISTS([kindred m4_ifval([$1], [>= $1])], [],
  [AC_MSG_ERROR([there is no Kindred m4_ifval([$1], [of version $1 or later ])here.
When it is installed where pkg-config does not look, put the folder of
kindred.pc into PKG_CONFIG_PATH.])])
KINDRED_CFLAGS=`$PKG_CONFIG --cflags kindred`
KINDRED_LDFLAGS="-module -avoid-version -shared -no-undefined \
-export-symbols-regex ^kd_plugin_query_v[[0-9]]+\$\$"
AC_SUBST([KINDRED_CFLAGS])
AC_SUBST([KINDRED_LDFLAGS])

AC_ARG_WITH([plugindir],
  [AS_HELP_STRING([--with-plugindir=DIR],
    [install plugins there @<:@where Kindred looks for them@:>@])],
  [plugindir=$withval],
  [plugindir=`$PKG_CONFIG --variable=plugindir kindred`])
AC_SUBST([plugindir])

_KINDRED_TOOL([KINDRED], [command], [the command kindred])
_KINDRED_TOOL([KINDRED_VALIDATE], [validate], [the command kindred-validate])
KINDRED_FAKE_LIBS=${KINDRED_FAKE_LIBS-`$PKG_CONFIG --variable=libdir \
kindred-fake`/libkindred-fake.a}
AC_ARG_VAR([KINDRED_FAKE_LIBS], [libraries of the fake host for unit tests])
])

# _KINDRED_TOOL(VARIABLE, VARIABLE OF kindred.pc, HELP)
m4_define([_KINDRED_TOOL],
[AC_ARG_VAR([$1], [$3])
AS_IF([test -z "$$1"], [$1=`$PKG_CONFIG --variable=$2 kindred`])
])
