/* SPDX-License-Identifier: MIT */
/*
 * Records, their order and their two indexes.
 */

#include "children.h"

#include <stddef.h>
#include <stdlib.h>

#define CONTAINER(type, member, pointer)                                       \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

static struct child *child_new(
    const struct spec *spec, const char *id, const kd_payload *args);
static void child_free(struct child *child);
static kd_status grow(struct children *children);
static uint64_t hash_text(const char *text, size_t len);
static uint64_t hash_pid(kd_pid pid);

void
ks__children_fini(struct children *children)
{
    size_t i;

    for (i = 0; i < children->n; i++) {
        if (children->order[i] != NULL)
            child_free(ks__child_of(children->order[i]));
    }
    free(children->order);
    ks__index_fini(&children->ids);
    ks__index_fini(&children->pids);
}

kd_status
ks__children_add(struct children *children, const struct spec *spec,
    const char *id, const kd_payload *args, struct child **made)
{
    struct child *child;

    if (grow(children) != KD_OK || ks__index_reserve(&children->ids) != KD_OK)
        return KD_ENOMEM;
    child = child_new(spec, id, args);
    if (child == NULL)
        return KD_ENOMEM;
    child->at = children->n;
    children->order[children->n++] = &child->pub;
    ks__index_add(&children->ids, &child->by_id,
        hash_text(child->pub.id, strlen(child->pub.id)));
    children->count++;
    children->n_supervisors += spec->is_supervisor;
    *made = child;
    return KD_OK;
}

void
ks__children_remove(struct children *children, struct child *child)
{
    ks__child_set_status(children, child, KD_CHILD_STOPPED);
    ks__index_remove(&children->ids, &child->by_id);
    children->order[child->at] = NULL;
    children->count--;
    children->n_supervisors -= child->spec->is_supervisor;
    child_free(child);
    if (children->n > 64 && children->n > 2 * children->count)
        ks__children_close(children);
}

struct child *
ks__children_find(const struct children *children, const char *id, size_t len)
{
    struct hook *hook = ks__index_first(&children->ids, hash_text(id, len));

    for (; hook != NULL; hook = ks__index_next(hook)) {
        struct child *child = CONTAINER(struct child, by_id, hook);

        if (strlen(child->pub.id) == len && memcmp(child->pub.id, id, len) == 0)
            return child;
    }
    return NULL;
}

struct child *
ks__children_find_pid(const struct children *children, kd_pid pid)
{
    struct hook *hook = ks__index_first(&children->pids, hash_pid(pid));

    for (; hook != NULL; hook = ks__index_next(hook)) {
        struct child *child = CONTAINER(struct child, by_pid, hook);

        if (kd_pid_equal(child->pid, pid))
            return child;
    }
    return NULL;
}

void
ks__children_close(struct children *children)
{
    size_t kept = 0;
    size_t i;

    if (children->count == children->n)
        return;
    for (i = 0; i < children->n; i++) {
        if (children->order[i] == NULL)
            continue;
        ks__child_of(children->order[i])->at = kept;
        children->order[kept++] = children->order[i];
    }
    children->n = kept;
}

void
ks__child_set_status(
    struct children *children, struct child *child, uint32_t status)
{
    if (child->pub.significant) {
        children->n_significant -= child->pub.status != KD_CHILD_STOPPED;
        children->n_significant += status != KD_CHILD_STOPPED;
    }
    child->pub.status = status;
}

void
ks__child_set_pid(struct children *children, struct child *child, kd_pid pid)
{
    child->pid = pid;
    ks__index_add(&children->pids, &child->by_pid, hash_pid(pid));
    children->active++;
}

void
ks__child_clear_pid(struct children *children, struct child *child)
{
    const kd_pid none = KD_PID_NONE_INIT;

    ks__index_remove(&children->pids, &child->by_pid);
    child->pid = none;
    children->active--;
}

kd_status
ks__children_room(struct children *children)
{
    return ks__index_reserve(&children->pids);
}

static struct child *
child_new(const struct spec *spec, const char *id, const kd_payload *args)
{
    struct child *child = calloc(1, sizeof(*child));

    if (child == NULL)
        return NULL;
    child->pub.size = (uint32_t)sizeof(child->pub);
    child->pub.restart = spec->restart;
    child->pub.significant = spec->significant;
    child->pub.id = spec->id;
    child->spec = spec;
    child->args = spec->args;
    if (id != NULL) {
        child->own_id = strdup(id);
        child->pub.id = child->own_id;
    }
    if (args != NULL && args->len > 0) {
        child->own_args = malloc(args->len);
        if (child->own_args != NULL)
            memcpy(child->own_args, args->data, args->len);
        child->args = kd_payload_make(args->format, child->own_args, args->len);
    }
    if (child->pub.id != NULL &&
        (child->own_args != NULL || args == NULL || args->len == 0))
        return child;
    child_free(child);
    return NULL;
}

/* The error of an end that nobody decided about is the engine's to release. */
static void
child_free(struct child *child)
{
    free(child->own_args);
    free(child->own_id);
    free(child->own_spec);
    free(child);
}

static kd_status
grow(struct children *children)
{
    const size_t cap = children->cap == 0 ? 16 : children->cap * 2;
    const kd_child **order;

    if (children->n < children->cap)
        return KD_OK;
    order = realloc(children->order, cap * sizeof(*order));
    if (order == NULL)
        return KD_ENOMEM;
    children->order = order;
    children->cap = cap;
    return KD_OK;
}

/* FNV-1a: ids are short. */
static uint64_t
hash_text(const char *text, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t i;

    for (i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

/* Slots and generations are small numbers; a multiplication spreads them. */
static uint64_t
hash_pid(kd_pid pid)
{
    uint64_t hash = pid.serial ^ (uint64_t)pid.host << 40;

    hash *= UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}
