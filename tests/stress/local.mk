# SPDX-License-Identifier: MIT
#
# Everything that processes can do to each other, at random: some seconds as a
# test, and `make stress SEED=1 SECONDS=600` for more.

check_PROGRAMS += %reldir%/random/random
TESTS += %reldir%/random/random
%canon_reldir%_random_random_SOURCES = \
    %reldir%/random/account.c \
    %reldir%/random/account.h \
    %reldir%/random/audit.c \
    %reldir%/random/audit.h \
    %reldir%/random/clerk.c \
    %reldir%/random/clerk.h \
    %reldir%/random/native.c \
    %reldir%/random/native.h \
    %reldir%/random/pair.c \
    %reldir%/random/pair.h \
    %reldir%/random/plan.c \
    %reldir%/random/plan.h \
    %reldir%/random/random.c \
    %reldir%/random/recorder.c \
    %reldir%/random/recorder.h \
    %reldir%/random/recorder_calls.c \
    %reldir%/random/recorder_calls.h \
    %reldir%/random/teller.c \
    %reldir%/random/teller.h
%canon_reldir%_random_random_CPPFLAGS = $(plugin_cppflags)
%canon_reldir%_random_random_LDADD = libkindred.la
EXTRA_DIST += %reldir%/random/app

SECONDS = 60
.PHONY: stress
stress: all %reldir%/random/random tests/tsan/longjmp.la
	@$(AM_TESTS_ENVIRONMENT) SEED='$(SEED)' SECONDS='$(SECONDS)' \
	    %reldir%/random/random
