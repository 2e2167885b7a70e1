# SPDX-License-Identifier: MIT
#
# process.program, and the guard that runs the programs. All but plugin.c is
# also an archive, for the unit tests.

noinst_LTLIBRARIES += libprocess_program.la
libprocess_program_la_SOURCES = \
    %reldir%/args.c \
    %reldir%/args.h \
    %reldir%/error_output.c \
    %reldir%/input.c \
    %reldir%/intake.c \
    %reldir%/intake.h \
    %reldir%/keeper.c \
    %reldir%/keeper.h \
    %reldir%/launch.c \
    %reldir%/lines.c \
    %reldir%/lines.h \
    %reldir%/msgpack.c \
    %reldir%/msgpack.h \
    %reldir%/options.c \
    %reldir%/options.h \
    %reldir%/order.c \
    %reldir%/order.h \
    %reldir%/outcome.c \
    %reldir%/outcome.h \
    %reldir%/output.c \
    %reldir%/pipe.c \
    %reldir%/pipe.h \
    %reldir%/plan.c \
    %reldir%/plan.h \
    %reldir%/program.h \
    %reldir%/protocol.h \
    %reldir%/worker.c \
    %reldir%/worker.h
libprocess_program_la_CPPFLAGS = $(plugin_cppflags) \
    -DKINDRED_GUARD='"$(pkglibexecdir)/kindred-guard"'
libprocess_program_la_CFLAGS = $(product_cflags)

plugin_LTLIBRARIES += plugins/process_program.la
plugins_process_program_la_SOURCES = %reldir%/plugin.c
plugins_process_program_la_CPPFLAGS = $(libprocess_program_la_CPPFLAGS)
plugins_process_program_la_LDFLAGS = $(plugin_ldflags)
plugins_process_program_la_LIBADD = libprocess_program.la

pkglibexec_PROGRAMS += kindred-guard
kindred_guard_SOURCES = \
    %reldir%/guard.c \
    %reldir%/guard_exec.c \
    %reldir%/guard_exec.h \
    %reldir%/guard_ward.c \
    %reldir%/guard_ward.h \
    %reldir%/order.c
kindred_guard_CPPFLAGS = $(plugin_cppflags)
kindred_guard_LDADD =
