# SPDX-License-Identifier: MIT
#
# A unit test is one file, unit/test_NAME.c, and one word below. Each is a
# program of its own, because CUnit has no isolation, and may use anything of
# the host and of the plugins.

unit_tests = \
    %reldir%/unit/test_alarm \
    %reldir%/unit/test_allocator \
    %reldir%/unit/test_block \
    %reldir%/unit/test_channel \
    %reldir%/unit/test_chatter \
    %reldir%/unit/test_check \
    %reldir%/unit/test_checked \
    %reldir%/unit/test_child \
    %reldir%/unit/test_cli_env_file \
    %reldir%/unit/test_cli_exit_status \
    %reldir%/unit/test_cli_log \
    %reldir%/unit/test_cli_notify \
    %reldir%/unit/test_cli_settings \
    %reldir%/unit/test_clock \
    %reldir%/unit/test_duration \
    %reldir%/unit/test_duty \
    %reldir%/unit/test_embed \
    %reldir%/unit/test_entry \
    %reldir%/unit/test_entry_bad \
    %reldir%/unit/test_entry_memory \
    %reldir%/unit/test_env \
    %reldir%/unit/test_epoch \
    %reldir%/unit/test_exit_order \
    %reldir%/unit/test_expand \
    %reldir%/unit/test_event_pattern \
    %reldir%/unit/test_fd_watch \
    %reldir%/unit/test_fake_host \
    %reldir%/unit/test_fake_services \
    %reldir%/unit/test_find \
    %reldir%/unit/test_guard \
    %reldir%/unit/test_harness \
    %reldir%/unit/test_inject \
    %reldir%/unit/test_kind_check \
    %reldir%/unit/test_kind_table \
    %reldir%/unit/test_lane \
    %reldir%/unit/test_lib_table \
    %reldir%/unit/test_load \
    %reldir%/unit/test_lua_base \
    %reldir%/unit/test_lua_coroutine \
    %reldir%/unit/test_lua_driver \
    %reldir%/unit/test_lua_heap \
    %reldir%/unit/test_lua_image \
    %reldir%/unit/test_lua_limit \
    %reldir%/unit/test_lua_mail \
    %reldir%/unit/test_lua_pool \
    %reldir%/unit/test_lua_process \
    %reldir%/unit/test_lua_program \
    %reldir%/unit/test_lua_spawner \
    %reldir%/unit/test_lua_traceback \
    %reldir%/unit/test_lua_upgrade \
    %reldir%/unit/test_lua_value \
    %reldir%/unit/test_mailbox \
    %reldir%/unit/test_map \
    %reldir%/unit/test_match \
    %reldir%/unit/test_option \
    %reldir%/unit/test_option_check \
    %reldir%/unit/test_order \
    %reldir%/unit/test_outline \
    %reldir%/unit/test_plugin_check \
    %reldir%/unit/test_policy \
    %reldir%/unit/test_program_parts \
    %reldir%/unit/test_process_host \
    %reldir%/unit/test_report \
    %reldir%/unit/test_room \
    %reldir%/unit/test_run_queue \
    %reldir%/unit/test_runtime \
    %reldir%/unit/test_search \
    %reldir%/unit/test_service_rule \
    %reldir%/unit/test_source \
    %reldir%/unit/test_stamp \
    %reldir%/unit/test_start \
    %reldir%/unit/test_supervisor_parts \
    %reldir%/unit/test_supervisor_requests \
    %reldir%/unit/test_table \
    %reldir%/unit/test_terminal \
    %reldir%/unit/test_time \
    %reldir%/unit/test_timer_heap \
    %reldir%/unit/test_watch \
    %reldir%/unit/test_wheel \
    %reldir%/unit/test_writer \
    %reldir%/unit/test_yaml \
    %reldir%/unit/test_zone_file

# Races, from a printed seed; SEED=... runs one again. Built and linked alike.
stress_tests = \
    %reldir%/stress/stress_cancel_exit \
    %reldir%/stress/stress_child_exit \
    %reldir%/stress/stress_host \
    %reldir%/stress/stress_link_exit \
    %reldir%/stress/stress_lua \
    %reldir%/stress/stress_room \
    %reldir%/stress/stress_send_exit \
    %reldir%/stress/stress_spawn_linked \
    %reldir%/stress/stress_stop \
    %reldir%/stress/stress_wake

