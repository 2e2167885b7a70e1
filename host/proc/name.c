/* SPDX-License-Identifier: MIT */
/*
 * The table of names. A process that has closed takes no more: its exit closes
 * it first and clears its names then, so none can be left behind.
 */

#include "proc/name.h"

#include "base/error.h"
#include "base/memory.h"
#include "proc/proc.h"

#include <string.h>

#define FIRST_BUCKETS 64

static uint64_t text_hash(const char *text, size_t len);
static struct kd__name **name_place(
    const struct kd__names *names, const char *text, size_t len, uint64_t hash);
static void names_grow(struct kd__names *names);
static kd_status name_hold(struct kd__proc *proc, struct kd__name *name);
static void name_let_go(struct kd__proc *proc, struct kd__name *name);

kd_status
kd__names_init(struct kd__names *names)
{
    names->buckets = kd__calloc(FIRST_BUCKETS, sizeof(struct kd__name *));
    if (names->buckets == NULL)
        return KD_ENOMEM;
    names->n_buckets = FIRST_BUCKETS;
    names->count = 0;
    if (pthread_rwlock_init(&names->lock, NULL) != 0) {
        kd__free(names->buckets);
        return KD_ESYSTEM;
    }
    return KD_OK;
}

void
kd__names_fini(struct kd__names *names)
{
    kd__free(names->buckets);
    pthread_rwlock_destroy(&names->lock);
}

kd_status
kd__name_add(struct kd__names *names, struct kd__proc *proc, const char *text,
    size_t len, kd_pid *holder)
{
    struct kd__name **place;
    struct kd__name *name;
    kd_status status = KD_OK;

    if (len > KD__NAME_BYTES_MAX)
        return KD_EINVAL;
    name = kd__malloc(sizeof(*name) + len + 1);
    if (name == NULL)
        return KD_ENOMEM;
    memcpy(name->text, text, len);
    name->text[len] = '\0';
    name->len = len;
    name->hash = text_hash(text, len);
    name->pid = proc->pid;
    pthread_rwlock_wrlock(&names->lock);
    place = name_place(names, text, len, name->hash);
    if (*place != NULL) {
        status = kd_pid_equal((*place)->pid, proc->pid) ? KD_OK : KD_EEXIST;
        if (holder != NULL)
            *holder = (*place)->pid;
        goto out;
    }
    status = name_hold(proc, name);
    if (status != KD_OK)
        goto out;
    name->next = NULL;
    *place = name;
    name = NULL;
    names->count++;
    names_grow(names);
out:
    pthread_rwlock_unlock(&names->lock);
    kd__free(name);
    return status;
}

kd_status
kd__name_error(kd_status status, const char *text, size_t len, kd_error *err)
{
    switch (status) {
    case KD_OK:
        return KD_OK;
    case KD_EEXIST:
        return kd__error(err, status, "name already registered: %.*s",
            (int)(len > 200 ? 200 : len), text);
    case KD_EINVAL:
        return kd__error(err, status, "name too long: %zu bytes (limit %zu)",
            len, KD__NAME_BYTES_MAX);
    case KD_ELIMIT:
        return kd__error(err, status,
            "too many names of one process (limit %u)",
            (unsigned)KD__NAMES_MAX);
    default:
        return kd__error(err, status, "%s", kd_status_text(status));
    }
}

kd_status
kd__name_remove(struct kd__system *system, const char *text, size_t len)
{
    struct kd__names *names = &system->names;
    struct kd__name *name;
    struct kd__name **place;
    struct kd__proc *proc;

    pthread_rwlock_wrlock(&names->lock);
    place = name_place(names, text, len, text_hash(text, len));
    name = *place;
    proc = name == NULL ? NULL : kd__proc_find(system, name->pid);
    if (proc == NULL) {
        /* Absent, or of a process that is just ending and will clear it. */
        pthread_rwlock_unlock(&names->lock);
        return KD_ENOTFOUND;
    }
    name_let_go(proc, name);
    *place = name->next;
    names->count--;
    pthread_rwlock_unlock(&names->lock);
    kd__free(name);
    return KD_OK;
}

kd_status
kd__name_find(
    struct kd__names *names, const char *text, size_t len, kd_pid *pid)
{
    uint64_t hash = text_hash(text, len);
    const struct kd__name *name;

    pthread_rwlock_rdlock(&names->lock);
    name = *name_place(names, text, len, hash);
    if (name != NULL)
        *pid = name->pid;
    pthread_rwlock_unlock(&names->lock);
    return name == NULL ? KD_ENOTFOUND : KD_OK;
}

void
kd__name_clear(struct kd__names *names, struct kd__proc *proc)
{
    struct kd__name *name;
    struct kd__name *next;
    struct kd__name **place;

    pthread_rwlock_wrlock(&names->lock);
    for (name = proc->held; name != NULL; name = next) {
        next = name->next_held;
        place = &names->buckets[name->hash & (names->n_buckets - 1)];
        while (*place != name)
            place = &(*place)->next;
        *place = name->next;
        names->count--;
        kd__free(name);
    }
    proc->held = NULL;
    proc->n_held = 0;
    pthread_rwlock_unlock(&names->lock);
}

/* FNV-1a, 64 bits. Names are the application's own, not an attacker's. */
static uint64_t
text_hash(const char *text, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
    return hash;
}

/* The pointer to the name, or to the NULL at the end of its bucket. */
static struct kd__name **
name_place(
    const struct kd__names *names, const char *text, size_t len, uint64_t hash)
{
    struct kd__name **place = &names->buckets[hash & (names->n_buckets - 1)];

    for (; *place != NULL; place = &(*place)->next) {
        if ((*place)->hash == hash && (*place)->len == len &&
            memcmp((*place)->text, text, len) == 0)
            break;
    }
    return place;
}

/* Twice the buckets when names are many; without memory, longer chains. */
static void
names_grow(struct kd__names *names)
{
    size_t n = names->n_buckets * 2;
    struct kd__name **buckets;
    struct kd__name *name;
    struct kd__name *next;

    if (names->count < names->n_buckets)
        return;
    buckets = kd__calloc(n, sizeof(struct kd__name *));
    if (buckets == NULL)
        return;
    for (size_t i = 0; i < names->n_buckets; i++) {
        for (name = names->buckets[i]; name != NULL; name = next) {
            next = name->next;
            name->next = buckets[name->hash & (n - 1)];
            buckets[name->hash & (n - 1)] = name;
        }
    }
    kd__free(names->buckets);
    names->buckets = buckets;
    names->n_buckets = n;
}

static kd_status
name_hold(struct kd__proc *proc, struct kd__name *name)
{
    uint32_t closed;

    if (proc->n_held == KD__NAMES_MAX)
        return KD_ELIMIT;
    kd__lock_take(&proc->lock);
    closed = proc->closed;
    if (!closed)
        proc->has_names = 1;
    kd__lock_drop(&proc->lock);
    if (closed)
        return KD_EGONE;
    name->next_held = proc->held;
    name->held = &proc->held;
    if (name->next_held != NULL)
        name->next_held->held = &name->next_held;
    proc->held = name;
    proc->n_held++;
    return KD_OK;
}

static void
name_let_go(struct kd__proc *proc, struct kd__name *name)
{
    *name->held = name->next_held;
    if (name->next_held != NULL)
        name->next_held->held = name->held;
    proc->n_held--;
}
