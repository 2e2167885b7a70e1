# SPDX-License-Identifier: MIT
#
# Supervisors and services. All but plugin.c is also an archive, for the unit tests.

noinst_LTLIBRARIES += libsupervisor.la
libsupervisor_la_SOURCES = \
    %reldir%/backoff.c \
    %reldir%/backoff.h \
    %reldir%/blueprint.c \
    %reldir%/blueprint.h \
    %reldir%/children.c \
    %reldir%/children.h \
    %reldir%/close.c \
    %reldir%/decide.c \
    %reldir%/decision.c \
    %reldir%/decision.h \
    %reldir%/engine.c \
    %reldir%/fault.c \
    %reldir%/fault.h \
    %reldir%/index.c \
    %reldir%/index.h \
    %reldir%/intensity.c \
    %reldir%/intensity.h \
    %reldir%/list.c \
    %reldir%/node_term.c \
    %reldir%/node_term.h \
    %reldir%/options.c \
    %reldir%/options.h \
    %reldir%/outline.c \
    %reldir%/outline.h \
    %reldir%/policies.h \
    %reldir%/policy_one_for_all.c \
    %reldir%/policy_one_for_one.c \
    %reldir%/policy_rest_for_one.c \
    %reldir%/record.c \
    %reldir%/record.h \
    %reldir%/report.c \
    %reldir%/report.h \
    %reldir%/request.c \
    %reldir%/request_change.c \
    %reldir%/request_change.h \
    %reldir%/request_read.c \
    %reldir%/request_start.c \
    %reldir%/service.c \
    %reldir%/service.h \
    %reldir%/service_error.c \
    %reldir%/service_error.h \
    %reldir%/service_life.c \
    %reldir%/service_log.c \
    %reldir%/service_log.h \
    %reldir%/service_plan.c \
    %reldir%/service_plan.h \
    %reldir%/service_rule.c \
    %reldir%/service_rule.h \
    %reldir%/spec.c \
    %reldir%/spec.h \
    %reldir%/start.c \
    %reldir%/stop.c \
    %reldir%/supervisor.h \
    %reldir%/waiting.c \
    %reldir%/waiting.h \
    %reldir%/worker.c \
    %reldir%/worker.h
libsupervisor_la_CPPFLAGS = $(plugin_cppflags)
libsupervisor_la_CFLAGS = $(product_cflags)

plugin_LTLIBRARIES += plugins/supervisor.la
plugins_supervisor_la_SOURCES = %reldir%/plugin.c
plugins_supervisor_la_CPPFLAGS = $(libsupervisor_la_CPPFLAGS)
plugins_supervisor_la_LDFLAGS = $(plugin_ldflags)
plugins_supervisor_la_LIBADD = libsupervisor.la
