# SPDX-License-Identifier: MIT
#
# host/entry: YAML to checked entries; alone in knowing libyaml.

libkindred_core_la_SOURCES +=
