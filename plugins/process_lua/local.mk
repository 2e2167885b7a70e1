# SPDX-License-Identifier: MIT
#
# process.lua and its kin. All but plugin.c is also an archive, for the unit
# tests.

noinst_LTLIBRARIES += libprocess_lua.la
libprocess_lua_la_SOURCES = \
    %reldir%/alarm.c \
    %reldir%/alarm.h \
    %reldir%/boot.c \
    %reldir%/boot.h \
    %reldir%/builtin.c \
    %reldir%/builtin.h \
    %reldir%/calendar.c \
    %reldir%/calendar.h \
    %reldir%/channel.c \
    %reldir%/channel.h \
    %reldir%/channel_core.c \
    %reldir%/channel_core.h \
    %reldir%/compile.c \
    %reldir%/compile.h \
    %reldir%/conclude.c \
    %reldir%/conclude.h \
    %reldir%/decode.c \
    %reldir%/decode.h \
    %reldir%/dest.c \
    %reldir%/dest.h \
    %reldir%/driver.c \
    %reldir%/driver.h \
    %reldir%/duration.c \
    %reldir%/duration.h \
    %reldir%/encode.c \
    %reldir%/encode.h \
    %reldir%/encode_object.c \
    %reldir%/error.c \
    %reldir%/error.h \
    %reldir%/error_read.c \
    %reldir%/error_trace.c \
    %reldir%/error_write.c \
    %reldir%/event.c \
    %reldir%/event.h \
    %reldir%/heap.c \
    %reldir%/heap.h \
    %reldir%/inside.c \
    %reldir%/inside.h \
    %reldir%/json.h \
    %reldir%/json_float.c \
    %reldir%/json_read.c \
    %reldir%/json_write.c \
    %reldir%/layout.c \
    %reldir%/layout.h \
    %reldir%/layout_format.c \
    %reldir%/layout_format.h \
    %reldir%/layout_parse.c \
    %reldir%/layout_parse.h \
    %reldir%/lib_base.c \
    %reldir%/lib_base.h \
    %reldir%/lib_coroutine.c \
    %reldir%/lib_coroutine.h \
    %reldir%/lib_errors.c \
    %reldir%/lib_find.c \
    %reldir%/lib_json.c \
    %reldir%/lib_json.h \
    %reldir%/lib_print.c \
    %reldir%/lib_print.h \
    %reldir%/lib_process.c \
    %reldir%/lib_process.h \
    %reldir%/lib_process_cancel.c \
    %reldir%/lib_process_mail.c \
    %reldir%/lib_process_names.c \
    %reldir%/lib_process_options.c \
    %reldir%/lib_process_send.c \
    %reldir%/lib_process_spawn.c \
    %reldir%/lib_process_watch.c \
    %reldir%/lib_string.c \
    %reldir%/lib_string.h \
    %reldir%/lib_system.c \
    %reldir%/lib_system.h \
    %reldir%/lib_table.c \
    %reldir%/lib_table.h \
    %reldir%/lib_time.c \
    %reldir%/lib_time.h \
    %reldir%/library.c \
    %reldir%/library.h \
    %reldir%/limit.c \
    %reldir%/limit.h \
    %reldir%/long_name.c \
    %reldir%/long_name.h \
    %reldir%/mail.c \
    %reldir%/mail.h \
    %reldir%/mail_channel.c \
    %reldir%/match.c \
    %reldir%/match.h \
    %reldir%/match_run.c \
    %reldir%/match_run.h \
    %reldir%/message.c \
    %reldir%/message.h \
    %reldir%/object.c \
    %reldir%/object.h \
    %reldir%/pattern.c \
    %reldir%/pattern.h \
    %reldir%/payload.c \
    %reldir%/payload.h \
    %reldir%/preempt.c \
    %reldir%/preempt.h \
    %reldir%/process.c \
    %reldir%/process.h \
    %reldir%/program.c \
    %reldir%/program.h \
    %reldir%/readonly.c \
    %reldir%/refusal.c \
    %reldir%/require.c \
    %reldir%/require.h \
    %reldir%/route.c \
    %reldir%/route.h \
    %reldir%/select.c \
    %reldir%/select.h \
    %reldir%/sleep.c \
    %reldir%/sleep.h \
    %reldir%/task.c \
    %reldir%/task.h \
    %reldir%/time_format.c \
    %reldir%/time_format.h \
    %reldir%/time_method.c \
    %reldir%/time_method.h \
    %reldir%/time_parse.c \
    %reldir%/time_parse.h \
    %reldir%/time_value.c \
    %reldir%/time_value.h \
    %reldir%/timer.c \
    %reldir%/timer.h \
    %reldir%/utf8.c \
    %reldir%/utf8.h \
    %reldir%/value.c \
    %reldir%/value.h \
    %reldir%/waiter.c \
    %reldir%/waiter.h \
    %reldir%/worker.c \
    %reldir%/worker.h \
    %reldir%/zone.c \
    %reldir%/zone.h \
    %reldir%/zone_name.c \
    %reldir%/zone_name.h
libprocess_lua_la_CPPFLAGS = $(plugin_cppflags) $(LUA_CFLAGS) \
    $(YAJL_CFLAGS)
libprocess_lua_la_LIBADD = $(LUA_LIBS) $(YAJL_LIBS) $(M_LIBS)

plugin_LTLIBRARIES += plugins/process_lua.la
plugins_process_lua_la_SOURCES = %reldir%/plugin.c
plugins_process_lua_la_CPPFLAGS = $(libprocess_lua_la_CPPFLAGS)
plugins_process_lua_la_LDFLAGS = $(plugin_ldflags)
plugins_process_lua_la_LIBADD = libprocess_lua.la
