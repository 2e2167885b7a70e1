/* SPDX-License-Identifier: MIT */
/*
 * Payload objects (semantics M6): a value that came with a message, decoded
 * when it is first asked for.
 */
#ifndef KL_PAYLOAD_H
#define KL_PAYLOAD_H

#include <kindred/payload.h>
#include <lua.h>

#include "value/object.h"

extern const struct kl__type kl__payload_type;

/* User value: the value, once decoded, and until then what has its bytes. */
#define KL_PAYLOAD_CONTENT 1

/* Pop a value and push a Payload of it. */
void kl__payload_new(lua_State *L, uint32_t format);

/*
 * Push a Payload of bytes that lie in the userdata at an absolute index, which
 * it keeps.
 */
void kl__payload_view(
    lua_State *L, int holder, uint32_t format, const void *data, size_t len);

int kl__payload_is(lua_State *L, int index);

/* Its format, KL_FORMAT_ERROR if it holds an Error; raises if it is none. */
uint32_t kl__payload_format(lua_State *L, int index);

/* Push the value that the Payload at an index holds: the same each time. */
void kl__payload_push_value(lua_State *L, int index);

/*
 * The bytes of a Payload; of format KD_FORMAT_NONE when it has been decoded,
 * and then its user value KL_PAYLOAD_CONTENT is what it holds.
 */
kd_payload kl__payload_bytes(lua_State *L, int index);

/*
 * Push the value of a received payload; one that is malformed reads as an
 * Error.
 */
void kl__payload_read(lua_State *L, const kd_payload *payload);

/* Whether the value of this payload is a scalar or a string. */
int kl__payload_is_flat(const kd_payload *payload);

/* Methods of Payloads, in payload_transcode.c. */
int kl__payload_transcode(lua_State *L);
int kl__payload_unmarshal(lua_State *L);

#endif
