/* SPDX-License-Identifier: MIT */
/*
 * Whether AddressSanitizer watches, and how it is told of memory that must not
 * be touched although malloc has not taken it back.
 */
#ifndef KL_ASAN_H
#define KL_ASAN_H

#if defined(__SANITIZE_ADDRESS__)
#define KL_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KL_ASAN 1
#endif
#endif

#ifdef KL_ASAN
#include <sanitizer/asan_interface.h>
#define kl__asan_poison(at, len) ASAN_POISON_MEMORY_REGION((at), (len))
#else
#define KL_ASAN                  0
#define kl__asan_poison(at, len) ((void)(at), (void)(len))
#endif

#endif
