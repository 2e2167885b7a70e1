# SPDX-License-Identifier: MIT
#
# The libraries that we build on. All that are missing are named at once, with
# the Debian package to install, so that nobody has to configure four times.

# KD_PACKAGE(PREFIX, PKG-CONFIG MODULE, DEBIAN PACKAGE)
AC_DEFUN([KD_PACKAGE],
[m4_ifndef([PKG_CHECK_MODULES],
  [m4_fatal([pkg.m4 is missing: install the Debian package pkg-config])])dnl
AC_REQUIRE([PKG_PROG_PKG_CONFIG])dnl
PKG_CHECK_MODULES([$1], [$2], [],
  [AS_VAR_APPEND([kd_missing_modules], [" $2"])
   AS_VAR_APPEND([kd_missing_packages], [" $3"])])
])

# KD_PACKAGES_DONE
AC_DEFUN([KD_PACKAGES_DONE],
[AS_IF([test -n "$kd_missing_packages"],
  [AC_MSG_ERROR([pkg-config does not know:$kd_missing_modules.
On Debian, 'apt-get install$kd_missing_packages' brings what is missing.])])
])

# KD_LIBRARY(PREFIX, FUNCTION, LIBRARY)
# Set PREFIX_LIBS to what FUNCTION needs, and leave LIBS alone.
AC_DEFUN([KD_LIBRARY],
[kd_saved_LIBS=$LIBS
LIBS=
AC_SEARCH_LIBS([$2], [$3], [], [AC_MSG_ERROR([$2 is in no library here])])
$1_LIBS=$LIBS
LIBS=$kd_saved_LIBS
AC_SUBST([$1_LIBS])
])

# KD_READ_ABI_MAJOR
# Read the major of the plugin ABI from the header, where it is stated once.
AC_DEFUN([KD_READ_ABI_MAJOR],
[AC_MSG_CHECKING([for the major of the plugin ABI])
KD_ABI_MAJOR=`sed -n 's/^.define KD_ABI_MAJOR \([[0-9]]*\)$/\1/p' \
    "$srcdir/include/kindred/abi.h"`
AS_IF([test -z "$KD_ABI_MAJOR"],
  [AC_MSG_ERROR([include/kindred/abi.h does not define KD_ABI_MAJOR])])
AC_MSG_RESULT([$KD_ABI_MAJOR])
AC_SUBST([KD_ABI_MAJOR])
])
