# SPDX-License-Identifier: MIT
#
# process.lua and its kin. All but plugin.c is also an archive, for the unit
# tests.

noinst_LTLIBRARIES += libprocess_lua.la
libprocess_lua_la_SOURCES = \
    %reldir%/lib_find.c \
    %reldir%/lib_string.c \
    %reldir%/lib_string.h \
    %reldir%/lib_table.c \
    %reldir%/lib_table.h \
    %reldir%/match.c \
    %reldir%/match.h \
    %reldir%/match_run.c \
    %reldir%/match_run.h \
    %reldir%/pattern.c \
    %reldir%/pattern.h
libprocess_lua_la_CPPFLAGS = $(plugin_cppflags) $(LUA_CFLAGS)
libprocess_lua_la_LIBADD = $(LUA_LIBS) $(M_LIBS)

if HAVE_PROCESS_LUA
plugin_LTLIBRARIES += plugins/process_lua.la
plugins_process_lua_la_SOURCES =
plugins_process_lua_la_CPPFLAGS = $(libprocess_lua_la_CPPFLAGS)
plugins_process_lua_la_LDFLAGS = $(plugin_ldflags)
plugins_process_lua_la_LIBADD = libprocess_lua.la
endif
