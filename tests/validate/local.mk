# SPDX-License-Identifier: MIT
#
# For each rule of kindred-validate, a plugin that breaks it.

rogue_ldflags = $(test_plugin_ldflags) -export-symbols-regex '^kd_plugin_query_v[0-9]+$$'

check_LTLIBRARIES += %reldir%/rogue_load.la
%canon_reldir%_rogue_load_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_load_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"load"'
%canon_reldir%_rogue_load_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_orders.la
%canon_reldir%_rogue_orders_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_orders_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"orders"'
%canon_reldir%_rogue_orders_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_idle.la
%canon_reldir%_rogue_idle_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_idle_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"idle"'
%canon_reldir%_rogue_idle_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_arguments.la
%canon_reldir%_rogue_arguments_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_arguments_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"arguments"'
%canon_reldir%_rogue_arguments_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_mail.la
%canon_reldir%_rogue_mail_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_mail_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"mail"'
%canon_reldir%_rogue_mail_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_cancel.la
%canon_reldir%_rogue_cancel_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_cancel_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"cancel"'
%canon_reldir%_rogue_cancel_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_refusals.la
%canon_reldir%_rogue_refusals_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_refusals_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"refusals"'
%canon_reldir%_rogue_refusals_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_gone.la
%canon_reldir%_rogue_gone_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_gone_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"gone"'
%canon_reldir%_rogue_gone_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_threads.la
%canon_reldir%_rogue_threads_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_threads_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"threads"'
%canon_reldir%_rogue_threads_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_slice.la
%canon_reldir%_rogue_slice_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_slice_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"slice"'
%canon_reldir%_rogue_slice_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_leaks.la
%canon_reldir%_rogue_leaks_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_leaks_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"leaks"'
%canon_reldir%_rogue_leaks_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_describe.la
%canon_reldir%_rogue_describe_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_describe_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"describe"'
%canon_reldir%_rogue_describe_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_resource.la
%canon_reldir%_rogue_resource_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_resource_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"resource"'
%canon_reldir%_rogue_resource_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_policy.la
%canon_reldir%_rogue_policy_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_policy_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"policy"'
%canon_reldir%_rogue_policy_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_data.la
%canon_reldir%_rogue_data_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_data_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"data"'
%canon_reldir%_rogue_data_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_host.la
%canon_reldir%_rogue_host_la_CPPFLAGS = $(plugin_cppflags)
%canon_reldir%_rogue_host_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_signals.la
%canon_reldir%_rogue_signals_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_signals_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"signals"'
%canon_reldir%_rogue_signals_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_prompt.la
%canon_reldir%_rogue_prompt_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_prompt_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"prompt"'
%canon_reldir%_rogue_prompt_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_exit.la
%canon_reldir%_rogue_exit_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_exit_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"exit"'
%canon_reldir%_rogue_exit_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_failure.la
%canon_reldir%_rogue_failure_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_failure_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"failure"'
%canon_reldir%_rogue_failure_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_watch.la
%canon_reldir%_rogue_watch_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_watch_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"watch"'
%canon_reldir%_rogue_watch_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_nothing.la
%canon_reldir%_rogue_nothing_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_nothing_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"nothing"'
%canon_reldir%_rogue_nothing_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_none.la
%canon_reldir%_rogue_none_la_SOURCES = %reldir%/rogue.c
%canon_reldir%_rogue_none_la_CPPFLAGS = $(plugin_cppflags) -DROGUE='"none"'
%canon_reldir%_rogue_none_la_LDFLAGS = $(rogue_ldflags)
check_LTLIBRARIES += %reldir%/rogue_symbols.la
%canon_reldir%_rogue_symbols_la_CPPFLAGS = $(plugin_cppflags)
%canon_reldir%_rogue_symbols_la_LDFLAGS = $(test_plugin_ldflags)
check_LTLIBRARIES += %reldir%/rogue_help.la
%canon_reldir%_rogue_help_la_CPPFLAGS = $(plugin_cppflags)
%canon_reldir%_rogue_help_la_LDFLAGS = $(test_plugin_ldflags)

EXTRA_DIST += %reldir%/app
