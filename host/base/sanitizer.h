/* SPDX-License-Identifier: MIT */
/*
 * Which sanitizer the code is built for: what would hide mistakes from it is
 * done in the plain way then.
 */
#ifndef KD_BASE_SANITIZER_H
#define KD_BASE_SANITIZER_H

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KD__SANITIZE_THREAD 1
#endif
#if __has_feature(address_sanitizer)
#define KD__SANITIZE_ADDRESS 1
#endif
#endif

#if !defined(KD__SANITIZE_THREAD) && defined(__SANITIZE_THREAD__)
#define KD__SANITIZE_THREAD 1
#endif
#if !defined(KD__SANITIZE_ADDRESS) && defined(__SANITIZE_ADDRESS__)
#define KD__SANITIZE_ADDRESS 1
#endif

#ifndef KD__SANITIZE_THREAD
#define KD__SANITIZE_THREAD 0
#endif
#ifndef KD__SANITIZE_ADDRESS
#define KD__SANITIZE_ADDRESS 0
#endif

#endif
