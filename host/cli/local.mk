# SPDX-License-Identifier: MIT
#
# The command, linked twice. host/cli/kindred is what is installed. ./kindred,
# at the top of the build tree, has one source file more: it finds the plugins
# of the build tree, so that everybody can run what was just built.

noinst_LTLIBRARIES += libkindred_cli.la
libkindred_cli_la_SOURCES = \
    %reldir%/app.c \
    %reldir%/app.h \
    %reldir%/cmd_check.c \
    %reldir%/cmd_inspect.c \
    %reldir%/cmd_kinds.c \
    %reldir%/cmd_run.c \
    %reldir%/columns.c \
    %reldir%/columns.h \
    %reldir%/command.c \
    %reldir%/command.h \
    %reldir%/complain.c \
    %reldir%/complain.h \
    %reldir%/env_file.c \
    %reldir%/env_file.h \
    %reldir%/exec.c \
    %reldir%/exec.h \
    %reldir%/exit_status.c \
    %reldir%/exit_status.h \
    %reldir%/help.c \
    %reldir%/help.h \
    %reldir%/input_source.c \
    %reldir%/input_source.h \
    %reldir%/interrupt.c \
    %reldir%/interrupt.h \
    %reldir%/json.c \
    %reldir%/json.h \
    %reldir%/kinds_page.c \
    %reldir%/kinds_page.h \
    %reldir%/log_sink.c \
    %reldir%/log_sink.h \
    %reldir%/notify.c \
    %reldir%/notify.h \
    %reldir%/operator.c \
    %reldir%/operator.h \
    %reldir%/option_rows.c \
    %reldir%/options_table.c \
    %reldir%/options_table.h \
    %reldir%/output_sink.c \
    %reldir%/output_sink.h \
    %reldir%/put_text.c \
    %reldir%/put_text.h \
    %reldir%/settings.c \
    %reldir%/settings.h \
    %reldir%/tree_page.c \
    %reldir%/tree_page.h
libkindred_cli_la_CPPFLAGS = $(host_cppflags)
libkindred_cli_la_CFLAGS = $(product_cflags)

bin_PROGRAMS += %reldir%/kindred
%canon_reldir%_kindred_SOURCES = %reldir%/main.c
%canon_reldir%_kindred_CPPFLAGS = $(host_cppflags)
%canon_reldir%_kindred_LDFLAGS = $(product_ldflags)
%canon_reldir%_kindred_LDADD = libkindred_cli.la libkindred_core.la

noinst_PROGRAMS += kindred
kindred_SOURCES = %reldir%/main.c %reldir%/uninstalled.c
kindred_CPPFLAGS = $(host_cppflags) \
    -DKINDRED_BUILD_PLUGINDIR='"$(abs_top_builddir)/plugins/.libs"' \
    -DKINDRED_BUILD_GUARD='"$(abs_top_builddir)/kindred-guard"'
kindred_LDFLAGS = $(product_ldflags)
kindred_LDADD = libkindred_cli.la libkindred_core.la

dist_man_MANS += %reldir%/kindred.1
