/* SPDX-License-Identifier: MIT */
/*
 * Wishes in the order they came, and the thread that grants them.
 *
 * An answer is a message that the mailbox cannot refuse. Bytes are taken off
 * only once it has arrived: what a process that ended had asked for goes to
 * the next.
 */

#include "runtime/input.h"

#include "base/clock.h"
#include "base/memory.h"
#include "proc/send.h"
#include "runtime/thread.h"

#include <kindred/ext/terminal.h>
#include <string.h>

#define ROOM_MIN ((size_t)64 * 1024)

/* A read that somebody waits for. */
struct kd__wish {
    struct kd__wish *next;
    kd_pid pid;
    kd_ref ref;
    int is_line;
    size_t most;
};

static kd_status start(struct kd__input *input);
static void *input_run(void *arg);
static struct kd__wish *take(struct kd__input *input, int *is_over);
static void grant(
    struct kd__input *input, const struct kd__wish *wish, int is_over);

kd_status
kd__input_init(struct kd__input *input, struct kd__system *system,
    size_t (*read)(void *arg, char *data, size_t room),
    void (*interrupt)(void *arg), void *arg)
{
    memset(input, 0, sizeof(*input));
    input->system = system;
    input->read = read;
    input->interrupt = interrupt;
    input->arg = arg;
    input->is_at_end = read == NULL;
    if (pthread_mutex_init(&input->lock, NULL) != 0)
        return KD_ESYSTEM;
    if (kd__thread_cond_init(&input->changed) == KD_OK)
        return KD_OK;
    pthread_mutex_destroy(&input->lock);
    return KD_ESYSTEM;
}

kd_status
kd__input_want(struct kd__input *input, const struct kd__proc *proc,
    int is_line, size_t most, kd_ref *ref)
{
    struct kd__wish *wish = kd__calloc(1, sizeof(*wish));
    kd_status status;

    if (wish == NULL)
        return KD_ENOMEM;
    wish->pid = proc->pid;
    wish->ref = atomic_fetch_add(&input->system->next_ref, 1) + 1;
    wish->is_line = is_line;
    wish->most = most;
    pthread_mutex_lock(&input->lock);
    status = start(input);
    if (status == KD_OK) {
        *ref = wish->ref;
        if (input->last == NULL)
            input->first = wish;
        else
            input->last->next = wish;
        input->last = wish;
        pthread_cond_broadcast(&input->changed);
    }
    pthread_mutex_unlock(&input->lock);
    if (status != KD_OK)
        kd__free(wish);
    return status;
}

void
kd__input_close(struct kd__input *input)
{
    int is_first;

    pthread_mutex_lock(&input->lock);
    is_first = !input->is_over;
    input->is_over = 1;
    pthread_cond_broadcast(&input->changed);
    pthread_mutex_unlock(&input->lock);
    if (is_first && input->interrupt != NULL)
        input->interrupt(input->arg);
}

kd_status
kd__input_stop(struct kd__input *input, kd_time until)
{
    int has_left;

    pthread_mutex_lock(&input->lock);
    while (input->started && !input->has_left && kd__clock_now() < until)
        kd__thread_cond_wait(&input->changed, &input->lock, until);
    has_left = !input->started || input->has_left;
    pthread_mutex_unlock(&input->lock);
    if (!has_left)
        return KD_ETIMEOUT;
    if (input->started)
        pthread_join(input->thread, NULL);
    input->started = 0;
    return KD_OK;
}

void
kd__input_fini(struct kd__input *input)
{
    kd__free(input->bytes.data);
    pthread_cond_destroy(&input->changed);
    pthread_mutex_destroy(&input->lock);
}

size_t
kd__input_cut(const char *data, size_t len, int is_line, size_t most,
    int is_at_end, size_t *given)
{
    /* The end of a line is no part of it and does not count. */
    const size_t seen = len < most || len - most < 2 ? len : most + 2;
    const char *end = is_line ? memchr(data, '\n', seen) : NULL;
    size_t line;

    *given = len < most ? len : most;
    if (!is_line)
        return *given;
    if (end == NULL)
        return is_at_end || len > most + 1 ? *given : 0;
    line = (size_t)(end - data);
    *given = line > 0 && data[line - 1] == '\r' ? line - 1 : line;
    if (*given <= most)
        return line + 1;
    *given = most;
    return most;
}

