# SPDX-License-Identifier: MIT
#
# host/term: payloads and the term encoding.

libkindred_core_la_SOURCES += \
    %reldir%/buf.c \
    %reldir%/buf.h \
    %reldir%/failure.c \
    %reldir%/failure.h
