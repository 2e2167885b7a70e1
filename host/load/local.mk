# SPDX-License-Identifier: MIT
#
# host/load: finding, opening and checking plugins; alone in knowing libdl.

libkindred_core_la_SOURCES += \
    %reldir%/dso.c \
    %reldir%/dso.h \
    %reldir%/elf_whole.c \
    %reldir%/elf_whole.h \
    %reldir%/kind_check.c \
    %reldir%/kind_check.h \
    %reldir%/kind_table.c \
    %reldir%/kind_table.h \
    %reldir%/offer_check.c \
    %reldir%/offer_check.h \
    %reldir%/option_check.c \
    %reldir%/option_check.h \
    %reldir%/option_default.c \
    %reldir%/option_default.h \
    %reldir%/path_trust.c \
    %reldir%/path_trust.h \
    %reldir%/plugin.c \
    %reldir%/plugin.h \
    %reldir%/plugin_check.c \
    %reldir%/plugin_check.h \
    %reldir%/plugins.c \
    %reldir%/plugins.h \
    %reldir%/plugins_search.c \
    %reldir%/policy.c \
    %reldir%/policy.h \
    %reldir%/search.c \
    %reldir%/search.h \
    %reldir%/size_check.h \
    %reldir%/stamp.c \
    %reldir%/stamp.h \
    %reldir%/text_check.c \
    %reldir%/text_check.h
