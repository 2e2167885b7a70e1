# SPDX-License-Identifier: MIT
#
# host/proc: the process record and all that belongs to it.

libkindred_core_la_SOURCES +=
