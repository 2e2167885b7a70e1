# SPDX-License-Identifier: MIT
#
# host/runtime: the runtime object that ties the folders together.

libkindred_core_la_SOURCES += \
    %reldir%/api_calls.c \
    %reldir%/breach.c \
    %reldir%/checked.c \
    %reldir%/checked.h \
    %reldir%/checked_buf.c \
    %reldir%/checked_buf.h \
    %reldir%/embed.c \
    %reldir%/fd_watch.c \
    %reldir%/fd_watch.h \
    %reldir%/input.c \
    %reldir%/input.h \
    %reldir%/log.c \
    %reldir%/log.h \
    %reldir%/memory_calls.c \
    %reldir%/open.c \
    %reldir%/outline.c \
    %reldir%/outline.h \
    %reldir%/output.c \
    %reldir%/output.h \
    %reldir%/own_kinds.c \
    %reldir%/own_kinds.h \
    %reldir%/pid_text.c \
    %reldir%/pid_text.h \
    %reldir%/port.c \
    %reldir%/port.h \
    %reldir%/preempt.c \
    %reldir%/proc_calls.c \
    %reldir%/receiver.c \
    %reldir%/resource.c \
    %reldir%/resource.h \
    %reldir%/runtime.c \
    %reldir%/runtime.h \
    %reldir%/service.c \
    %reldir%/service.h \
    %reldir%/service_set.c \
    %reldir%/service_set.h \
    %reldir%/spawn.c \
    %reldir%/spawn.h \
    %reldir%/start.c \
    %reldir%/step.c \
    %reldir%/step.h \
    %reldir%/stop.c \
    %reldir%/terminal.c \
    %reldir%/thread.c \
    %reldir%/thread.h \
    %reldir%/tree.c \
    %reldir%/writer.c \
    %reldir%/writer.h
