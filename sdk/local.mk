# SPDX-License-Identifier: MIT
#
# What a third party takes besides the headers.

pkgconfig_DATA += %reldir%/kindred.pc

# The application author's manual.
dist_manual_DATA = \
    %reldir%/docs/README.md \
    %reldir%/docs/examples.md \
    %reldir%/docs/kinds.md \
    %reldir%/docs/lua.md

# In the source tree: a test compares it with what the command says.
.PHONY: manual
manual: kindred
	KINDRED_PLUGIN_PATH='$(abs_top_builddir)/plugins/.libs' ./kindred \
	    kinds --markdown >'$(srcdir)/%reldir%/docs/kinds.md'
