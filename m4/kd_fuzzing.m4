# SPDX-License-Identifier: MIT

# KD_FUZZING
# --enable-fuzzing makes the targets of tests/fuzz fuzzers, which wants clang.
# Comes before KD_SANITIZER: all code is then built to show where it has been.
AC_DEFUN([KD_FUZZING],
[AC_ARG_ENABLE([fuzzing],
  [AS_HELP_STRING([--enable-fuzzing],
     [build the targets of tests/fuzz as fuzzers (with CC=clang)])],
  [], [enable_fuzzing=no])
KD_FUZZ_MAIN=
kd_sanitizer_default=no
AS_IF([test "$enable_fuzzing" != no],
  [KD_CHECK_FLAG([KD_FUZZ_MAIN], [-fsanitize=fuzzer-no-link])
   AS_IF([test -z "$KD_FUZZ_MAIN"],
     [AC_MSG_ERROR([--enable-fuzzing wants CC=clang: $CC has no libFuzzer])])
   KD_FUZZ_MAIN=-fsanitize=fuzzer
   kd_sanitizer_default=address,undefined,fuzzer-no-link])
AC_SUBST([KD_FUZZ_MAIN])
AM_CONDITIONAL([KD_FUZZING], [test "$enable_fuzzing" != no])
])
