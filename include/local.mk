# SPDX-License-Identifier: MIT
#
# Every public header, in the order in which one would read them.

kdinclude_HEADERS += \
    %reldir%/kindred/abi.h \
    %reldir%/kindred/threads.h \
    %reldir%/kindred/types.h \
    %reldir%/kindred/status.h \
    %reldir%/kindred/term.h \
    %reldir%/kindred/payload.h

kdextinclude_HEADERS +=
