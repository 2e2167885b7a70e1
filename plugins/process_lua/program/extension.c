/* SPDX-License-Identifier: MIT */
/*
 * Offers are believed as little as anything that comes with a plugin. One that
 * cannot be used is kept with the reason, and is an error of the entries that
 * name it, not of the others.
 */

#include "program/extension.h"

#include "modules/builtin.h"
#include "modules/lib_base.h"
#include "process/process.h"
#include "program/program.h"
#include "value/error.h"
#include "value/value.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_LEN 31

static const char name_is_taken[] = "process.lua has the name itself";

static const char *problem_of(
    struct kl__extensions *before, const kd_lua_module *module);
static const char *note_twin(struct kl__extensions *before, const char *name);
static int is_name(const char *name);
static int open_module(lua_State *L);
static kd_proc *lua_proc(lua_State *L);
static kd_lua_owned *lua_own(lua_State *L, void (*release)(void *thing));
static void lua_disown(lua_State *L, kd_lua_owned *owned);
static void lua_push_error(lua_State *L, const kd_error *err);
static kd_status lua_push(lua_State *L, const kd_payload *payload);
static kd_status lua_encode(
    lua_State *L, int index, kd_payload *payload, kd_error *err);

static const kd_lua services = {
    .size = sizeof(kd_lua),
    .proc = lua_proc,
    .own = lua_own,
    .disown = lua_disown,
    .push_error = lua_push_error,
    .push = lua_push,
    .encode = lua_encode,
};

kd_status
kl__extensions_init(struct kl__extensions *extensions, const kd_api *api)
{
    const kd_lua_module *module;
    struct kl__extension *list;
    size_t count = 0;

    while (count < KL_EXTENSIONS_MAX &&
           api->offer(api, KD_LUA_OFFER, count) != NULL)
        count++;
    if (count == 0)
        return KD_OK;
    list = calloc(count, sizeof(*list));
    if (list == NULL)
        return KD_ENOMEM;
    extensions->list = list;
    for (size_t i = 0; i < count; i++) {
        module = api->offer(api, KD_LUA_OFFER, i);
        list[i].module = module;
        list[i].problem = problem_of(extensions, module);
        list[i].lua = services;
        list[i].lua.api = api;
        list[i].lua.state = api->offer_state(api, KD_LUA_OFFER, i);
        extensions->count++;
    }
    return KD_OK;
}

void
kl__extensions_fini(struct kl__extensions *extensions)
{
    free(extensions->list);
}

void
kl__extensions_report(
    const struct kl__extensions *extensions, const kd_check *check)
{
    char text[200];

    for (int i = 0; i < extensions->count; i++) {
        if (extensions->list[i].problem != name_is_taken)
            continue;
        snprintf(text, sizeof(text),
            "cannot use module %s, which a plugin offers: %s",
            extensions->list[i].module->name, name_is_taken);
        check->report(check, NULL, NULL, 0, text);
    }
}

int
kl__extension_find(
    const struct kl__extensions *extensions, const char *name, size_t len)
{
    for (int i = 0; extensions != NULL && i < extensions->count; i++) {
        const kd_lua_module *module = extensions->list[i].module;
        const char *own =
            KD_HAS(kd_lua_module, module, name) ? module->name : NULL;

        if (own != NULL && strlen(own) == len && memcmp(own, name, len) == 0)
            return i;
    }
    return -1;
}

/* Kept as those of builtin.c are, by the numbers after theirs. */
void
kl__extension_push(lua_State *L, int index)
{
    struct kl__extension *extension =
        &kl__process_of(L)->program->extensions.list[index];
    lua_Integer number = kl__builtins_count() + 1 + index;

    luaL_checkstack(L, 8, NULL);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    if (lua_rawgeti(L, -1, number) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_pushcfunction(L, open_module);
        lua_pushlightuserdata(L, extension);
        lua_call(L, 1, 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, number);
        kl__readonly_push_inner(L, -1);
        lua_setfield(L, -3, extension->module->name);
    }
    lua_remove(L, -2);
}

void
kl__owned_release(struct kl__owned **list)
{
    struct kl__owned *owned;

    while ((owned = *list) != NULL) {
        *list = owned->next;
        if (owned->pub.thing != NULL)
            owned->release(owned->pub.thing);
        free(owned);
    }
}

