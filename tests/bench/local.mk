# SPDX-License-Identifier: MIT
#
# What it costs. No test: `make bench` builds and runs these, and nobody else
# does. A figure is a line of JSON. BENCH="pingpong ring" picks some.

bench_programs = %reldir%/native %reldir%/lua
EXTRA_PROGRAMS = $(bench_programs)

%canon_reldir%_native_SOURCES = \
    %reldir%/bench.c \
    %reldir%/bench.h \
    %reldir%/native.c
%canon_reldir%_native_CPPFLAGS = $(plugin_cppflags)
%canon_reldir%_native_LDADD = libkindred.la

# This one looks into the runtime, and so has a copy of its own.
%canon_reldir%_lua_SOURCES = \
    %reldir%/bench.c \
    %reldir%/bench.h \
    %reldir%/lua.c
%canon_reldir%_lua_CPPFLAGS = $(host_cppflags)
%canon_reldir%_lua_LDFLAGS = $(product_ldflags)
%canon_reldir%_lua_LDADD = libkindred_core.la

EXTRA_DIST += \
    %reldir%/compare \
    %reldir%/erlang/bench.erl \
    %reldir%/lua/_index.yaml \
    %reldir%/lua/peer.lua \
    %reldir%/lua/phoenix.lua \
    %reldir%/lua/run.lua \
    %reldir%/lua/sixty.lua \
    %reldir%/lua/sleeper.lua \
    %reldir%/lua/ten.lua \
    %reldir%/lua/victim.lua

CLEANFILES += $(EXTRA_PROGRAMS)

.PHONY: bench bench-programs
bench-programs: all $(bench_programs)
bench: bench-programs
	KINDRED_PLUGIN_PATH='$(abs_top_builddir)/plugins/.libs'; \
	BENCH_APP='$(srcdir)/%reldir%/lua'; \
	export KINDRED_PLUGIN_PATH BENCH_APP; \
	status=0; \
	%reldir%/native $(BENCH) || status=1; \
	%reldir%/lua $(BENCH) || status=1; \
	exit $$status
