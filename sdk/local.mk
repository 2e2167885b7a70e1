# SPDX-License-Identifier: MIT
#
# What a third party takes besides the headers.

pkgconfig_DATA += %reldir%/kindred.pc
