# SPDX-License-Identifier: MIT
#
# A tree of supervisors under random killing: a few seconds as a test, a minute
# as `make chaos` (CHAOS="--seconds 600 --workers 8" for something else).

check_PROGRAMS += %reldir%/chaos
TESTS += %reldir%/chaos
%canon_reldir%_chaos_SOURCES = \
    %reldir%/chaos.c \
    %reldir%/driver.c \
    %reldir%/driver.h \
    %reldir%/leaf.c \
    %reldir%/leaf.h \
    %reldir%/ledger.c \
    %reldir%/ledger.h \
    %reldir%/tree.c \
    %reldir%/tree.h
%canon_reldir%_chaos_CPPFLAGS = $(plugin_cppflags)
%canon_reldir%_chaos_LDADD = libkindred.la

CHAOS = --seconds 60
.PHONY: chaos
chaos: all %reldir%/chaos tests/tsan/longjmp.la
	@$(AM_TESTS_ENVIRONMENT) %reldir%/chaos $(CHAOS)
