/* SPDX-License-Identifier: MIT */
/*
 * Puts whole chunk names back.
 */

#include "program/long_name.h"

#include "process/process.h"
#include "program/program.h"

#include <lauxlib.h>
#include <string.h>

/* Room for a name, its end and an `@` in front included. */
#define SHOWN (LUA_IDSIZE - 1)

static void restore(lua_State *L, int index, const char *name, size_t len);

void
kl__long_names_restore(lua_State *L, int index)
{
    const struct kl__process *p = kl__process_of(L);
    const struct kl__program *program = p == NULL ? NULL : p->program;
    size_t i;

    if (program == NULL)
        return;
    for (i = 0; i < program->n_units; i++) {
        const char *name = program->units[i].chunk + 1;
        size_t len = strlen(name);

        if (len > SHOWN)
            restore(L, index, name, len);
    }
}

/* Always with the colon before the line, so that nothing else is replaced. */
static void
restore(lua_State *L, int index, const char *name, size_t len)
{
    const char *cut =
        lua_pushfstring(L, "...%s:", name + len - (SHOWN - strlen("...")));

    lua_pushfstring(L, "%s:", name);
    luaL_gsub(L, lua_tostring(L, index), cut, lua_tostring(L, -1));
    lua_replace(L, index);
    lua_pop(L, 2);
}
