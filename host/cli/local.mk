# SPDX-License-Identifier: MIT
#
# The command, linked twice. host/cli/kindred is what is installed. ./kindred,
# at the top of the build tree, has one source file more: it finds the plugins
# of the build tree, so that everybody can run what was just built.

noinst_LTLIBRARIES += libkindred_cli.la
libkindred_cli_la_SOURCES =
libkindred_cli_la_CPPFLAGS = $(host_cppflags)
libkindred_cli_la_LIBADD = libkindred_core.la

if HAVE_CLI
bin_PROGRAMS += %reldir%/kindred
%canon_reldir%_kindred_SOURCES =
%canon_reldir%_kindred_LDADD = libkindred_cli.la

noinst_PROGRAMS += kindred
kindred_SOURCES = %reldir%/uninstalled.c
kindred_CPPFLAGS = $(host_cppflags) \
    -DKINDRED_BUILD_PLUGINDIR='"$(abs_top_builddir)/plugins/.libs"'
kindred_LDADD = libkindred_cli.la
endif
