# SPDX-License-Identifier: MIT
#
# What a third party takes besides the headers.

pkgconfig_DATA += %reldir%/kindred.pc

# For a third party's configure.ac.
aclocaldir = $(datadir)/aclocal
dist_aclocal_DATA = %reldir%/kindred.m4

# A host for unit tests of plugins, to be linked into them.
lib_LIBRARIES = libkindred-fake.a
libkindred_fake_a_SOURCES = \
    %reldir%/fake-host/api.c \
    %reldir%/fake-host/bond.c \
    %reldir%/fake-host/buf.c \
    %reldir%/fake-host/calls.c \
    %reldir%/fake-host/entry.c \
    %reldir%/fake-host/failure.c \
    %reldir%/fake-host/fake.c \
    %reldir%/fake-host/mail.c \
    %reldir%/fake-host/name.c \
    %reldir%/fake-host/port.c \
    %reldir%/fake-host/proc.c \
    %reldir%/fake-host/request.c \
    %reldir%/fake-host/signal.c \
    %reldir%/fake-host/spawn.c \
    %reldir%/fake-host/state.h \
    %reldir%/fake-host/use.c \
    %reldir%/fake-host/wait.c \
    %reldir%/fake-host/watch.c \
    %reldir%/fake-host/world.c
libkindred_fake_a_CPPFLAGS = $(plugin_cppflags)
pkgconfig_DATA += %reldir%/kindred-fake.pc
kdinclude_HEADERS += %reldir%/fake-host/fake.h

# What tries whether a plugin keeps its contract.
bin_PROGRAMS += %reldir%/validate/kindred-validate
%canon_reldir%_validate_kindred_validate_SOURCES = \
    %reldir%/validate/args.c \
    %reldir%/validate/args.h \
    %reldir%/validate/main.c \
    %reldir%/validate/open.c \
    %reldir%/validate/open.h \
    %reldir%/validate/report.c \
    %reldir%/validate/report.h \
    %reldir%/validate/rule.h \
    %reldir%/validate/rule_arguments.c \
    %reldir%/validate/rule_cancel.c \
    %reldir%/validate/rule_data.c \
    %reldir%/validate/rule_describe.c \
    %reldir%/validate/rule_gone.c \
    %reldir%/validate/rule_help.c \
    %reldir%/validate/rule_host.c \
    %reldir%/validate/rule_idle.c \
    %reldir%/validate/rule_leaks.c \
    %reldir%/validate/rule_load.c \
    %reldir%/validate/rule_mail.c \
    %reldir%/validate/rule_orders.c \
    %reldir%/validate/rule_policy.c \
    %reldir%/validate/rule_prompt.c \
    %reldir%/validate/rule_refusals.c \
    %reldir%/validate/rule_resource.c \
    %reldir%/validate/rule_signals.c \
    %reldir%/validate/rule_slice.c \
    %reldir%/validate/rule_stamp.c \
    %reldir%/validate/rule_symbols.c \
    %reldir%/validate/rule_threads.c \
    %reldir%/validate/subject.c \
    %reldir%/validate/trial.c \
    %reldir%/validate/trial.h
%canon_reldir%_validate_kindred_validate_CPPFLAGS = $(plugin_cppflags)
%canon_reldir%_validate_kindred_validate_LDADD = libkindred-fake.a libkindred.la
dist_man_MANS += %reldir%/validate/kindred-validate.1

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
dist_templatetests_DATA = %reldir%/template/tests/test_greeter.c

# The application author's manual.
dist_manual_DATA = \
    %reldir%/docs/README.md \
    %reldir%/docs/examples.md \
    %reldir%/docs/kinds.md \
    %reldir%/docs/lua.md \
    %reldir%/docs/native.md \
    %reldir%/docs/supervision.md

# The plugin author's.
dist_manual_DATA += %reldir%/docs/plugins.md

# In the source tree: a test compares it with what the command says.
.PHONY: manual
manual: kindred
	KINDRED_PLUGIN_PATH='$(abs_top_builddir)/plugins/.libs' ./kindred \
	    kinds --markdown >'$(srcdir)/%reldir%/docs/kinds.md'
