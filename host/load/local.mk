# SPDX-License-Identifier: MIT
#
# host/load: finding, opening and checking plugins; alone in knowing libdl.

libkindred_core_la_SOURCES +=
