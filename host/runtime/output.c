/* SPDX-License-Identifier: MIT */
/*
 * The output queue, and the processes that wait for room in it. A waiter's
 * signal is made when it begins to wait, so that telling it cannot fail.
 */

#include "runtime/output.h"

#include "base/memory.h"
#include "proc/wake.h"

#include <string.h>

#define OUTPUT_LIMIT ((size_t)1024 * 1024)

struct kd__waiter {
    struct kd__signal signal; /* First: freeing it frees the waiter. */
    struct kd__waiter *next;
    kd_pid pid;
};

struct text_record {
    struct kd__record record;
    uint32_t stream;
    size_t len;
    char text[];
};

static void output_write(void *arg, struct kd__record *record);
static void output_room(void *arg);
static kd_status output_wait(struct kd__output *output, struct kd__proc *proc);

kd_status
kd__output_init(struct kd__output *output, struct kd__system *system,
    kd__output_sink *plain, kd__output_sink *error, void *arg)
{
    output->system = system;
    output->sinks[KD__OUTPUT_PLAIN] = plain;
    output->sinks[KD__OUTPUT_ERROR] = error;
    output->arg = arg;
    output->waiters = NULL;
    if (pthread_mutex_init(&output->lock, NULL) != 0)
        return KD_ESYSTEM;
    if (kd__writer_init(&output->writer, "kd-output", OUTPUT_LIMIT,
            output_write, output_room, output) != KD_OK) {
        pthread_mutex_destroy(&output->lock);
        return KD_ESYSTEM;
    }
    return KD_OK;
}

void
kd__output_fini(struct kd__output *output)
{
    struct kd__waiter *waiter;
    struct kd__waiter *next;

    for (waiter = output->waiters; waiter != NULL; waiter = next) {
        next = waiter->next;
        kd__signal_free(&waiter->signal);
    }
    kd__writer_fini(&output->writer);
    pthread_mutex_destroy(&output->lock);
}

kd_status
kd__output_print(struct kd__output *output, struct kd__proc *proc,
    uint32_t stream, const char *text, size_t len, int beyond)
{
    struct text_record *record;
    kd_status status;

    if (output->sinks[stream] == NULL || len == 0)
        return KD_OK;
    if (len > SIZE_MAX / 4)
        return KD_ENOMEM;
    record = kd__malloc(sizeof(*record) + len);
    if (record == NULL)
        return KD_ENOMEM;
    record->record.cost = len + sizeof(*record);
    record->stream = stream;
    record->len = len;
    memcpy(record->text, text, len);
    status = kd__writer_put(&output->writer, &record->record, beyond);
    if (status == KD_OK)
        return KD_OK;
    kd__free(record);
    return status == KD_EFULL ? output_wait(output, proc) : status;
}

static void
output_write(void *arg, struct kd__record *record)
{
    struct kd__output *output = arg;
    struct text_record *text = (struct text_record *)(void *)record;

    output->sinks[text->stream](output->arg, text->text, text->len);
}

static void
output_room(void *arg)
{
    struct kd__output *output = arg;
    struct kd__guest *guest = kd__epoch_visit(&output->system->epoch);
    struct kd__waiter *waiter;
    struct kd__waiter *next;
    struct kd__proc *proc;

    pthread_mutex_lock(&output->lock);
    waiter = output->waiters;
    output->waiters = NULL;
    pthread_mutex_unlock(&output->lock);
    for (; waiter != NULL; waiter = next) {
        next = waiter->next;
        proc = kd__proc_find(output->system, waiter->pid);
        if (proc == NULL)
            kd__signal_free(&waiter->signal);
        else if (kd__signals_push(&proc->signals, &waiter->signal) == KD_OK)
            kd__wake_at_once(proc);
    }
    kd__epoch_depart(guest);
}

/* The room may have come between the refusal and the entry on the list. */
static kd_status
output_wait(struct kd__output *output, struct kd__proc *proc)
{
    struct kd__waiter *waiter = (struct kd__waiter *)(void *)kd__signal_new(
        KD_SIGNAL_ROOM, sizeof(*waiter));

    if (waiter == NULL)
        return KD_ENOMEM;
    waiter->pid = proc->pid;
    pthread_mutex_lock(&output->lock);
    waiter->next = output->waiters;
    output->waiters = waiter;
    pthread_mutex_unlock(&output->lock);
    if (kd__writer_has_room(&output->writer))
        output_room(output);
    return KD_EFULL;
}
