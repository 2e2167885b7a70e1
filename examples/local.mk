# SPDX-License-Identifier: MIT
#
# Small complete applications. A folder is named here as a whole.

EXTRA_DIST += \
    %reldir%/calculator \
    %reldir%/blocking \
    %reldir%/circuit-breaker \
    %reldir%/counter \
    %reldir%/embed-loop \
    %reldir%/foreign-port \
    %reldir%/heartbeat \
    %reldir%/lua-module \
    %reldir%/shop \
    %reldir%/tcp-echo \
    %reldir%/worker-pool
