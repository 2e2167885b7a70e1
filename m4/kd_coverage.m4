# SPDX-License-Identifier: MIT

# KD_COVERAGE
# --enable-coverage counts which lines and branches run, for `make coverage`.
AC_DEFUN([KD_COVERAGE],
[AC_ARG_ENABLE([coverage],
  [AS_HELP_STRING([--enable-coverage],
     [count what the tests run, for make coverage (with gcc and lcov)])],
  [], [enable_coverage=no])
AS_IF([test "$enable_coverage" != no],
  [kd_coverage_flags=
   KD_CHECK_FLAG([kd_coverage_flags], [--coverage -fprofile-update=atomic])
   AS_IF([test -z "$kd_coverage_flags"],
     [AC_MSG_ERROR([$CC cannot build with --coverage])])
   KD_CFLAGS="$KD_CFLAGS $kd_coverage_flags"
   AS_VAR_APPEND([KD_CFLAGS],
     [' -include $(top_srcdir)/tests/coverage/count_first.h'])
   KD_LDFLAGS="$KD_LDFLAGS --coverage"])
AC_SUBST([enable_coverage])
])
