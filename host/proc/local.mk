# SPDX-License-Identifier: MIT
#
# host/proc: the process record and all that belongs to it.

libkindred_core_la_SOURCES += \
    %reldir%/bond.c \
    %reldir%/bond.h \
    %reldir%/epoch.c \
    %reldir%/epoch.h \
    %reldir%/exit.c \
    %reldir%/exit.h \
    %reldir%/lane.c \
    %reldir%/lane.h \
    %reldir%/mailbox.c \
    %reldir%/mailbox.h \
    %reldir%/name.c \
    %reldir%/name.h \
    %reldir%/proc.c \
    %reldir%/proc.h \
    %reldir%/ready.c \
    %reldir%/ready.h \
    %reldir%/run.c \
    %reldir%/run.h \
    %reldir%/send.c \
    %reldir%/send.h \
    %reldir%/sight.c \
    %reldir%/sight.h \
    %reldir%/signal.c \
    %reldir%/signal.h \
    %reldir%/stuck.c \
    %reldir%/stuck.h \
    %reldir%/table.c \
    %reldir%/table.h \
    %reldir%/wake.c \
    %reldir%/wake.h