# Anything that is executable and exits with 0, 77 (skipped) or a failure.
script_tests = \
    %reldir%/e2e/blocking.sh \
    %reldir%/abi/check.sh \
    %reldir%/abi/tomorrow.sh \
    %reldir%/e2e/busy.sh \
    %reldir%/e2e/calculator.sh \
    %reldir%/e2e/calls.sh \
    %reldir%/e2e/carried.sh \
    %reldir%/e2e/check_all.sh \
    %reldir%/e2e/check_tree.sh \
    %reldir%/e2e/circuit_breaker.sh \
    %reldir%/e2e/cli.sh \
    %reldir%/e2e/cli_exec.sh \
    %reldir%/e2e/cli_man.sh \
    %reldir%/e2e/cli_plugins.sh \
    %reldir%/e2e/cli_signals.sh \
    %reldir%/e2e/counter.sh \
    %reldir%/e2e/drains.sh \
    %reldir%/e2e/embed_loop.sh \
    %reldir%/e2e/foreign_kind.sh \
    %reldir%/e2e/foreign_port.sh \
    %reldir%/e2e/functions.sh \
    %reldir%/e2e/globals.sh \
    %reldir%/e2e/env.sh \
    %reldir%/e2e/env_file.sh \
    %reldir%/e2e/events.sh \
    %reldir%/e2e/exhaustion.sh \
    %reldir%/e2e/heartbeat.sh \
    %reldir%/e2e/hold.sh \
    %reldir%/e2e/hostile.sh \
    %reldir%/e2e/kinds_misbehave.sh \
    %reldir%/e2e/logger.sh \
    %reldir%/e2e/libraries.sh \
    %reldir%/e2e/lua_programs.sh \
    %reldir%/e2e/lua_module.sh \
    %reldir%/e2e/manual.sh \
    %reldir%/e2e/modules.sh \
    %reldir%/e2e/operator.sh \
    %reldir%/e2e/otp.sh \
    %reldir%/e2e/policy.sh \
    %reldir%/e2e/plugin_guide.sh \
    %reldir%/e2e/pool.sh \
    %reldir%/e2e/program.sh \
    %reldir%/e2e/readme.sh \
    %reldir%/e2e/registry.sh \
    %reldir%/e2e/require.sh \
    %reldir%/e2e/resources.sh \
    %reldir%/e2e/scale.sh \
    %reldir%/e2e/services.sh \
    %reldir%/e2e/shop.sh \
    %reldir%/e2e/shutdown.sh \
    %reldir%/e2e/sources.sh \
    %reldir%/e2e/spawner.sh \
    %reldir%/e2e/stalled.sh \
    %reldir%/e2e/start.sh \
    %reldir%/e2e/states.sh \
    %reldir%/e2e/supervisor.sh \
    %reldir%/e2e/supervisor_load.sh \
    %reldir%/e2e/task_worker.sh \
    %reldir%/e2e/tcp_echo.sh \
    %reldir%/e2e/terminal.sh \
    %reldir%/e2e/threads.sh \
    %reldir%/e2e/upgrade.sh \
    %reldir%/e2e/validate.sh \
    %reldir%/e2e/worker_pool.sh \
    %reldir%/e2e/zones.sh \
    %reldir%/lint/citations.sh \
    %reldir%/lint/format.sh \
    %reldir%/lint/headers.sh \
    %reldir%/lint/layers.sh \
    %reldir%/lint/lists.sh \
    %reldir%/lint/padding.sh \
    %reldir%/lint/symbols.sh \
    %reldir%/lint/tags.sh

# A plugin to test with: two lines here, as CONTRIBUTING.md says.

