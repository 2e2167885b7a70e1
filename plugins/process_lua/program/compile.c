/* SPDX-License-Identifier: MIT */
/*
 * Compiles in a state of its own, which is thrown away: a state that loads
 * source keeps the holes the compiler leaves.
 */

#include "program/compile.h"

#include "program/lexer.h"
#include "program/program.h"

#include <ctype.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lua's sentence speaks of a C stack, which no programmer has touched. */
#define TOO_DEEP                                                               \
    "nested too deeply: Lua takes about 190 levels of blocks, functions, "     \
    "parentheses, tables and right-hand operands (`..` in a row)"

struct job {
    struct kl__unit *unit;
    const kd_node *source;
    const char *text; /* What of it is Lua. */
    size_t len;
    const char *method;
    const kd_check *check;
};

/* What of a source has not been compiled yet. */
struct lines {
    const char *at, *end;
    unsigned long count; /* Of those before. */
};

static int run(lua_State *L);
static int load_with_method(lua_State *L, const struct job *job);
static int is_name(const char *text);
static void report_syntax(lua_State *L, const struct job *job);
static void report(
    const struct job *job, unsigned long line, const char *problem);
static const char *next_line(lua_State *L, void *arg, size_t *len);
static int is_path(const kd_node *source);
static int write_code(lua_State *L, const void *data, size_t len, void *unit);

kd_status
kl__compile(struct kl__unit *unit, const kd_node *source, const char *method,
    const kd_check *check)
{
    size_t skipped = kl__lexer_skip(source->text, source->len);
    struct job job = {unit, source, source->text + skipped,
        source->len - skipped, method, check};
    const char *name = source->chunk == NULL ? "source" : source->chunk;
    lua_State *L;
    int status;

    unit->chunk = malloc(strlen(name) + 2);
    if (unit->chunk == NULL)
        return KD_ENOMEM;
    sprintf(unit->chunk, "@%s", name);
    L = luaL_newstate();
    if (L == NULL)
        return KD_ENOMEM;
    lua_pushcfunction(L, run);
    lua_pushlightuserdata(L, &job);
    status = lua_pcall(L, 1, 0, 0);
    lua_close(L);
    return status == LUA_OK ? KD_OK : KD_ENOMEM;
}

static int
run(lua_State *L)
{
    const struct job *job = lua_touserdata(L, 1);

    if (load_with_method(L, job) != LUA_OK &&
        luaL_loadbufferx(L, job->text, job->len, job->unit->chunk, "t") !=
            LUA_OK) {
        report_syntax(L, job);
        return 0;
    }
    if (lua_dump(L, write_code, job->unit, 0) != 0)
        return luaL_error(L, "out of memory");
    return 0;
}

/* The line is new, because the source may end in a comment. */
static int
load_with_method(lua_State *L, const struct job *job)
{
    luaL_Buffer text;
    int status;

    if (job->method == NULL || !is_name(job->method))
        return LUA_ERRSYNTAX;
    luaL_buffinit(L, &text);
    luaL_addlstring(&text, job->text, job->len);
    lua_pushfstring(L, "\nreturn {[\"%s\"]=%s}", job->method, job->method);
    luaL_addvalue(&text);
    luaL_pushresult(&text);
    status = luaL_loadbufferx(
        L, lua_tostring(L, -1), lua_rawlen(L, -1), job->unit->chunk, "t");
    return status;
}

static int
is_name(const char *text)
{
    if (!isalpha((unsigned char)*text) && *text != '_')
        return 0;
    while (isalnum((unsigned char)*text) || *text == '_')
        text++;
    return *text == '\0';
}

/*
 * Compiles once more: under a name of one byte, so that the place can be taken
 * off the message whatever the chunk is called, and line by line, because Lua
 * names no place where its own stack is too small.
 */
static void
report_syntax(lua_State *L, const struct job *job)
{
    struct lines lines = {job->text, job->text + job->len, 0};
    const char *text;
    char *end;
    unsigned long line;

    lua_load(L, next_line, &lines, "=s", "t");
    text = lua_tostring(L, -1);
    if (text == NULL) {
        report(job, lines.count, "cannot be compiled");
    } else if (strncmp(text, "s:", 2) == 0) {
        line = strtoul(text + 2, &end, 10);
        report(job, line, strncmp(end, ": ", 2) == 0 ? end + 2 : end);
    } else {
        report(job, lines.count,
            strcmp(text, "C stack overflow") == 0 ? TOO_DEEP : text);
    }
}

static void
report(const struct job *job, unsigned long line, const char *problem)
{
    const kd_node *source = job->source;
    char inline_text[300];

    if (source->source_file != NULL) {
        job->check->report(
            job->check, NULL, source->source_file, (uint32_t)line, problem);
        return;
    }
    snprintf(inline_text, sizeof(inline_text), "line %lu of source: %s%s%.100s",
        line, problem, is_path(source) ? "; a file is named by file://" : "",
        is_path(source) ? source->text : "");
    job->check->report(job->check, source, NULL, 0, inline_text);
}

static const char *
next_line(lua_State *L, void *arg, size_t *len)
{
    struct lines *lines = arg;
    const char *line = lines->at;
    const char *newline = memchr(line, '\n', (size_t)(lines->end - line));

    (void)L;
    lines->at = newline == NULL ? lines->end : newline + 1;
    *len = (size_t)(lines->at - line);
    lines->count += *len > 0;
    return line;
}

/* What looks as if the prefix has been forgotten. */
static int
is_path(const kd_node *source)
{
    static const char end[] = ".lua";
    const size_t len = sizeof(end) - 1;

    return source->len > len && strcspn(source->text, " \n") == source->len &&
           strcmp(source->text + source->len - len, end) == 0;
}

static int
write_code(lua_State *L, const void *data, size_t len, void *arg)
{
    struct kl__unit *unit = arg;
    unsigned char *code = realloc(unit->code, unit->code_len + len + 1);

    (void)L;
    if (code == NULL)
        return 1;
    if (len > 0)
        memcpy(code + unit->code_len, data, len);
    unit->code = code;
    unit->code_len += len;
    return 0;
}
