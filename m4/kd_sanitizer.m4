# SPDX-License-Identifier: MIT

# KD_SANITIZER
# --enable-sanitizer=LIST goes to the compiler as -fsanitize=LIST, in our
# flags and not in the user's, so that configure's probes run without it.
AC_DEFUN([KD_SANITIZER],
[AC_ARG_ENABLE([sanitizer],
  [AS_HELP_STRING([--enable-sanitizer=LIST],
     [build with sanitizers: address,undefined or thread])],
  [], [enable_sanitizer=$kd_sanitizer_default])
KD_SANITIZE_FLAGS=
AS_CASE([$enable_sanitizer],
  [no], [],
  [yes], [AC_MSG_ERROR([--enable-sanitizer wants a list: address,undefined or thread])],
  [kd_found=no
   KD_CHECK_FLAG([KD_SANITIZE_FLAGS], [-fsanitize=$enable_sanitizer])
   AS_IF([test -z "$KD_SANITIZE_FLAGS"],
     [AC_MSG_ERROR([$CC cannot build with -fsanitize=$enable_sanitizer])])
   AS_VAR_APPEND([KD_SANITIZE_FLAGS],
     [" -fno-omit-frame-pointer -fno-sanitize-recover=all"])])
KD_CFLAGS="$KD_CFLAGS $KD_SANITIZE_FLAGS"
KD_LDFLAGS="$KD_LDFLAGS $KD_SANITIZE_FLAGS"
AC_SUBST([KD_SANITIZE_FLAGS])
AC_SUBST([enable_sanitizer])
AM_CONDITIONAL([KD_SANITIZED], [test -n "$KD_SANITIZE_FLAGS"])
])
