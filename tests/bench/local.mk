# SPDX-License-Identifier: MIT
#
# What it costs. No test: `make bench` builds and runs these, and nobody else
# does. A figure is a line of JSON.

EXTRA_PROGRAMS = %reldir%/native

%canon_reldir%_native_SOURCES = %reldir%/native.c
%canon_reldir%_native_CPPFLAGS = $(plugin_cppflags)
%canon_reldir%_native_LDADD = libkindred.la

CLEANFILES += $(EXTRA_PROGRAMS)

.PHONY: bench
bench: all $(EXTRA_PROGRAMS)
	KINDRED_PLUGIN_PATH='$(abs_top_builddir)/plugins/.libs' \
	    %reldir%/native
