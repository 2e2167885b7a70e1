/* SPDX-License-Identifier: MIT */
/*
 * Only modules that fill themselves are opened here, and that are the same for
 * all processes: nothing here has a process behind it yet.
 */

#include "program/foresee.h"

#include "channel/channel_core.h"
#include "channel/select.h"
#include "mail/message.h"
#include "modules/builtin.h"
#include "modules/lazy.h"
#include "modules/lib_base.h"
#include "process/process.h"
#include "program/image_tables.h"
#include "program/program.h"
#include "time/time_value.h"
#include "value/payload.h"

#include <ctype.h>
#include <lauxlib.h>
#include <string.h>

static const char *const modules[] = {"channel", "process", "time"};

/* What nothing after a word goes without. */
static const struct {
    const char *word;
    const struct kl__type *type; /* Of objects. */
    int is_kept;                 /* Such an object, by the registry. */
} objects[] = {
    {"inbox", &kl__channel_type, 1},
    {"listen", &kl__channel_type, 1},
    {"events", &kl__channel_type, 1},
    {"channel", &kl__channel_type, 0},
    {"case_receive", &kl__case_type, 0},
    {"case_send", &kl__case_type, 0},
    {"inbox", &kl__message_type, 0},
    {"payload", &kl__payload_type, 0},
    {"now", &kl__time_type, 0},
};

/* Of the list of tables that have been made. */
#define MADE 1

static void foresee_unit(lua_State *L, const struct kl__unit *unit);
static void open_module(lua_State *L, const char *name);
static void foresee_objects(lua_State *L, const kd_node *source);
static void add_made(lua_State *L);
static void keep_made(lua_State *L, struct kl__image *image);
static int is_mentioned(const void *arg, const char *word);
static int is_part(char c);

int
kl__foresee(lua_State *L)
{
    const struct kl__program *program = kl__process_of(L)->program;
    struct kl__image *image = lua_touserdata(L, 1);

    if (!kl__image_knows_tables(L))
        return 0;
    lua_newtable(L);
    lua_replace(L, MADE);
    for (size_t i = 0; i < program->n_units; i++)
        foresee_unit(L, &program->units[i]);
    keep_made(L, image);
    lua_pushboolean(L, 1);
    return 1;
}

static void
foresee_unit(lua_State *L, const struct kl__unit *unit)
{
    const kd_api *api = kl__process_of(L)->api;
    const kd_node *source = api->entry_get(unit->entry, "source");

    for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
        if (!is_mentioned(source, modules[i]))
            continue;
        open_module(L, modules[i]);
        if (lua_istable(L, -1)) {
            kl__readonly_push_inner(L, -1);
            kl__lazy_fill(L, -1, is_mentioned, source);
            lua_pop(L, 1);
            add_made(L);
        }
        lua_settop(L, MADE);
    }
    foresee_objects(L, source);
}

/*
 * Their metatables, which take longer to make than all of a small process, and
 * longer still once its memory has left the cache; and their places in the
 * registry, which grows with the first reference.
 */
static void
foresee_objects(lua_State *L, const kd_node *source)
{
    int refs[sizeof(objects) / sizeof(objects[0])];
    size_t n_refs = 0;

    for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
        if (!is_mentioned(source, objects[i].word))
            continue;
        kl__object_foresee(L, objects[i].type, is_mentioned, source);
        add_made(L);
        lua_pop(L, 1);
        if (!objects[i].is_kept)
            continue;
        lua_pushboolean(L, 1);
        refs[n_refs++] = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    while (n_refs > 0)
        luaL_unref(L, LUA_REGISTRYINDEX, refs[--n_refs]);
}

/* The table on top, which stays there. */
static void
add_made(lua_State *L)
{
    lua_pushvalue(L, -1);
    lua_rawseti(L, MADE, (lua_Integer)lua_rawlen(L, MADE) + 1);
}

/*
 * Now that no unit has anything to add to them. On a stack that is thrown away:
 * the fields of a table come in an order that depends on the state's seed, and
 * with it what is left on the stack, where images are to be alike.
 */
static void
keep_made(lua_State *L, struct kl__image *image)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, MADE);
    lua_State *other = kl__thread_push(L);

    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, MADE, i);
        lua_xmove(L, other, 1);
        kl__image_keep(other, image);
        lua_pop(other, 1);
    }
    lua_pop(L, 1);
}

/* Push it, or nil; what a program must declare is no global by itself. */
static void
open_module(lua_State *L, const char *name)
{
    int index = kl__builtin_find(name, strlen(name));

    if (!kl__builtin_is_declared(index))
        lua_getglobal(L, name);
    else if (!kl__builtin_push(L, index))
        lua_pushnil(L);
}

/* Whether the source has this word, be it in a comment. */
static int
is_mentioned(const void *arg, const char *word)
{
    const kd_node *source = arg;
    const char *at = source->text;
    size_t len = strlen(word);

    while ((at = strstr(at, word)) != NULL) {
        if ((at == source->text || !is_part(at[-1])) && !is_part(at[len]))
            return 1;
        at += len;
    }
    return 0;
}

static int
is_part(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}