/* The lock is held. */
static kd_status
start(struct kd__input *input)
{
    kd_status status = KD_OK;

    if (input->has_left)
        return KD_EUNAVAIL;
    if (!input->started)
        status = kd__thread_start(&input->thread, "kd-input", input_run, input);
    input->started |= status == KD_OK;
    return status;
}

static void *
input_run(void *arg)
{
    struct kd__input *input = arg;
    struct kd__wish *wish;
    int is_over;

    while ((wish = take(input, &is_over)) != NULL) {
        grant(input, wish, is_over);
        kd__free(wish);
    }
    return NULL;
}

/* Waits for one; NULL when the input is over and nobody waits for it. */
static struct kd__wish *
take(struct kd__input *input, int *is_over)
{
    struct kd__wish *wish;

    pthread_mutex_lock(&input->lock);
    while (input->first == NULL && !input->is_over)
        pthread_cond_wait(&input->changed, &input->lock);
    wish = input->first;
    *is_over = input->is_over;
    if (wish != NULL) {
        input->first = wish->next;
        if (input->first == NULL)
            input->last = NULL;
    } else {
        input->has_left = 1;
        pthread_cond_broadcast(&input->changed);
    }
    pthread_mutex_unlock(&input->lock);
    return wish;
}

static int
is_over(struct kd__input *input)
{
    int result;

    pthread_mutex_lock(&input->lock);
    result = input->is_over;
    pthread_mutex_unlock(&input->lock);
    return result;
}

/* Room for more behind what is there. KD_OK or KD_ENOMEM. */
static kd_status
make_room(struct kd__input_bytes *bytes)
{
    const size_t len = bytes->end - bytes->start;
    size_t size = bytes->size == 0 ? ROOM_MIN : bytes->size;
    char *data;

    if (bytes->start > 0)
        memmove(bytes->data, bytes->data + bytes->start, len);
    bytes->start = 0;
    bytes->end = len;
    if (size - len >= ROOM_MIN / 2 && bytes->size > 0)
        return KD_OK;
    if (bytes->size > 0)
        size *= 2;
    data = kd__realloc(bytes->data, size);
    if (data == NULL)
        return KD_ENOMEM;
    bytes->data = data;
    bytes->size = size;
    return KD_OK;
}

/* Read on. Without memory for more the input is as good as at its end. */
static void
fill(struct kd__input *input)
{
    struct kd__input_bytes *bytes = &input->bytes;
    size_t n = 0;

    if (make_room(bytes) == KD_OK)
        n = input->read(
            input->arg, bytes->data + bytes->end, bytes->size - bytes->end);
    bytes->end += n;
    input->is_at_end = n == 0;
}

static kd_status
answer(struct kd__input *input, const struct kd__wish *wish,
    const kd_payload *payload)
{
    const struct kd__letter letter = {KD_PID_NONE_INIT, 0, KD_TERMINAL_TOPIC,
        sizeof(KD_TERMINAL_TOPIC) - 1, KD_MESSAGE_REPLY, wish->ref, payload};
    struct kd__guest *guest = kd__epoch_visit(&input->system->epoch);
    kd_status status = kd__send(input->system, wish->pid, &letter, NULL);

    kd__epoch_depart(guest);
    return status;
}

static void
grant(struct kd__input *input, const struct kd__wish *wish, int closed)
{
    struct kd__input_bytes *bytes = &input->bytes;
    kd_payload payload = kd_payload_none();
    size_t given = 0, cut = 0;

    while (!closed) {
        const size_t len = bytes->end - bytes->start;

        if (len > 0)
            cut = kd__input_cut(bytes->data + bytes->start, len, wish->is_line,
                wish->most, input->is_at_end, &given);
        if (cut > 0 || input->is_at_end)
            break;
        fill(input);
        closed = is_over(input);
    }
    if (cut > 0 && !closed)
        payload =
            kd_payload_make(KD_FORMAT_BYTES, bytes->data + bytes->start, given);
    if (answer(input, wish, &payload) == KD_OK)
        bytes->start += cut;
}
