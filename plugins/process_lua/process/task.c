/* SPDX-License-Identifier: MIT */
/*
 * Tasks, their queue and their chains of coroutines.
 */

#include "process/task.h"

#include "process/conclude.h"
#include "process/inside.h"
#include "process/process.h"

#include <lauxlib.h>

static void chain_grow(struct kl__process *p, struct kl__task *task);
static void task_init(struct kl__task *task);

struct kl__task *
kl__task_current(lua_State *L)
{
    return kl__process_of(L)->tasks.current;
}

int
kl__task_can_wait(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__task *task = p->tasks.current;

    return task != NULL && p->driver.barrier == 0 &&
           task->chain[task->depth - 1] == L && lua_isyieldable(L);
}

void
kl__task_check_wait(lua_State *L)
{
    if (kl__task_can_wait(L))
        return;
    if (kl__process_of(L)->driver.is_closing)
        kl__conclude_refuse(
            L, "cannot wait inside a __close of a process that fails");
    kl__inside_push(L);
    luaL_error(L, "cannot wait inside %s", lua_tostring(L, -1));
}

int
kl__task_wait(lua_State *L, lua_KFunction k, lua_KContext ctx)
{
    kl__task_check_wait(L);
    return kl__task_leave(L, k, ctx);
}

int
kl__task_leave(lua_State *L, lua_KFunction k, lua_KContext ctx)
{
    kl__process_of(L)->driver.request = KL_SWITCH_WAIT;
    return lua_yieldk(L, 0, ctx, k);
}

void
kl__task_ready(struct kl__process *p, struct kl__task *task)
{
    struct kl__tasks *tasks = &p->tasks;

    if (task->is_ready || task == tasks->current)
        return;
    task->is_ready = 1;
    task->next = NULL;
    if (tasks->ready_last == NULL)
        tasks->ready_first = task;
    else
        tasks->ready_last->next = task;
    tasks->ready_last = task;
}

void
kl__task_external(struct kl__process *p, int delta)
{
    p->tasks.external += (unsigned)delta;
}

void
kl__task_root(struct kl__process *p, lua_State *L, int n_args)
{
    struct kl__task *root = &p->tasks.root;

    task_init(root);
    root->anchor = LUA_NOREF;
    root->n_args = n_args;
    kl__task_push(p, root, L);
    p->tasks.count = 1;
    kl__task_ready(p, root);
}

void
kl__task_spawn(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__task *task;
    lua_State *co = kl__thread_push(L);
    int anchor;

    lua_pushvalue(L, -2);
    lua_xmove(L, co, 1);
    lua_remove(L, -2);
    lua_pushvalue(L, -1);
    anchor = luaL_ref(L, LUA_REGISTRYINDEX);

    task = kl__limit_realloc(p, NULL, 0, sizeof(*task));
    task_init(task);
    task->anchor = anchor;
    kl__task_push(p, task, co);
    p->tasks.count++;
    kl__task_ready(p, task);
}

void
kl__task_end(struct kl__process *p, struct kl__task *task)
{
    p->tasks.count--;
    if (task->chain != task->few)
        kl__limit_realloc(p, task->chain, task->cap * sizeof(*task->chain), 0);
    if (task == &p->tasks.root)
        return;
    luaL_unref(p->L, LUA_REGISTRYINDEX, task->anchor);
    kl__limit_realloc(p, task, sizeof(*task), 0);
}

void
kl__task_push(struct kl__process *p, struct kl__task *task, lua_State *L)
{
    if (task->depth == task->cap)
        chain_grow(p, task);
    task->chain[task->depth++] = L;
    kl__thread_set(L, p, 1);
}

lua_State *
kl__task_pop(struct kl__process *p, struct kl__task *task)
{
    lua_State *L = task->chain[--task->depth];

    kl__thread_set(L, p, 0);
    return L;
}

static void
task_init(struct kl__task *task)
{
    memset(task, 0, sizeof(*task));
    task->chain = task->few;
    task->cap = sizeof(task->few) / sizeof(task->few[0]);
}

static void
chain_grow(struct kl__process *p, struct kl__task *task)
{
    size_t old_len = task->cap * sizeof(*task->chain);
    lua_State **chain;

    if (task->chain == task->few) {
        chain = kl__limit_realloc(p, NULL, 0, old_len * 2);
        memcpy(chain, task->few, old_len);
    } else {
        chain = kl__limit_realloc(p, task->chain, old_len, old_len * 2);
    }
    task->chain = chain;
    task->cap *= 2;
}
