/* SPDX-License-Identifier: MIT */
/*
 * The formats of Payload objects, and their names for programs (semantics B7).
 */
#ifndef KL_PAYLOAD_FORMAT_H
#define KL_PAYLOAD_FORMAT_H

#include <kindred/payload.h>

/* Those that the host does not know; they never leave a process. */
#define KL_FORMAT_JSON    ((uint32_t)0x4b4c0001)
#define KL_FORMAT_YAML    ((uint32_t)0x4b4c0002)
#define KL_FORMAT_MSGPACK ((uint32_t)0x4b4c0003)
#define KL_FORMAT_ERROR   ((uint32_t)0x4b4c0004)

/* "lua/any" for KD_FORMAT_TERM and whatever is unknown. */
const char *kl__format_name(uint32_t format);

/* KD_FORMAT_NONE for a name that nothing has. */
uint32_t kl__format_find(const char *name);

/* The index-th format and what `payload.format` calls it, or NULL. */
const char *kl__format_constant(size_t index, uint32_t *format);

#endif
