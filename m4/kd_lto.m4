# SPDX-License-Identifier: MIT

# KD_LTO
# The host and the plugins are optimized across their files where the compiler
# can. Their objects hold ordinary code as well, so that the many tests, which
# are linked from the same archives, need not wait for it: they say -fno-lto.
# Off in builds that are for looking for faults.
AC_DEFUN([KD_LTO],
[AC_ARG_ENABLE([lto],
  [AS_HELP_STRING([--disable-lto],
     [do not optimize across files: builds sooner, runs slower])],
  [], [enable_lto=yes])
KD_LTO_CFLAGS=
KD_LTO_LDFLAGS=
AS_IF([test "x$KD_SANITIZE_FLAGS$enable_lto" = xyes &&
       test "x$enable_coverage" = xno],
  [KD_CHECK_FLAG([KD_LTO_CFLAGS], [-flto=auto -ffat-lto-objects])])
AS_IF([test -n "$KD_LTO_CFLAGS"],
  # Seen across files, what one never passes looks like a fault of another.
  [KD_LTO_LDFLAGS="-flto=auto -Wno-null-dereference -Wno-maybe-uninitialized"
   KD_LDFLAGS="$KD_LDFLAGS -fno-lto"])
AC_SUBST([KD_LTO_CFLAGS])
AC_SUBST([KD_LTO_LDFLAGS])
])
