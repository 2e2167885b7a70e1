# SPDX-License-Identifier: MIT
#
# host/runtime: the runtime object that ties the folders together.

libkindred_core_la_SOURCES +=
