# SPDX-License-Identifier: MIT
#
# Every public header, in the order in which one would read them.

kdinclude_HEADERS += \
    %reldir%/kindred/kindred.h \
    %reldir%/kindred/abi.h \
    %reldir%/kindred/threads.h \
    %reldir%/kindred/types.h \
    %reldir%/kindred/status.h \
    %reldir%/kindred/term.h \
    %reldir%/kindred/payload.h \
    %reldir%/kindred/message.h \
    %reldir%/kindred/data.h \
    %reldir%/kindred/duration.h \
    %reldir%/kindred/option.h \
    %reldir%/kindred/api.h \
    %reldir%/kindred/proc.h \
    %reldir%/kindred/port.h \
    %reldir%/kindred/entry.h \
    %reldir%/kindred/kind.h \
    %reldir%/kindred/worker.h \
    %reldir%/kindred/host.h \
    %reldir%/kindred/policy.h \
    %reldir%/kindred/resource.h \
    %reldir%/kindred/service.h \
    %reldir%/kindred/plugin.h \
    %reldir%/kindred/embed.h

kdextinclude_HEADERS += \
    %reldir%/kindred/ext/lua.h \
    %reldir%/kindred/ext/memory.h \
    %reldir%/kindred/ext/terminal.h
