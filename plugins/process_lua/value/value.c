/* SPDX-License-Identifier: MIT */
/*
 * Values across the border of a Lua state: the entrances to encode.c and
 * decode.c, which leave the stack as they promise whatever happens within.
 */

#include "value/value.h"

#include "program/program.h"
#include "value/encode.h"
#include "value/error.h"

static void encoder_init(struct kl__encoder *e, lua_State *L, kd_writer *to);
static int finish(struct kl__encoder *e, int top, int status);

int
kl__value_write(lua_State *L, int index, const char *root, kd_writer *to)
{
    struct kl__encoder e;
    int top = lua_gettop(L);

    encoder_init(&e, L, to);
    e.root = root;
    return finish(&e, top, kl__encode_value(&e, lua_absindex(L, index)));
}

int
kl__value_write_args(lua_State *L, int first, int last, kd_writer *to)
{
    struct kl__encoder e;
    int top = lua_gettop(L);
    int status = 0;

    encoder_init(&e, L, to);
    kd_write_array(to, last < first ? 0 : (size_t)(last - first) + 1);
    for (int index = first; index <= last && status == 0; index++) {
        e.argument++;
        status = kl__encode_value(&e, index);
        if (status == 0)
            status = kl__encode_check_size(&e);
    }
    return finish(&e, top, status);
}

int
kl__value_read_args(lua_State *L, const kd_payload *args)
{
    kd_reader from = kd_reader_make(args->data, args->len);
    int top = lua_gettop(L);
    kd_item head;

    if (args->format == KD_FORMAT_NONE)
        return 0;
    if (args->format != KD_FORMAT_TERM ||
        kd_reader_next(&from, &head) != KD_TERM_ARRAY ||
        head.len > INT32_MAX - 8 || !lua_checkstack(L, (int)head.len + 8))
        return -1;
    for (size_t left = head.len; left > 0; left--) {
        if (kl__decode_value(L, &from, 0) != 0) {
            lua_settop(L, top);
            return -1;
        }
    }
    return (int)head.len;
}

int
kl__value_refuse(lua_State *L, int retryable)
{
    struct kl__process *p = kl__process_of(L);
    int is_memory = p->scratch.status != KD_OK;

    kl__value_scratch_trim(p);
    lua_pushnil(L);
    lua_insert(L, -2);
    kl__error_make(L, is_memory ? "Internal" : "Invalid",
        is_memory ? KL_RETRY_UNKNOWN : retryable);
    return 2;
}

static void
encoder_init(struct kl__encoder *e, lua_State *L, kd_writer *to)
{
    struct kl__process *p = kl__process_of(L);

    memset(e, 0, sizeof(*e));
    e->L = L;
    e->to = to;
    e->root = "args";
    e->max_bytes = to->len;
    e->max_bytes +=
        p == NULL ? KL_MESSAGE_BYTES_DEFAULT : p->program->message_bytes;
}

static int
finish(struct kl__encoder *e, int top, int status)
{
    if (status == 0 && e->to->status == KD_OK)
        return 0;
    if (status == 0)
        lua_pushliteral(e->L, "out of memory");
    if (lua_gettop(e->L) > top + 1)
        lua_replace(e->L, top + 1);
    lua_settop(e->L, top + 1);
    return -1;
}