# Headers that tests share, and whole folders of applications they run.
EXTRA_DIST += \
    %reldir%/e2e/blocking \
    %reldir%/abi/1.0 \
    %reldir%/abi/abi_lib.sh \
    %reldir%/abi/embedder.c \
    %reldir%/abi/freeze.sh \
    %reldir%/abi/layout.awk \
    %reldir%/abi/plugin.c \
    %reldir%/e2e/busy \
    %reldir%/e2e/calls \
    %reldir%/e2e/cli_lib.sh \
    %reldir%/e2e/counter \
    %reldir%/e2e/lua_module \
    %reldir%/e2e/lua_module/odd.c \
    %reldir%/e2e/native \
    %reldir%/e2e/native_lib.sh \
    %reldir%/e2e/foreign_port \
    %reldir%/e2e/hold \
    %reldir%/e2e/hostile \
    %reldir%/e2e/overdue \
    %reldir%/e2e/registry \
    %reldir%/e2e/operator \
    %reldir%/e2e/otp \
    %reldir%/e2e/policy \
    %reldir%/e2e/pool \
    %reldir%/e2e/program \
    %reldir%/e2e/scale \
    %reldir%/e2e/services \
    %reldir%/e2e/shutdown \
    %reldir%/e2e/sources \
    %reldir%/e2e/spawner \
    %reldir%/e2e/stalled \
    %reldir%/e2e/supervisor \
    %reldir%/e2e/tcp_echo \
    %reldir%/e2e/tcp_echo/client.c \
    %reldir%/e2e/terminal \
    %reldir%/e2e/upgrade \
    %reldir%/entry/bad \
    %reldir%/lint/complain.sh \
    %reldir%/lua \
    %reldir%/rules \
    %reldir%/unit/any_worker.h \
    %reldir%/unit/entry_app.h \
    %reldir%/unit/entry_kinds.h \
    %reldir%/unit/expect.h \
    %reldir%/unit/harness.h \
    %reldir%/unit/lua_check.h \
    %reldir%/unit/lua_program.h \
    %reldir%/unit/node_dump.h \
    %reldir%/unit/text_check.h

# The command is no part of the library.
%canon_reldir%_unit_test_cli_env_file_LDADD = libkindred_cli.la $(LDADD)
%canon_reldir%_unit_test_cli_exit_status_LDADD = libkindred_cli.la $(LDADD)
%canon_reldir%_unit_test_cli_log_LDADD = libkindred_cli.la $(LDADD)
%canon_reldir%_unit_test_cli_notify_LDADD = libkindred_cli.la $(LDADD)
%canon_reldir%_unit_test_cli_settings_LDADD = libkindred_cli.la $(LDADD)

# What third parties link with.
%canon_reldir%_unit_test_fake_host_LDADD = libkindred-fake.a $(CUNIT_LIBS)
%canon_reldir%_unit_test_fake_services_LDADD = libkindred-fake.a $(CUNIT_LIBS)

# Its allocations fail when it wants.
%canon_reldir%_unit_test_entry_memory_LDFLAGS = $(AM_LDFLAGS) \
    -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
    -Wl,--wrap=kd__arena_alloc,--wrap=kd__arena_copy

# A host made of records, for what tests the Lua kind.
check_LTLIBRARIES += %reldir%/unit/liblua_fake.la
%canon_reldir%_unit_liblua_fake_la_SOURCES = \
    %reldir%/unit/lua_fake.c \
    %reldir%/unit/lua_fake.h

# A library made of counters, for what tests process.host.
check_LTLIBRARIES += %reldir%/unit/libhost_fake.la
%canon_reldir%_unit_libhost_fake_la_SOURCES = \
    %reldir%/unit/host_fake.c \
    %reldir%/unit/host_fake.h

# A runtime whose processes are C functions, for what tests the host.
check_LTLIBRARIES += %reldir%/unit/libactors.la
%canon_reldir%_unit_libactors_la_SOURCES = \
    %reldir%/unit/actors.c \
    %reldir%/unit/actors.h

# See the file.
check_LTLIBRARIES += %reldir%/tsan/longjmp.la
%canon_reldir%_tsan_longjmp_la_SOURCES = %reldir%/tsan/longjmp.c
%canon_reldir%_tsan_longjmp_la_CFLAGS = -U_FORTIFY_SOURCE
%canon_reldir%_tsan_longjmp_la_LDFLAGS = -module -avoid-version -shared \
    -rpath /nowhere

check_PROGRAMS += $(unit_tests) $(stress_tests)
dist_check_SCRIPTS += $(script_tests)
TESTS += $(unit_tests) $(stress_tests) $(script_tests)

# All programs of the tests are linked alike; what one does not use, the
# linker leaves out.
LDADD = %reldir%/unit/libactors.la %reldir%/unit/libhost_fake.la \
    %reldir%/unit/liblua_fake.la libkindred_core.la libprocess_host.la \
    libprocess_lua.la libprocess_program.la libsupervisor.la $(CUNIT_LIBS)

leak_suppressions = %reldir%/asan/leaks.supp
leak_options = \
    use_tls=0:print_suppressions=0:suppressions=$(abs_top_srcdir)/$(leak_suppressions)
EXTRA_DIST += $(leak_suppressions)

