# SPDX-License-Identifier: MIT
#
# What a third party takes besides the headers.

pkgconfig_DATA += %reldir%/kindred.pc

# For a third party's configure.ac.
aclocaldir = $(datadir)/aclocal
dist_aclocal_DATA = %reldir%/kindred.m4

# A project to copy.
templatedir = $(pkgdatadir)/template
dist_template_DATA = \
    %reldir%/template/Makefile.am \
    %reldir%/template/README.md \
    %reldir%/template/configure.ac \
    %reldir%/template/greeter.c
templateappdir = $(templatedir)/app
dist_templateapp_DATA = %reldir%/template/app/_index.yaml
templatetestsdir = $(templatedir)/tests
dist_templatetests_SCRIPTS = %reldir%/template/tests/run.sh

# The application author's manual.
dist_manual_DATA = \
    %reldir%/docs/README.md \
    %reldir%/docs/examples.md \
    %reldir%/docs/kinds.md \
    %reldir%/docs/lua.md \
    %reldir%/docs/native.md \
    %reldir%/docs/supervision.md

# In the source tree: a test compares it with what the command says.
.PHONY: manual
manual: kindred
	KINDRED_PLUGIN_PATH='$(abs_top_builddir)/plugins/.libs' ./kindred \
	    kinds --markdown >'$(srcdir)/%reldir%/docs/kinds.md'
