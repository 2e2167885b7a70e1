# SPDX-License-Identifier: MIT
#
# Small complete applications. A folder is named here as a whole.

EXTRA_DIST += \
    %reldir%/heartbeat \
    %reldir%/worker-pool