/* `before` are the ones that were offered before it. */
static const char *
problem_of(struct kl__extensions *before, const kd_lua_module *module)
{
    if (module->size < KD_FIRST_SIZE(kd_lua_module))
        return "its description is malformed";
    if (module->build != KD_LUA_BUILD)
        return "it was built for another Lua than " LUA_VERSION;
    if (!is_name(module->name) || module->open == NULL)
        return "its description is malformed";
    if (kl__builtin_find(module->name, strlen(module->name)) >= 0)
        return name_is_taken;
    return note_twin(before, module->name);
}

/* Neither of two is better. */
static const char *
note_twin(struct kl__extensions *before, const char *name)
{
    int twin = kl__extension_find(before, name, strlen(name));

    if (twin < 0)
        return NULL;
    if (before->list[twin].problem == NULL)
        before->list[twin].problem = "two plugins offer it";
    return before->list[twin].problem;
}

static int
is_name(const char *name)
{
    size_t len = name == NULL ? 0 : strlen(name);

    if (len == 0 || len > NAME_MAX_LEN || isdigit((unsigned char)name[0]))
        return 0;
    for (; *name != '\0'; name++) {
        if (!isalnum((unsigned char)*name) && *name != '_')
            return 0;
    }
    return 1;
}

/* Alone with its own stack, so that whatever it leaves there is ours. */
static int
open_module(lua_State *L)
{
    struct kl__extension *extension = lua_touserdata(L, 1);
    int count;

    lua_settop(L, 0);
    count = extension->module->open(L, &extension->lua);
    if (count != 1 || lua_gettop(L) < 1 || lua_isnil(L, -1))
        return luaL_error(
            L, "module '%s' has opened to no value", extension->module->name);
    if (lua_istable(L, -1) && !lua_getmetatable(L, -1))
        kl__readonly(L);
    return 1;
}

static kd_proc *
lua_proc(lua_State *L)
{
    return kl__process_of(L)->proc;
}

static kd_lua_owned *
lua_own(lua_State *L, void (*release)(void *thing))
{
    struct kl__process *p = kl__process_of(L);
    struct kl__owned *owned = calloc(1, sizeof(*owned));

    if (owned == NULL) {
        luaL_error(L, "not enough memory");
        return NULL;
    }
    owned->pub.size = (uint32_t)sizeof(owned->pub);
    owned->release = release;
    owned->next = p->owned;
    owned->link = &p->owned;
    if (p->owned != NULL)
        p->owned->link = &owned->next;
    p->owned = owned;
    return &owned->pub;
}

static void
lua_disown(lua_State *L, kd_lua_owned *pub)
{
    struct kl__owned *owned = (struct kl__owned *)(void *)pub;

    (void)L;
    if (owned == NULL)
        return;
    *owned->link = owned->next;
    if (owned->next != NULL)
        owned->next->link = owned->link;
    owned->next = NULL;
    kl__owned_release(&owned);
}

static void
lua_push_error(lua_State *L, const kd_error *err)
{
    int retryable = (err->flags & KD_ERROR_RETRYABLE) != 0 ? KL_RETRY_YES
                    : (err->flags & KD_ERROR_FINAL) != 0   ? KL_RETRY_NO
                                                           : KL_RETRY_UNKNOWN;
    const char *text =
        err->text[0] == '\0' ? kd_status_text(err->code) : err->text;

    luaL_checkstack(L, 12, NULL);
    kl__error_push(L, kd_status_kind(err->code), retryable, "%s", text);
}

static kd_status
lua_push(lua_State *L, const kd_payload *payload)
{
    kd_reader reader = kd_reader_make(payload->data, payload->len);

    luaL_checkstack(L, 12, NULL);
    if (payload->format == KD_FORMAT_NONE)
        lua_pushnil(L);
    else if (payload->format != KD_FORMAT_TERM ||
             kl__value_read(L, &reader) != 0)
        return KD_EFORMAT;
    return KD_OK;
}

static kd_status
lua_encode(lua_State *L, int index, kd_payload *payload, kd_error *err)
{
    kd_writer *writer = kl__value_scratch(kl__process_of(L));

    luaL_checkstack(L, 12, NULL);
    if (kl__value_write(L, index, "value", writer) != 0) {
        kd_error_set(err, KD_EINVAL, "%s", lua_tostring(L, -1));
        lua_pop(L, 1);
        return KD_EINVAL;
    }
    if (writer->status != KD_OK)
        luaL_error(L, "not enough memory");
    *payload = kd_writer_payload(writer);
    return KD_OK;
}
