/* SPDX-License-Identifier: MIT */
/*
 * All memory of the library that is not a thread's stack: malloc's, or that of
 * kd_config::allocator.
 *
 * Whose runtime a thread serves stands in the thread, since most of what takes
 * and gives memory has no other need to know: every way into the library for a
 * runtime is a scope of it (scope.h). Outside of them memory is malloc's. What
 * can go back outside of them, buffers and ports, knows where it is from.
 *
 * What else the C library allocates for us, a getline() say, is its own and
 * goes back by free().
 */
#ifndef KD_BASE_MEMORY_H
#define KD_BASE_MEMORY_H

#include <kindred/embed.h>
#include <stdarg.h>
#include <stddef.h>

/* As those of the C library, errno too, whatever the allocator does with it;
 * kd__free(), which keeps it, takes what these give. */
void *kd__malloc(size_t size);
void *kd__calloc(size_t n, size_t size);
void *kd__realloc(void *block, size_t size);
void kd__free(void *block);
char *kd__strdup(const char *text);
char *kd__strndup(const char *text, size_t len);
/* As realpath(path, NULL). */
char *kd__realpath(const char *path);
int kd__asprintf(char **text, const char *format, ...) KD_PRINTF(2, 3);
int kd__vasprintf(char **text, const char *format, va_list args)
    KD_PRINTF(2, 0);

/* Where this thread's memory comes from now; NULL: malloc. */
extern _Thread_local const kd_allocator *kd__memory_here
    __attribute__((tls_model("initial-exec")));

#endif
