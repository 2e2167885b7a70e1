/* SPDX-License-Identifier: MIT */
/*
 * Whom a program means: pids before names, so that nobody can take a name that
 * looks like another process.
 */

#include "value/dest.h"

#include "process/process.h"
#include "value/error.h"

#include <lauxlib.h>
#include <string.h>

/* Not inlined, since it is seldom needed. */
static void search(struct kl__process *p, struct kl__dest *dest)
    __attribute__((noinline));
static void replace_zeros(lua_State *L, const char *text, size_t len);
static void remember(struct kl__known *known, const struct kl__dest *dest);
static int refuse_node(lua_State *L, const char *text, const char *end);

void
kl__dest_read(lua_State *L, int index, struct kl__dest *dest)
{
    dest->text = kl__dest_text(L, index, &dest->len);
    kl__dest_find(kl__process_of(L), dest);
}

void
kl__dest_find(struct kl__process *p, struct kl__dest *dest)
{
    const struct kl__known *known = &p->mail.known;

    if (known->len > 0 && dest->len == known->len &&
        memcmp(dest->text, known->text, known->len) == 0) {
        dest->pid = known->pid;
        dest->status = KD_OK;
        return;
    }
    search(p, dest);
}

const char *
kl__dest_line(lua_State *L, int index, size_t *len)
{
    size_t text_len;
    const char *text = kl__dest_text(L, index, &text_len);

    if (memchr(text, '\0', text_len) != NULL) {
        replace_zeros(L, text, text_len);
        lua_replace(L, index);
        text = lua_tolstring(L, index, &text_len);
    }
    if (len != NULL)
        *len = text_len;
    return text;
}

int
kl__dest_refuse(lua_State *L, const struct kl__dest *dest)
{
    const char *at = dest->text;
    const char *end;

    if (dest->status != KD_ENOHOST && dest->status != KD_ENONODE)
        return kl__error_nil(L, "NotFound", KL_RETRY_UNKNOWN,
            "could not resolve '%s' as PID or registered name", at);
    /* It has the form of a pid: `{host id|`, or `{node@host id|`. */
    at++;
    end = strchr(at, '|');
    if (end == NULL)
        end = at + strlen(at);
    if (dest->status == KD_ENONODE)
        return refuse_node(L, at, end);
    if (memchr(at, '@', (size_t)(end - at)) != NULL)
        at = strchr(at, '@') + 1;
    return kl__error_nil(L, "NotFound", KL_RETRY_UNKNOWN,
        "host not found: %.*s", (int)(end - at), at);
}

void
kl__dest_push(lua_State *L, kd_pid pid)
{
    const kd_api *api = kl__process_of(L)->api;
    char text[KD_PID_TEXT];

    lua_pushlstring(L, text, api->pid_text(api, pid, text));
}

static void
search(struct kl__process *p, struct kl__dest *dest)
{
    const kd_api *api = p->api;

    dest->status = KD_EINVAL;
    if (dest->len > 0 && dest->text[0] == '{') {
        dest->status = api->pid_parse(api, dest->text, dest->len, &dest->pid);
        if (dest->status == KD_OK)
            remember(&p->mail.known, dest);
    }
    if (dest->status == KD_EINVAL)
        dest->status = api->name_find(api, dest->text, dest->len, &dest->pid);
}

/* What a text means as a pid is the same for ever, whoever lives. */
static void
remember(struct kl__known *known, const struct kl__dest *dest)
{
    if (dest->len > sizeof(known->text))
        return;
    memcpy(known->text, dest->text, dest->len);
    known->len = dest->len;
    known->pid = dest->pid;
}

static int
refuse_node(lua_State *L, const char *text, const char *end)
{
    const char *at = (const char *)memchr(text, '@', (size_t)(end - text));

    if (at != NULL)
        end = at;
    return kl__error_nil(L, "NotFound", KL_RETRY_UNKNOWN,
        "node not found: %.*s", (int)(end - text), text);
}

static void
replace_zeros(lua_State *L, const char *text, size_t len)
{
    luaL_Buffer b;

    luaL_buffinit(L, &b);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\0')
            luaL_addlstring(&b, "\\0", 2);
        else
            luaL_addchar(&b, text[i]);
    }
    luaL_pushresult(&b);
}
