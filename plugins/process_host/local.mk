# SPDX-License-Identifier: MIT
#
# process.host. All but plugin.c is also an archive, for the unit tests.

noinst_LTLIBRARIES += libprocess_host.la
libprocess_host_la_SOURCES = \
    %reldir%/alarm.c \
    %reldir%/alarm.h \
    %reldir%/chatter.c \
    %reldir%/chatter.h \
    %reldir%/duty.c \
    %reldir%/duty.h \
    %reldir%/gate.c \
    %reldir%/gate.h \
    %reldir%/idle.c \
    %reldir%/idle.h \
    %reldir%/inject.c \
    %reldir%/inject.h \
    %reldir%/node.h \
    %reldir%/park.c \
    %reldir%/park.h \
    %reldir%/pool.c \
    %reldir%/pool.h \
    %reldir%/run_queue.c \
    %reldir%/run_queue.h \
    %reldir%/runner.c \
    %reldir%/runner.h \
    %reldir%/seek.c \
    %reldir%/seek.h \
    %reldir%/watch.c \
    %reldir%/watch.h \
    %reldir%/step.c \
    %reldir%/step.h \
    %reldir%/wheel.c \
    %reldir%/wheel.h \
    %reldir%/work.c \
    %reldir%/work.h
libprocess_host_la_CPPFLAGS = $(plugin_cppflags)
libprocess_host_la_CFLAGS = $(product_cflags)

plugin_LTLIBRARIES += plugins/process_host.la
plugins_process_host_la_SOURCES = %reldir%/plugin.c
plugins_process_host_la_CPPFLAGS = $(libprocess_host_la_CPPFLAGS)
plugins_process_host_la_LDFLAGS = $(plugin_ldflags)
plugins_process_host_la_LIBADD = libprocess_host.la
