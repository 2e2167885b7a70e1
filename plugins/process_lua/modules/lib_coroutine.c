/* SPDX-License-Identifier: MIT */
/*
 * Coroutines as Lua's manual describes them, and tasks.
 *
 * To resume is to yield to the driver, which then resumes the other coroutine:
 * so the depth of nesting costs nothing, and a wait leaves all of them at
 * once. Where the caller cannot yield, a driver is nested in the C function,
 * in which coroutines work as usual but nothing can wait.
 */

#include "modules/lib_coroutine.h"

#include "process/process.h"

#include <lauxlib.h>

static int create(lua_State *L);
static int resume(lua_State *L);
static int wrap(lua_State *L);
static int yield(lua_State *L);
static int status(lua_State *L);
static int running(lua_State *L);
static int isyieldable(lua_State *L);
static int close_(lua_State *L);
static int spawn(lua_State *L);

static int resume_done(lua_State *L, int state, lua_KContext ctx);
static int wrapped_done(lua_State *L, int state, lua_KContext ctx);
static int resume_failed(lua_State *L);
static int wrapped_failed(lua_State *L, lua_State *co);
static const char *find_obstacle(lua_State *L, lua_State *co);
static int move_args(lua_State *L, lua_State *co, int n);
static int switch_to(
    lua_State *L, lua_State *co, int n, lua_KFunction done, lua_KContext ctx);
static int run_nested(lua_State *L, lua_State *co, int n);
static lua_State *check_coroutine(lua_State *L);
static const char *status_of(lua_State *L, lua_State *co);
static int is_in_chain(const struct kl__task *task, const lua_State *co);
static int reset(lua_State *L, lua_State *co);

int
kl__open_coroutine(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"close", close_},
        {"create", create},
        {"isyieldable", isyieldable},
        {"resume", resume},
        {"running", running},
        {"spawn", spawn},
        {"status", status},
        {"wrap", wrap},
        {"yield", yield},
        {NULL, NULL},
    };

    luaL_newlib(L, functions);
    return 1;
}

