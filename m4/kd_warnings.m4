# SPDX-License-Identifier: MIT
#
# Flags that we want are probed one by one and put into AM_CFLAGS; CFLAGS is
# the user's and is never written.

# KD_CHECK_FLAG(VARIABLE, FLAG)
# Append FLAG to VARIABLE when the compiler takes it without a word. -Werror
# is there because clang only warns of a flag that it does not know.
AC_DEFUN([KD_CHECK_FLAG],
[AS_VAR_PUSHDEF([kd_cv], [kd_cv_flag_$2])dnl
AC_CACHE_CHECK([whether $CC accepts $2], [kd_cv],
  [kd_saved_CFLAGS=$CFLAGS
   CFLAGS="$CFLAGS -Werror $2"
   AC_LINK_IFELSE(
     [AC_LANG_PROGRAM([[#include <stdlib.h>]], [[return abs(0);]])],
     [AS_VAR_SET([kd_cv], [yes])], [AS_VAR_SET([kd_cv], [no])])
   CFLAGS=$kd_saved_CFLAGS])
AS_VAR_IF([kd_cv], [yes], [AS_VAR_APPEND([$1], [" $2"])])
AS_VAR_POPDEF([kd_cv])dnl
])

# KD_WARNINGS
# The warnings of CONTRIBUTING.md; all of them fatal with --enable-werror.
AC_DEFUN([KD_WARNINGS],
[AC_ARG_ENABLE([werror],
  [AS_HELP_STRING([--enable-werror], [make every warning an error])],
  [], [enable_werror=no])
m4_foreach_w([kd_flag], [-std=c11 -Wall -Wextra -Wpedantic -Wshadow
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
    -Wformat=2 -Wcast-qual -Wwrite-strings -Wpointer-arith -Wvla -Wundef
    -Wconversion -Wimplicit-fallthrough
    -Werror=implicit-function-declaration
    -Werror=incompatible-pointer-types -Werror=return-type -Werror=vla],
  [KD_CHECK_FLAG([KD_CFLAGS], kd_flag)
])
# The sanitizers' own checks make gcc see null pointers where there are none.
AS_IF([test -z "$KD_SANITIZE_FLAGS"],
  [KD_CHECK_FLAG([KD_CFLAGS], [-Wnull-dereference])])
AS_IF([test "x$enable_werror" = xyes], [AS_VAR_APPEND([KD_CFLAGS], [" -Werror"])])
AC_SUBST([KD_CFLAGS])
])

# KD_VISIBILITY
# Only what is marked KD_EXPORT leaves a shared object.
AC_DEFUN([KD_VISIBILITY],
[KD_CHECK_FLAG([KD_CFLAGS], [-fvisibility=hidden])])
