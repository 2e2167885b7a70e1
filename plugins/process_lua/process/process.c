/* SPDX-License-Identifier: MIT */
/*
 * The life of a process outside its slices.
 */

#include "process/process.h"

#include "memory/pool.h"
#include "program/boot.h"
#include "program/extension.h"
#include "program/image.h"
#include "program/program.h"
#include "value/shared.h"

#include <lauxlib.h>
#include <stdlib.h>

/* Key of the registry: the coroutine that is `aside`. */
static const char aside;

static struct kl__process *make(const struct kl__program *program);
static struct kl__process *build(const struct kl__program *program);
static int start(struct kl__process *p, const struct kl__program *program);
static lua_State *make_aside(struct kl__process *p);
static void fini(struct kl__process *p);

struct kl__process *
kl__process_new(const struct kl__program *program, kd_proc *proc,
    const kd_payload *args, kd_error *err)
{
    struct kl__process *p = make(program);

    if (p == NULL) {
        kd_error_set(err, KD_ENOMEM, "%s", kd_status_text(KD_ENOMEM));
        return NULL;
    }
    p->proc = proc;
    p->driver.counts = p->api->preempts(p->api) == 0;
    if (kl__process_keep_args(p, args) != 0) {
        kd_error_set(err, KD_ENOMEM, "%s", kd_status_text(KD_ENOMEM));
        kl__process_free(p);
        return NULL;
    }
    return p;
}

void
kl__process_free(struct kl__process *p)
{
    fini(p);
    if (p->pool != NULL)
        kl__pool_give(p->pool, p);
    else
        free(p);
}

int
kl__process_load(struct kl__process *p, lua_Alloc alloc, void *ud)
{
    lua_State *L = lua_newstate(alloc, ud);

    if (L == NULL)
        return -1;
    p->L = L;
    kl__thread_set(L, p, 0);
    lua_atpanic(L, kl__driver_panic);
    lua_pushcfunction(L, kl__boot_load);
    if (lua_pcall(L, 0, LUA_MULTRET, 0) != LUA_OK)
        return -1;
    kl__task_root(p, L, lua_gettop(L) - 1);
    return 0;
}

/*
 * The signal handler must not find the old state while it goes. A copy of an
 * image stays in its slot, but its new state is built, and outside of it.
 */
int
kl__process_restart(struct kl__process *p)
{
    struct kl__process kept = {.proc = p->proc, .api = p->api, .pool = p->pool};

    p->driver.innermost = NULL;
    kl__mail_detach(p);
    kept.driver.counts = p->driver.counts;
    kept.mail = p->mail;
    kept.args = p->args;
    kept.subscriptions.bus = p->subscriptions.bus;
    kept.timers.told_ns = p->timers.told_ns;
    kept.last_uuid = p->last_uuid;
    memset(&p->mail, 0, sizeof(p->mail));
    p->args = NULL;
    fini(p);
    *p = kept;
    kd_proc_set_trap(p->proc, 0);
    return start(p, p->api->entry_prepared(kd_proc_entry(p->proc)));
}

void
kl__process_settle(struct kl__process *p)
{
    p->driver.has_waited = 1;
    kd_writer_free(&p->scratch);
    if (p->heap.home != NULL)
        kl__image_fit(p->program->image, kl__heap_taken(&p->heap));
}

lua_State *
kl__thread_push(lua_State *L)
{
    lua_State *co = lua_newthread(L);

    lua_sethook(co, NULL, 0, 0);
    kl__thread_set(co, kl__process_of(L), 0);
    return co;
}

lua_State *
kl__process_aside(struct kl__process *p)
{
    const struct kl__task *task = p->tasks.current;

    if (task == NULL || kl__task_stack(task) != p->L)
        return p->L;
    return p->aside != NULL ? p->aside : make_aside(p);
}

void
kl__process_forget_args(struct kl__process *p)
{
    if (p->args != NULL)
        p->api->buf_release(p->args->buf);
    free(p->args);
    p->args = NULL;
}

int
kl__process_keep_args(struct kl__process *p, const kd_payload *args)
{
    size_t copied;
    kd_payload *kept;

    if (args == NULL || args->format == KD_FORMAT_NONE)
        return 0;
    copied = args->buf == NULL ? args->len : 0;
    kept = malloc(sizeof(*kept) + copied);
    if (kept == NULL)
        return -1;
    *kept = *args;
    if (args->buf != NULL)
        p->api->buf_retain(args->buf);
    else
        *kept = kd_payload_make(args->format, kept + 1, copied);
    if (copied > 0)
        memcpy(kept + 1, args->data, copied);
    p->args = kept;
    return 0;
}

static struct kl__process *
make(const struct kl__program *program)
{
    if (program->image != NULL)
        return kl__image_copy(program->image);
    return build(program);
}

/* The slow way, for a program that has no image. */
static struct kl__process *
build(const struct kl__program *program)
{
    struct kl__process *p = calloc(1, sizeof(*p));

    if (p == NULL)
        return NULL;
    p->api = program->api;
    if (start(p, program) != 0) {
        kl__process_free(p);
        return NULL;
    }
    return p;
}

static int
start(struct kl__process *p, const struct kl__program *program)
{
    p->program = program;
    kl__heap_init(&p->heap, program->memory, program->spares);
    return kl__process_load(p, kl__limit_alloc, p);
}

/* Once in its life the frame is made larger, then. */
static lua_State *
make_aside(struct kl__process *p)
{
    lua_State *co;

    luaL_checkstack(p->L, LUA_MINSTACK, NULL);
    co = kl__thread_push(p->L);
    lua_rawsetp(p->L, LUA_REGISTRYINDEX, &aside);
    p->aside = co;
    return co;
}

static void
fini(struct kl__process *p)
{
    kl__owned_release(&p->owned);
    kl__timers_fini(p);
    kl__subscriptions_fini(p);
    kl__mail_fini(p);
    kl__shared_fini(p);
    kl__process_forget_args(p);
    kd_writer_free(&p->scratch);
    free(p->driver.panic);
    kl__heap_fini(&p->heap);
}
