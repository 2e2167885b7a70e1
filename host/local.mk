# SPDX-License-Identifier: MIT
#
# The host is compiled once, into an archive for the build tree only. The
# library, the command and the unit tests are all linked from it: the library
# shows what is marked KD_EXPORT, the tests see everything.

noinst_LTLIBRARIES += libkindred_core.la
libkindred_core_la_SOURCES =
libkindred_core_la_CPPFLAGS = $(host_cppflags) $(YAML_CFLAGS) \
    -DKINDRED_PLUGINDIR='"$(plugindir)"' \
    -DKINDRED_VERSION='"$(PACKAGE_VERSION)"'
libkindred_core_la_CFLAGS = $(product_cflags)
libkindred_core_la_LIBADD = $(YAML_LIBS) $(DL_LIBS)

lib_LTLIBRARIES += libkindred.la
libkindred_la_SOURCES =
libkindred_la_LIBADD = libkindred_core.la
libkindred_la_LDFLAGS = $(product_ldflags) -no-undefined -version-info 0:0:0
