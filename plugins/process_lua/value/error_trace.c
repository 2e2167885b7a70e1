/* SPDX-License-Identifier: MIT */
/*
 * Where an Error was made: Lua's traceback, and the same taken apart for
 * errors.call_stack(). It is kept as text only, because that is what can travel
 * to another process.
 */

#include "value/error.h"

#include "program/long_name.h"
#include "value/traceback.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#define TITLE     "stack traceback:\n"
#define PLACE_END ": in "

/* How a traceback ends with what calls the chunks and main: boot.c. */
#define BOOT "\n\t[C]: in ?"

static const char *find_trace(const char *text);
static int push_frame(
    lua_State *L, int level, const char *line, const char *end);
static void set_place(lua_State *L, const char *place, const char *end);
static void set_name(lua_State *L, const char *what, const char *end);
static void set_text(
    lua_State *L, const char *key, const char *text, const char *end);
static const char *find(const char *text, const char *end, const char *what);

void
kl__error_trace(lua_State *L, lua_State *of, int level)
{
    const char *text;
    size_t len;

    kl__traceback_push(L, of, level);
    kl__long_names_restore(L, lua_gettop(L));
    text = lua_tolstring(L, -1, &len);
    if (len <= strlen(BOOT) || strcmp(text + len - strlen(BOOT), BOOT) != 0)
        return;
    lua_pushlstring(L, text, len - strlen(BOOT));
    lua_remove(L, -2);
}

void
kl__error_frames(lua_State *L, const char *trace)
{
    const char *line = strstr(find_trace(trace), "\n\t");
    int count = 0;

    lua_createtable(L, 0, 2);
    lua_pushliteral(L, "main");
    lua_setfield(L, -2, "thread");
    lua_newtable(L);
    while (line != NULL) {
        const char *next = strstr(line + 2, "\n\t");
        const char *end = next == NULL ? line + strlen(line) : next;

        if (push_frame(L, count + 1, line + 2, end))
            lua_rawseti(L, -2, ++count);
        line = next;
    }
    lua_setfield(L, -2, "frames");
}

/* What errors.wrap() has put in front may look like anything. */
static const char *
find_trace(const char *text)
{
    const char *found = text;

    while ((text = strstr(text, TITLE)) != NULL)
        found = text++;
    return found;
}

/* Lines that name no function, such as the note on tail calls, are left out. */
static int
push_frame(lua_State *L, int level, const char *line, const char *end)
{
    const char *place_end = find(line, end, PLACE_END);
    const char *what;

    if (place_end == NULL)
        return 0;
    what = place_end + strlen(PLACE_END);
    lua_createtable(L, 0, 5);
    lua_pushinteger(L, level);
    lua_setfield(L, -2, "level");
    set_place(L, line, place_end);
    set_name(L, what, end);
    if (find(line, place_end, "[C]") == line)
        set_text(L, "type", "C", NULL);
    else if (find(what, end, "main chunk") == what)
        set_text(L, "type", "main", NULL);
    else
        set_text(L, "type", "Lua", NULL);
    return 1;
}

/* `source:line`, or only a source. */
static void
set_place(lua_State *L, const char *place, const char *end)
{
    const char *digits = end;
    lua_Integer line = -1;

    while (digits > place && digits[-1] >= '0' && digits[-1] <= '9')
        digits--;
    if (digits < end && digits > place + 1 && digits[-1] == ':') {
        line = strtol(digits, NULL, 10);
        end = digits - 1;
    }
    set_text(L, "source", place, end);
    lua_pushinteger(L, line);
    lua_setfield(L, -2, "line");
}

/* What stands in quotes, if anything does. */
static void
set_name(lua_State *L, const char *what, const char *end)
{
    const char *quote = find(what, end, "'");
    const char *close = quote == NULL ? NULL : find(quote + 1, end, "'");

    if (close == NULL)
        set_text(L, "name", "", NULL);
    else
        set_text(L, "name", quote + 1, close);
}

static void
set_text(lua_State *L, const char *key, const char *text, const char *end)
{
    lua_pushlstring(L, text, end == NULL ? strlen(text) : (size_t)(end - text));
    lua_setfield(L, -2, key);
}

static const char *
find(const char *text, const char *end, const char *what)
{
    return (const char *)memmem(text, (size_t)(end - text), what, strlen(what));
}
