# SPDX-License-Identifier: MIT
#
# process.host. All but plugin.c is also an archive, for the unit tests.

noinst_LTLIBRARIES += libprocess_host.la
libprocess_host_la_SOURCES =
libprocess_host_la_CPPFLAGS = $(plugin_cppflags) $(EVENT_CFLAGS)
libprocess_host_la_LIBADD = $(EVENT_LIBS)

if HAVE_PROCESS_HOST
plugin_LTLIBRARIES += plugins/process_host.la
plugins_process_host_la_SOURCES =
plugins_process_host_la_CPPFLAGS = $(libprocess_host_la_CPPFLAGS)
plugins_process_host_la_LDFLAGS = $(plugin_ldflags)
plugins_process_host_la_LIBADD = libprocess_host.la
endif
