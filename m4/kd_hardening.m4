# SPDX-License-Identifier: MIT

# KD_HARDENING
# What a distribution would switch on anyway. Off under a sanitizer, which
# replaces these checks and is confused by them.
AC_DEFUN([KD_HARDENING],
[AS_IF([test -z "$KD_SANITIZE_FLAGS"],
  [KD_CHECK_FLAG([KD_CFLAGS], [-fstack-protector-strong])
   # Without optimization the C library complains, and the probe says no.
   KD_CHECK_FLAG([KD_CFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2])
   KD_CHECK_FLAG([KD_LDFLAGS], [-Wl,-z,relro])
   KD_CHECK_FLAG([KD_LDFLAGS], [-Wl,-z,now])
   KD_CHECK_FLAG([KD_PLUGIN_LDFLAGS], [-Wl,-z,defs])])
# Tests are offered every library; they should carry only what they use.
KD_CHECK_FLAG([KD_LDFLAGS], [-Wl,--as-needed])
AC_SUBST([KD_LDFLAGS])
AC_SUBST([KD_PLUGIN_LDFLAGS])
])
