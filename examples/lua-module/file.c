/* SPDX-License-Identifier: MIT */
/*
 * A module for Lua programs: `file`, which reads files line by line. Programs
 * have no files of their own; those that list this module do.
 *
 *     file.open(path)  -> a file; or nil, Error
 *     f:line()         -> a line without its end, nil at the end of the file
 *     f:close()        -> nothing; any number of times
 *     file.count()     -> how many are open in the whole runtime
 *
 * An open file is outside of the Lua state. So the process owns it, and it is
 * closed with the process, however that ends.
 */

#define _GNU_SOURCE

#include <kindred/ext/lua.h>
#include <kindred/plugin.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FILE_TYPE "example.file"

/* The plugin's state in a runtime. */
struct files {
    atomic_long n_open;
};

/* What is outside of the Lua state. */
struct file {
    struct files *files;
    FILE *stream;
};

/* Called when a program closes it, or when its process has ended. */
static void
file_release(void *thing)
{
    struct file *file = thing;

    fclose(file->stream);
    atomic_fetch_sub(&file->files->n_open, 1);
    free(file);
}

static kd_status
refuse(kd_error *err, const char *path, int number)
{
    char why[80];

    return kd_error_set(err,
        number == ENOENT   ? KD_ENOTFOUND
        : number == EACCES ? KD_EPERM
                           : KD_ESYSTEM,
        "cannot open %s: %s", path, strerror_r(number, why, sizeof(why)));
}

/* A call that may wait for ever, on a pipe say, would hold the thread. */
static int
is_regular(FILE *stream)
{
    struct stat status;

    return fstat(fileno(stream), &status) == 0 && S_ISREG(status.st_mode);
}

/* Calls nothing of Lua's. */
static kd_status
file_make(
    struct files *files, const char *path, struct file **made, kd_error *err)
{
    struct file *file = calloc(1, sizeof(*file));

    if (file == NULL)
        return kd_error_set(err, KD_ENOMEM, "out of memory");
    file->stream = fopen(path, "re");
    if (file->stream == NULL) {
        free(file);
        return refuse(err, path, errno);
    }
    if (!is_regular(file->stream)) {
        fclose(file->stream);
        free(file);
        return kd_error_set(err, KD_EINVAL, "not a regular file: %s", path);
    }
    file->files = files;
    atomic_fetch_add(&files->n_open, 1);
    *made = file;
    return KD_OK;
}

/* The userdata holds no more than a pointer to what the process owns. */
static kd_lua_owned **
push_file(lua_State *L)
{
    kd_lua_owned **slot = lua_newuserdatauv(L, sizeof(*slot), 0);

    *slot = NULL;
    luaL_setmetatable(L, FILE_TYPE);
    return slot;
}

/* First everything that may raise, and only then the file. */
static int
file_open(lua_State *L)
{
    const kd_lua *lua = kd_lua_of(L);
    const char *path = luaL_checkstring(L, 1);
    kd_lua_owned **slot = push_file(L);
    kd_error err = KD_ERROR_INIT;
    struct file *file;

    *slot = lua->own(L, file_release);
    if (file_make(lua->state, path, &file, &err) == KD_OK) {
        (*slot)->thing = file;
        return 1;
    }
    lua->disown(L, *slot);
    *slot = NULL;
    lua_pushnil(L);
    lua->push_error(L, &err);
    return 2;
}

/* The buffer is Lua's: if the process is left here, nothing is lost. */
static int
file_line(lua_State *L)
{
    kd_lua_owned **slot = luaL_checkudata(L, 1, FILE_TYPE);
    luaL_Buffer line;
    struct file *file;
    int c;

    if (*slot == NULL)
        return luaL_error(L, "the file is closed");
    file = (*slot)->thing;
    c = getc(file->stream);
    if (c == EOF)
        return 0;
    luaL_buffinit(L, &line);
    for (; c != EOF && c != '\n'; c = getc(file->stream))
        luaL_addchar(&line, (char)c);
    luaL_pushresult(&line);
    return 1;
}

static int
file_close(lua_State *L)
{
    kd_lua_owned **slot = luaL_checkudata(L, 1, FILE_TYPE);

    kd_lua_of(L)->disown(L, *slot);
    *slot = NULL;
    return 0;
}

static int
file_count(lua_State *L)
{
    struct files *files = kd_lua_of(L)->state;

    lua_pushinteger(L, atomic_load(&files->n_open));
    return 1;
}

/* In each process that uses the module, when it first does. */
static int
open_module(lua_State *L, const kd_lua *lua)
{
    static const luaL_Reg methods[] = {
        {"line", file_line}, {"close", file_close}, {NULL, NULL}};
    static const luaL_Reg meta[] = {{"__close", file_close}, {NULL, NULL}};
    static const luaL_Reg functions[] = {
        {"open", file_open}, {"count", file_count}, {NULL, NULL}};

    luaL_newmetatable(L, FILE_TYPE);
    kd_lua_set_functions(L, lua, meta);
    kd_lua_new_table(L, lua, methods);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    return kd_lua_new_table(L, lua, functions);
}

static const kd_lua_module module = {
    .size = sizeof(kd_lua_module),
    .build = KD_LUA_BUILD,
    .name = "file",
    .help = "Reads files",
    .open = open_module,
};

static const kd_offer offer = {
    .size = sizeof(kd_offer),
    .id = KD_LUA_OFFER,
    .table = &module,
};

static const kd_offer *const offers[] = {&offer, NULL};
static const kd_kind *const kinds[] = {NULL};

static kd_status
init(const kd_api *api, void **state, kd_error *err)
{
    struct files *files = calloc(1, sizeof(*files));

    (void)api;
    (void)err;
    if (files == NULL)
        return KD_ENOMEM;
    atomic_init(&files->n_open, 0);
    *state = files;
    return KD_OK;
}

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "example.file",
    .version = "1.0.0",
    .help = "Files for Lua programs",
    .kinds = kinds,
    .offers = offers,
    .init = init,
    .fini = free,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
