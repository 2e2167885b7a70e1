/* SPDX-License-Identifier: MIT */
/*
 * The queue and the thread of a writer. The record being written still counts,
 * so that `drained` means written and not merely taken.
 */

#include "runtime/writer.h"

#include "base/clock.h"
#include "base/memory.h"
#include "runtime/thread.h"

static void wait_drained(struct kd__writer *writer, kd_time until);
static void *writer_run(void *arg);
static struct kd__record *writer_take(struct kd__writer *writer, int waits);
static void writer_write(struct kd__writer *writer, struct kd__record *record);

kd_status
kd__writer_init(struct kd__writer *writer, const char *name, size_t limit,
    void (*write)(void *arg, struct kd__record *record),
    void (*room)(void *arg), void *arg)
{
    writer->first = writer->last = NULL;
    writer->used = 0;
    writer->limit = limit;
    writer->started = writer->stopping = 0;
    writer->name = name;
    writer->arg = arg;
    writer->write = write;
    writer->room = room;
    writer->poke = NULL;
    if (pthread_mutex_init(&writer->lock, NULL) != 0)
        return KD_ESYSTEM;
    if (kd__thread_cond_init(&writer->filled) != KD_OK)
        goto no_filled;
    if (kd__thread_cond_init(&writer->drained) != KD_OK)
        goto no_drained;
    return KD_OK;
no_drained:
    pthread_cond_destroy(&writer->filled);
no_filled:
    pthread_mutex_destroy(&writer->lock);
    return KD_ESYSTEM;
}

void
kd__writer_set_poke(
    struct kd__writer *writer, void (*poke)(void *arg), void *arg)
{
    writer->poke = poke;
    writer->poke_arg = arg;
}

kd_status
kd__writer_put(struct kd__writer *writer, struct kd__record *record, int beyond)
{
    kd_status status = KD_OK;

    record->next = NULL;
    pthread_mutex_lock(&writer->lock);
    if (!beyond && writer->used > 0 &&
        writer->used + record->cost > writer->limit) {
        status = KD_EFULL;
        goto out;
    }
    if (writer->poke != NULL) {
        writer->poke(writer->poke_arg);
    } else if (!writer->started) {
        status =
            kd__thread_start(&writer->thread, writer->name, writer_run, writer);
        if (status != KD_OK)
            goto out;
        writer->started = 1;
    }
    if (writer->last == NULL)
        writer->first = record;
    else
        writer->last->next = record;
    writer->last = record;
    writer->used += record->cost;
    pthread_cond_signal(&writer->filled);
out:
    pthread_mutex_unlock(&writer->lock);
    return status;
}

kd_status
kd__writer_stop(struct kd__writer *writer, kd_time until)
{
    pthread_t thread;
    int is_busy, has_thread;

    pthread_mutex_lock(&writer->lock);
    wait_drained(writer, until);
    is_busy = writer->used > 0;
    has_thread = !is_busy && writer->started;
    if (has_thread) {
        thread = writer->thread;
        writer->stopping = 1;
        pthread_cond_signal(&writer->filled);
    }
    pthread_mutex_unlock(&writer->lock);
    if (has_thread)
        pthread_join(thread, NULL);
    return is_busy ? KD_ETIMEOUT : KD_OK;
}

void
kd__writer_drain(struct kd__writer *writer)
{
    struct kd__record *record;

    while ((record = writer_take(writer, 0)) != NULL)
        writer_write(writer, record);
}

int
kd__writer_has_room(struct kd__writer *writer)
{
    int room;

    pthread_mutex_lock(&writer->lock);
    room = writer->used <= writer->limit / 2;
    pthread_mutex_unlock(&writer->lock);
    return room;
}

void
kd__writer_fini(struct kd__writer *writer)
{
    pthread_cond_destroy(&writer->drained);
    pthread_cond_destroy(&writer->filled);
    pthread_mutex_destroy(&writer->lock);
}

/* The lock is held, but not all the time. */
static void
wait_drained(struct kd__writer *writer, kd_time until)
{
    while (writer->used > 0 && kd__clock_now() < until) {
        if (writer->poke == NULL) {
            kd__thread_cond_wait(&writer->drained, &writer->lock, until);
        } else {
            pthread_mutex_unlock(&writer->lock);
            kd__writer_drain(writer);
            pthread_mutex_lock(&writer->lock);
        }
    }
}

static void *
writer_run(void *arg)
{
    struct kd__writer *writer = arg;
    struct kd__record *record;

    while ((record = writer_take(writer, 1)) != NULL)
        writer_write(writer, record);
    return NULL;
}

/* The next one; NULL when the writer stops, or when none is waited for. */
static struct kd__record *
writer_take(struct kd__writer *writer, int waits)
{
    struct kd__record *record;

    pthread_mutex_lock(&writer->lock);
    while (waits && writer->first == NULL && !writer->stopping)
        pthread_cond_wait(&writer->filled, &writer->lock);
    record = writer->first;
    if (record != NULL) {
        writer->first = record->next;
        if (writer->first == NULL)
            writer->last = NULL;
    } else if (waits) {
        /* The thread ends: a record that comes from now on makes another. */
        writer->started = writer->stopping = 0;
    }
    pthread_mutex_unlock(&writer->lock);
    return record;
}

static void
writer_write(struct kd__writer *writer, struct kd__record *record)
{
    size_t before;
    size_t after;

    writer->write(writer->arg, record);
    pthread_mutex_lock(&writer->lock);
    before = writer->used;
    writer->used -= record->cost;
    after = writer->used;
    if (after == 0)
        pthread_cond_broadcast(&writer->drained);
    pthread_mutex_unlock(&writer->lock);
    kd__free(record);
    if (writer->room != NULL && before > writer->limit / 2 &&
        after <= writer->limit / 2)
        writer->room(writer->arg);
}