static int
create(lua_State *L)
{
    lua_State *co;

    luaL_checktype(L, 1, LUA_TFUNCTION);
    co = kl__thread_push(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    return 1;
}

static int
spawn(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    kl__task_spawn(L);
    return 1;
}

static int
resume(lua_State *L)
{
    lua_State *co = check_coroutine(L);
    int n = lua_gettop(L) - 1;
    const char *obstacle = find_obstacle(L, co);

    if (obstacle == NULL && !move_args(L, co, n))
        obstacle = "too many arguments to resume";
    if (obstacle != NULL) {
        lua_pushstring(L, obstacle);
        return resume_failed(L);
    }
    return switch_to(L, co, n, resume_done, 0);
}

/* Below the results there is the coroutine. */
static int
resume_done(lua_State *L, int state, lua_KContext ctx)
{
    (void)state;
    (void)ctx;
    if (kl__process_of(L)->driver.outcome == KL_OUTCOME_ERROR)
        return resume_failed(L);
    lua_pushboolean(L, 1);
    lua_replace(L, 1);
    return lua_gettop(L);
}

static int
resume_failed(lua_State *L)
{
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
}

static int
wrap(lua_State *L)
{
    create(L);
    lua_pushcclosure(L, kl__coroutine_wrapped, 1);
    return 1;
}

int
kl__coroutine_wrapped(lua_State *L)
{
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int n = lua_gettop(L);
    const char *obstacle = find_obstacle(L, co);

    if (obstacle == NULL && !move_args(L, co, n))
        obstacle = "too many arguments to resume";
    if (obstacle != NULL) {
        lua_pushstring(L, obstacle);
        return wrapped_failed(L, co);
    }
    return switch_to(L, co, n, wrapped_done, 0);
}

static int
wrapped_done(lua_State *L, int state, lua_KContext ctx)
{
    (void)state;
    (void)ctx;
    if (kl__process_of(L)->driver.outcome == KL_OUTCOME_ERROR)
        return wrapped_failed(L, lua_tothread(L, lua_upvalueindex(1)));
    return lua_gettop(L);
}

/*
 * The error is on top. Pending closes of the coroutine are run, which may
 * replace it; and to a text the place of the call is added.
 */
static int
wrapped_failed(lua_State *L, lua_State *co)
{
    int state = lua_status(co);

    if (state != LUA_OK && state != LUA_YIELD) {
        reset(L, co);
        lua_pop(L, 1);
        lua_xmove(co, L, 1);
    }
    if (state != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

/* By a task itself: it lets the others run (semantics H10). */
static int
yield(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__task *task = p->tasks.current;

    if (kl__task_stack(task) != L)
        return luaL_error(L, "attempt to yield across a C-call boundary");
    if (task->depth == 1) {
        kl__task_check_wait(L);
        p->driver.request = KL_SWITCH_GIVE;
        lua_settop(L, 0);
        return lua_yield(L, 0);
    }
    p->driver.request = KL_SWITCH_YIELD;
    return lua_yield(L, lua_gettop(L));
}

static int
status(lua_State *L)
{
    lua_pushstring(L, status_of(L, check_coroutine(L)));
    return 1;
}

static int
running(lua_State *L)
{
    lua_pushboolean(L, lua_pushthread(L));
    return 2;
}

static int
isyieldable(lua_State *L)
{
    lua_State *co = lua_isnone(L, 1) ? L : check_coroutine(L);

    lua_pushboolean(L, lua_isyieldable(co));
    return 1;
}

static int
close_(lua_State *L)
{
    lua_State *co = check_coroutine(L);
    const char *state = status_of(L, co);

    if (*state != 's' && *state != 'd') {
        if (kl__thread_is_busy(co) && !is_in_chain(kl__task_current(L), co))
            return luaL_error(L, "cannot resume a waiting task");
        return luaL_error(L, "cannot close a %s coroutine", state);
    }
    if (reset(L, co) == LUA_OK) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_xmove(co, L, 1);
    return resume_failed(L);
}

static lua_State *
check_coroutine(lua_State *L)
{
    lua_State *co = lua_tothread(L, 1);

    luaL_argexpected(L, co != NULL, 1, "thread");
    return co;
}

/* In the words of Lua. `r`unning and `n`ormal ones are in a chain. */
static const char *
status_of(lua_State *L, lua_State *co)
{
    lua_Debug record;

    if (co == L)
        return "running";
    if (kl__thread_is_busy(co))
        return "normal";
    if (lua_status(co) == LUA_YIELD)
        return "suspended";
    if (lua_status(co) != LUA_OK)
        return "dead";
    if (lua_getstack(co, 0, &record))
        return "normal";
    return lua_gettop(co) == 0 ? "dead" : "suspended";
}

static const char *
find_obstacle(lua_State *L, lua_State *co)
{
    const char *state = status_of(L, co);

    if (*state == 's')
        return NULL;
    if (*state == 'd')
        return "cannot resume dead coroutine";
    if (kl__thread_is_busy(co) && !is_in_chain(kl__task_current(L), co))
        return "cannot resume a waiting task";
    return "cannot resume non-suspended coroutine";
}

/* Only asked when something is wrong anyway: it may take long. */
static int
is_in_chain(const struct kl__task *task, const lua_State *co)
{
    unsigned i;

    for (i = 0; i < task->depth; i++) {
        if (task->chain[i] == co)
            return 1;
    }
    return 0;
}

static int
move_args(lua_State *L, lua_State *co, int n)
{
    if (!lua_checkstack(co, n))
        return 0;
    lua_xmove(L, co, n);
    return 1;
}

static int
switch_to(
    lua_State *L, lua_State *co, int n, lua_KFunction done, lua_KContext ctx)
{
    struct kl__process *p = kl__process_of(L);

    if (kl__task_stack(p->tasks.current) != L || !lua_isyieldable(L)) {
        if (!run_nested(L, co, n))
            p->driver.outcome = KL_OUTCOME_ERROR;
        return done(L, LUA_OK, ctx);
    }
    p->driver.request = KL_SWITCH_RESUME;
    p->driver.target = co;
    p->driver.target_args = n;
    return lua_yieldk(L, 0, ctx, done);
}

/* Leaves the results, or the error, on L; returns whether it went well. */
static int
run_nested(lua_State *L, lua_State *co, int n)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__task *task = p->tasks.current;
    unsigned base = task->depth;
    lua_State *before = p->driver.innermost;
    lua_State *last;
    int state;

    p->driver.barrier++;
    task->n_args = n;
    kl__task_push(p, task, co);
    kl__driver_chain(p, task, base, L, &last, &state);
    kl__driver_back(p, before);

    n = p->driver.n_args;
    p->driver.outcome = KL_OUTCOME_OK;
    if (state != LUA_OK && state != LUA_YIELD) {
        lua_xmove(co, L, 1);
        return 0;
    }
    if (!lua_checkstack(L, n + 1)) {
        lua_pop(co, n);
        lua_pushliteral(L, "too many results to resume");
        return 0;
    }
    lua_xmove(co, L, n);
    return 1;
}

/*
 * Runs pending closes, in which nothing can wait. They may close others, whose
 * closes close others: Lua does not bound that.
 */
static int
reset(lua_State *L, lua_State *co)
{
    struct kl__process *p = kl__process_of(L);
    lua_State *before;
    int state;

    if (!kl__driver_has_stack(p))
        return luaL_error(L, "C stack overflow");
    before = kl__driver_enter(p, co);
    state = lua_resetthread(co);
    kl__driver_back(p, before);
    return state;
}
