# SPDX-License-Identifier: MIT
#
# host/entry: YAML to checked entries; alone in knowing libyaml.

libkindred_core_la_SOURCES += \
    %reldir%/carried.c \
    %reldir%/carried.h \
    %reldir%/check.c \
    %reldir%/check.h \
    %reldir%/common.c \
    %reldir%/common.h \
    %reldir%/default.c \
    %reldir%/default.h \
    %reldir%/entries.c \
    %reldir%/entries.h \
    %reldir%/entry.c \
    %reldir%/entry.h \
    %reldir%/expand.c \
    %reldir%/expand.h \
    %reldir%/file.c \
    %reldir%/file.h \
    %reldir%/find.c \
    %reldir%/find.h \
    %reldir%/folder.c \
    %reldir%/folder.h \
    %reldir%/hint.c \
    %reldir%/hint.h \
    %reldir%/host_rule.c \
    %reldir%/id.c \
    %reldir%/id.h \
    %reldir%/node.c \
    %reldir%/node.h \
    %reldir%/order.c \
    %reldir%/order.h \
    %reldir%/parts.c \
    %reldir%/parts.h \
    %reldir%/quantity.c \
    %reldir%/quantity.h \
    %reldir%/refs.c \
    %reldir%/report.c \
    %reldir%/report.h \
    %reldir%/scalar.c \
    %reldir%/scalar.h \
    %reldir%/set.c \
    %reldir%/set.h \
    %reldir%/source.c \
    %reldir%/source.h \
    %reldir%/start.c \
    %reldir%/table.h \
    %reldir%/tree.c \
    %reldir%/tree.h \
    %reldir%/value.c \
    %reldir%/value.h \
    %reldir%/yaml.c \
    %reldir%/yaml.h