AM_TESTS_ENVIRONMENT = \
    KINDRED='$(abs_top_builddir)/kindred'; export KINDRED; \
    KINDRED_PLUGIN_PATH='$(abs_top_builddir)/plugins/.libs'; \
    export KINDRED_PLUGIN_PATH; \
    KINDRED_GUARD='$(abs_top_builddir)/kindred-guard'; export KINDRED_GUARD; \
    top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
    top_builddir='$(abs_top_builddir)'; export top_builddir; \
    CC='$(CC)'; CXX='$(CXX)'; NM='$(NM)'; export CC CXX NM; \
    LUA_CFLAGS='$(LUA_CFLAGS)'; export LUA_CFLAGS; \
    CLANG_FORMAT='$(CLANG_FORMAT)'; export CLANG_FORMAT; \
    SANITIZER='$(enable_sanitizer)'; export SANITIZER; \
    COVERAGE='$(enable_coverage)'; export COVERAGE; \
    test "$$SANITIZER" != thread || { export LD_PRELOAD && \
        LD_PRELOAD='$(abs_builddir)/%reldir%/tsan/.libs/longjmp.so'; }; \
    ASAN_OPTIONS="$${ASAN_OPTIONS-detect_leaks=1:abort_on_error=1}"; \
    LSAN_OPTIONS="$${LSAN_OPTIONS-$(leak_options)}"; \
    UBSAN_OPTIONS="$${UBSAN_OPTIONS-halt_on_error=1:print_stacktrace=1}"; \
    TSAN_OPTIONS="$${TSAN_OPTIONS-halt_on_error=1:second_deadlock_stack=1}"; \
    export ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS;

# Which rules have a test, by the results of this run, or of all that there are.
# RULES=--strict wants a test for each.
CLEANFILES += %reldir%/rules.txt
list_rules = top_srcdir='$(top_srcdir)' top_builddir='$(top_builddir)' \
    sh '$(top_srcdir)/%reldir%/rules/list.sh' $(RULES)

check-local: check-TESTS
	@$(list_rules) $(TESTS)

.PHONY: rules
rules:
	@$(list_rules) $(unit_tests) $(stress_tests) $(script_tests)

# The protocol of bonds, step by step. MODEL="3:1" sets other bounds.
EXTRA_DIST += %reldir%/model/bond.pml %reldir%/model/check.sh
.PHONY: model
model:
	CC='$(CC)' sh '$(top_srcdir)/%reldir%/model/check.sh' $(MODEL)

# Which lines and branches of host/ and plugins/ the tests run; the page is
# coverage/index.html, and coverage/not_run.txt lists what they do not.
# Configured with --enable-coverage CFLAGS=-Og.
EXTRA_DIST += \
    %reldir%/coverage/count_first.h \
    %reldir%/coverage/not_run.awk \
    %reldir%/coverage/sum_up.sh
.PHONY: coverage
coverage: check
	sh '$(top_srcdir)/%reldir%/coverage/sum_up.sh' '$(abs_top_srcdir)' \
	    '$(enable_coverage)'

# distcheck comes here by itself, with an installation of its own.
EXTRA_DIST += \
    %reldir%/installcheck/app \
    %reldir%/installcheck/examples.sh \
    %reldir%/installcheck/greeter.c \
    %reldir%/installcheck/run.sh \
    %reldir%/installcheck/template.sh \
    %reldir%/installcheck/tree

installcheck-local:
	CC='$(CC)' sh '$(top_srcdir)/%reldir%/installcheck/run.sh' \
	    '$(top_srcdir)/%reldir%/installcheck' '$(DESTDIR)$(bindir)' \
	    '$(DESTDIR)$(pkgconfigdir)' '$(DESTDIR)'
	CC='$(CC)' sh '$(top_srcdir)/%reldir%/installcheck/examples.sh' \
	    '$(top_srcdir)' '$(DESTDIR)$(bindir)' \
	    '$(DESTDIR)$(pkgconfigdir)' '$(DESTDIR)'

# The promise of the ABI, by itself; and its publication, once a minor.
.PHONY: check-abi freeze-abi
check-abi:
	$(MAKE) check-TESTS \
	    TESTS='%reldir%/abi/check.sh %reldir%/abi/tomorrow.sh'

freeze-abi:
	sh '$(top_srcdir)/%reldir%/abi/freeze.sh' '$(top_srcdir)'
