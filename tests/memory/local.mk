# SPDX-License-Identifier: MIT
#
# A whole runtime whose allocations fail. The plugins are linked in, so that
# theirs do too: each gives its descriptor by a name of its own.

check_LTLIBRARIES += \
    %reldir%/libmemory_process_host.la \
    %reldir%/libmemory_process_lua.la \
    %reldir%/libmemory_supervisor.la

%canon_reldir%_libmemory_process_host_la_SOURCES = \
    plugins/process_host/plugin.c
%canon_reldir%_libmemory_process_host_la_CPPFLAGS = \
    $(libprocess_host_la_CPPFLAGS) \
    -Dkd_plugin_query_v1=memory_process_host
%canon_reldir%_libmemory_process_lua_la_SOURCES = \
    plugins/process_lua/plugin.c
%canon_reldir%_libmemory_process_lua_la_CPPFLAGS = \
    $(libprocess_lua_la_CPPFLAGS) \
    -Dkd_plugin_query_v1=memory_process_lua
%canon_reldir%_libmemory_supervisor_la_SOURCES = \
    plugins/supervisor/plugin.c
%canon_reldir%_libmemory_supervisor_la_CPPFLAGS = \
    $(libsupervisor_la_CPPFLAGS) \
    -Dkd_plugin_query_v1=memory_supervisor

memory_tests = %reldir%/test_memory
%canon_reldir%_test_memory_SOURCES = \
    %reldir%/refuse.c \
    %reldir%/refuse.h \
    %reldir%/test_memory.c
%canon_reldir%_test_memory_LDADD = \
    %reldir%/libmemory_process_host.la \
    %reldir%/libmemory_process_lua.la \
    %reldir%/libmemory_supervisor.la $(LDADD)
%canon_reldir%_test_memory_LDFLAGS = $(AM_LDFLAGS) \
    -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free \
    -Wl,--wrap=aligned_alloc,--wrap=strdup,--wrap=asprintf \
    -Wl,--wrap=vasprintf,--wrap=mmap,--wrap=pthread_create \
    -Wl,--wrap=kd__arena_alloc,--wrap=kd__arena_copy \
    -Wl,--wrap=kl__heap_realloc

check_PROGRAMS += $(memory_tests)
TESTS += $(memory_tests)

# Each allocation fails once, and once with all that come after it.
.PHONY: memory
memory: all $(memory_tests)
	MEMORY='1 1' %reldir%/test_memory
