# SPDX-License-Identifier: MIT
#
# host/base: errors, log, allocation, lists, maps, ids, clock.

libkindred_core_la_SOURCES += \
    %reldir%/arena.c \
    %reldir%/arena.h \
    %reldir%/block.c \
    %reldir%/block.h \
    %reldir%/clock.h \
    %reldir%/env.c \
    %reldir%/env.h \
    %reldir%/error.c \
    %reldir%/error.h \
    %reldir%/fence.h \
    %reldir%/list.h \
    %reldir%/lock.c \
    %reldir%/lock.h \
    %reldir%/map.c \
    %reldir%/map.h \
    %reldir%/memory.c \
    %reldir%/memory.h \
    %reldir%/sanitizer.h \
    %reldir%/scope.h \
    %reldir%/sized.h
