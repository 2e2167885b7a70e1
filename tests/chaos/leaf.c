/* SPDX-License-Identifier: MIT */
/*
 * A kind around a kind: what the host asks of the outer one is handed to the
 * inner one, and written down.
 */

#include "leaf.h"

#include "ledger.h"

#include <kindred/term.h>
#include <stdlib.h>

atomic_long leaf_live;
atomic_int leaf_is_closing;

struct leaf {
    const kd_worker_kind *kind; /* The inner one. */
    void *self;                 /* Its instance. */
    kd_pid parent;
    int64_t number;
};

static const kd_plugin *lua;
static const kd_worker_kind *lua_worker;
static kd_kind lua_kind, native_kind, driver_kind;
static const kd_kind *kinds[] = {&lua_kind, &native_kind, &driver_kind, NULL};
static kd_plugin plugin;

/* The sum of the integers among the arguments: with `count` in several records
 * of one supervisor, `input` has how many come before. */
static int64_t
number_of(const kd_payload *args)
{
    kd_reader reader = kd_reader_make(args->data, args->len);
    int64_t number = 0;
    kd_item item;

    while (kd_reader_next(&reader, &item) != KD_TERM_END) {
        if (item.type == KD_TERM_INT)
            number += item.integer;
    }
    return number;
}

static kd_status
leaf_make(const kd_worker_kind *kind, void *state, void *prepared,
    kd_proc *proc, const kd_payload *args, void **self, kd_error *err)
{
    struct leaf *leaf = calloc(1, sizeof(*leaf));
    kd_status status;

    if (leaf == NULL)
        return KD_ENOMEM;
    leaf->kind = kind;
    leaf->parent = kd_proc_parent(proc);
    leaf->number = number_of(args);
    status = kind->create(state, prepared, proc, args, &leaf->self, err);
    if (status != KD_OK) {
        free(leaf);
        return status;
    }
    ledger_born(leaf->parent, leaf->number, kd_proc_self(proc));
    atomic_fetch_add(&leaf_live, 1);
    *self = leaf;
    return KD_OK;
}

static kd_next
leaf_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    const struct leaf *leaf = self;

    if (atomic_load(&leaf_is_closing) &&
        ledger_next_lives(leaf->parent, leaf->number))
        ledger_complain("child %lld is stopped before the next one has ended",
            (long long)leaf->number);
    return leaf->kind->run(leaf->self, proc, budget, err);
}

static void
leaf_preempt(void *self)
{
    const struct leaf *leaf = self;

    if (leaf->kind->preempt != NULL)
        leaf->kind->preempt(leaf->self);
}

static void
leaf_destroy(void *self, kd_proc *proc)
{
    struct leaf *leaf = self;

    leaf->kind->destroy(leaf->self, proc);
    ledger_died(leaf->parent, leaf->number);
    atomic_fetch_sub(&leaf_live, 1);
    free(leaf);
}

static kd_status
lua_prepare(void *state, const kd_entry *entry, const kd_check *check,
    void **prepared, kd_error *err)
{
    return lua_worker->prepare(state, entry, check, prepared, err);
}

static void
lua_unprepare(void *prepared)
{
    lua_worker->unprepare(prepared);
}

static kd_status
lua_create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    return leaf_make(lua_worker, state, prepared, proc, args, self, err);
}

static kd_status
native_inner_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    (void)state;
    (void)prepared;
    (void)proc;
    (void)args;
    (void)err;
    *self = NULL;
    return KD_OK;
}

static kd_next
native_inner_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_signal signal = {.size = sizeof(signal)};
    kd_next next = KD_NEXT_WAIT;
    kd_message *message;

    (void)self;
    (void)budget;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL)
            return KD_NEXT_DONE;
    }
    while (next == KD_NEXT_WAIT && (message = kd_proc_next(proc)) != NULL) {
        if (strcmp(message->topic, "ping") == 0)
            kd_proc_send(
                proc, message->from, "pong", 4, 0, &message->payload, NULL);
        else if (strcmp(message->topic, "end") == 0)
            next = KD_NEXT_DONE;
        else
            next = KD_NEXT_FAIL;
        kd_proc_release(proc, message);
    }
    if (next == KD_NEXT_FAIL)
        err->code = KD_EINTERNAL;
    return next;
}

static void
native_inner_destroy(void *self, kd_proc *proc)
{
    (void)self;
    (void)proc;
}

static const kd_worker_kind native_inner = {
    .size = sizeof(kd_worker_kind),
    .create = native_inner_create,
    .run = native_inner_run,
    .destroy = native_inner_destroy,
};

static kd_status
native_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    return leaf_make(&native_inner, state, prepared, proc, args, self, err);
}

static const kd_worker_kind lua_leaf = {
    .size = sizeof(kd_worker_kind),
    .prepare = lua_prepare,
    .unprepare = lua_unprepare,
    .create = lua_create,
    .run = leaf_run,
    .preempt = leaf_preempt,
    .destroy = leaf_destroy,
};

static const kd_worker_kind native_leaf = {
    .size = sizeof(kd_worker_kind),
    .create = native_create,
    .run = leaf_run,
    .destroy = leaf_destroy,
};

/* Its process.lua, or NULL. */
static const kd_kind *
find_lua(const kd_plugin *in)
{
    for (size_t i = 0; in->kinds[i] != NULL; i++) {
        if (strcmp(in->kinds[i]->id, "process.lua") == 0)
            return in->kinds[i];
    }
    return NULL;
}

const kd_plugin *
leaf_plugin(kd_runtime *runtime, const kd_worker_kind *driver)
{
    const kd_kind *model = NULL;

    for (size_t i = 0; model == NULL; i++) {
        lua = kd_runtime_plugin_at(runtime, i, NULL);
        if (lua == NULL)
            return NULL;
        model = find_lua(lua);
    }
    lua_worker = model->impl;
    lua_kind = native_kind = driver_kind = *model;
    lua_kind.id = "chaos.lua";
    lua_kind.impl = &lua_leaf;
    native_kind.id = "chaos.native";
    native_kind.impl = &native_leaf;
    driver_kind.id = "chaos.driver";
    driver_kind.impl = driver;
    native_kind.options = driver_kind.options = NULL;
    native_kind.n_options = driver_kind.n_options = 0;
    plugin = *lua;
    plugin.name = "chaos.kinds";
    plugin.help = "Children for the chaos run";
    plugin.kinds = kinds;
    plugin.offers = NULL;
    return &plugin;
}
