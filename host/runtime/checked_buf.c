/* SPDX-License-Identifier: MIT */
/*
 * The ledger of buffers under watch, by address: one of each runtime.
 *
 * What is watched is a buffer around another, whose place comes from an
 * allocator of the ledger's. So the ledger hears when the last reference has
 * gone, keeps the address for a while from becoming that of another buffer,
 * and can be found from a buffer by who says no more than that. It lives until
 * the last of them has gone, for buffers may outlive a runtime. Other buffers,
 * the host's own, are in it only while a plugin holds them.
 */

#include "runtime/checked_buf.h"

#include "base/error.h"
#include "base/scope.h"
#include "runtime/runtime.h"
#include "term/buf.h"

#include <pthread.h>
#include <stdio.h>

#define BUCKETS 1024
/* So many that have gone are known. */
#define GONE_MAX 4096

/* Who did something, and by which call. */
struct doer {
    const kd_entry *entry; /* NULL: it was outside of any process. */
    kd_pid pid;
    const char *call;
};

struct watched_buf {
    struct watched_buf *next; /* In its bucket. */
    kd_buf *buf;
    kd_buf *around;   /* What it is a buffer around, if the ledger made that. */
    struct doer last; /* Who took the newest reference. */
    size_t refs;      /* Those of plugins. */
    int is_ours;      /* From the ledger's allocator. */
    int is_gone;      /* All references are. */
    int was_released; /* The last of them by a plugin. */
};

struct kd__ledger {
    kd_allocator pub;         /* First: the allocator is the ledger. */
    const kd_allocator *real; /* That of the runtime. */
    pthread_mutex_t lock;     /* Guards all that follows. */
    kd_runtime *runtime;      /* NULL: it has ended. */
    struct watched_buf *buckets[BUCKETS];
    struct watched_buf *gone[GONE_MAX]; /* A ring. */
    size_t n_gone;                      /* How many there ever were. */
    size_t n_live;                      /* Places of buffers that are not. */
    int is_blind;                       /* Memory was out: not all is known. */
};

/* The process that this thread runs for. */
static _Thread_local const struct kd__proc *inside
    __attribute__((tls_model("initial-exec")));

/* This thread releases a buffer for a plugin. */
static _Thread_local int is_releasing
    __attribute__((tls_model("initial-exec")));

static void *ledger_realloc(void *arg, void *block, size_t size);
static void ledger_free(void *arg, void *block);
static struct kd__ledger *ledger_of(const kd_buf *buf);
static void ledger_end(struct kd__ledger *ledger);
static void gone_forget(struct kd__ledger *ledger, size_t at);
static kd_buf *buf_make(struct kd__ledger *ledger, const kd_payload *bytes,
    void (*release)(void *arg), void *arg, const char *call);
static void buf_release(void *buf);
static struct watched_buf *watched_new(struct kd__ledger *ledger);
static void watched_free(
    struct kd__ledger *ledger, struct watched_buf *watched);
static struct watched_buf **bucket_of(
    struct kd__ledger *ledger, const kd_buf *buf);
static struct watched_buf **find(struct kd__ledger *ledger, const kd_buf *buf);
static void add(struct kd__ledger *ledger, struct watched_buf *watched);
static void forget(struct kd__ledger *ledger, struct watched_buf *watched);
static int is_gone(const kd_buf *buf, const char *call, kd_error *err);
static void tell_left(
    struct kd__ledger *ledger, const struct watched_buf *watched);
static void tell(
    struct kd__ledger *ledger, const struct doer *doer, const char *text);
static struct doer doer_here(const struct kd__ledger *ledger, const char *call);

/* --- The calls ------------------------------------------------------------ */

static kd_buf *
checked_copy(const kd_api *api, uint32_t format, const void *data, size_t len)
{
    kd_buf *copy = kd__api_calls.buf_copy(api, format, data, len);
    kd_payload bytes = kd__buf_payload(copy);
    kd_buf *buf;

    if (copy == NULL)
        return NULL;
    buf = buf_make(
        kd__runtime_of(api)->ledger, &bytes, buf_release, copy, "buf_copy");
    if (buf == NULL)
        kd__buf_release(copy);
    return buf;
}

static kd_buf *
checked_wrap(const kd_api *api, uint32_t format, const void *data, size_t len,
    void (*release)(void *arg), void *arg)
{
    kd_payload bytes = kd_payload_make(format, data, len);

    return buf_make(
        kd__runtime_of(api)->ledger, &bytes, release, arg, "buf_wrap");
}

static kd_buf *
checked_retain(kd_buf *buf)
{
    struct kd__ledger *ledger = ledger_of(buf);
    struct watched_buf *watched;

    if (ledger == NULL)
        return kd__buf_retain(buf);
    if (is_gone(buf, "buf_retain", NULL))
        return buf;
    pthread_mutex_lock(&ledger->lock);
    watched = *find(ledger, buf);
    if (watched == NULL && (watched = watched_new(ledger)) != NULL) {
        watched->buf = buf;
        add(ledger, watched);
    }
    if (watched != NULL) {
        watched->refs++;
        watched->last = doer_here(ledger, "buf_retain");
    } else {
        ledger->is_blind = 1;
    }
    pthread_mutex_unlock(&ledger->lock);
    return kd__buf_retain(buf);
}

/* Whether a plugin has a reference to give back. */
static int
let_go(struct kd__ledger *ledger, const kd_buf *buf)
{
    struct watched_buf *watched;
    int has;

    pthread_mutex_lock(&ledger->lock);
    watched = *find(ledger, buf);
    has = watched == NULL ? ledger->is_blind : watched->refs > 0;
    if (watched != NULL && has) {
        watched->refs--;
        if (watched->refs == 0 && !watched->is_ours)
            forget(ledger, watched);
    }
    pthread_mutex_unlock(&ledger->lock);
    return has;
}

static void
checked_release(kd_buf *buf)
{
    struct kd__ledger *ledger = buf == NULL ? NULL : ledger_of(buf);
    struct doer doer;

    if (ledger != NULL && !let_go(ledger, buf)) {
        doer = doer_here(ledger, "buf_release");
        tell(ledger, &doer,
            "has released a buffer of which it holds no reference, or no "
            "longer");
        return;
    }
    is_releasing = 1;
    kd__buf_release(buf);
    is_releasing = 0;
}

static kd_payload
checked_payload(kd_buf *buf)
{
    return is_gone(buf, "buf_payload", NULL) ? kd_payload_none()
                                             : kd__buf_payload(buf);
}

static kd_status
checked_send(const kd_api *api, kd_pid to, const char *topic, size_t topic_len,
    uint32_t flags, const kd_payload *payload, kd_error *err)
{
    return kd__checked_buf_may("send", payload, err)
               ? kd__api_calls.send(
                     api, to, topic, topic_len, flags, payload, err)
               : KD_ECONFLICT;
}

static kd_status
checked_spawn(
    const kd_api *api, const kd_spawn *spawn, kd_pid *pid, kd_error *err)
{
    return kd__checked_buf_may_spawn("spawn", spawn, err)
               ? kd__api_calls.spawn(api, spawn, pid, err)
               : KD_ECONFLICT;
}

kd_status
kd__checked_buf_begin(kd_runtime *runtime)
{
    struct kd__ledger *ledger = kd__calloc(1, sizeof(*ledger));

    if (ledger == NULL)
        return KD_ENOMEM;
    if (pthread_mutex_init(&ledger->lock, NULL) != 0) {
        kd__free(ledger);
        return KD_ENOMEM;
    }
    ledger->pub.size = (uint32_t)sizeof(ledger->pub);
    ledger->pub.arg = ledger;
    ledger->pub.realloc = ledger_realloc;
    ledger->pub.free = ledger_free;
    ledger->real = runtime->config.allocator;
    ledger->runtime = runtime;
    runtime->ledger = ledger;
    runtime->api.buf_copy = checked_copy;
    runtime->api.buf_wrap = checked_wrap;
    runtime->api.buf_retain = checked_retain;
    runtime->api.buf_release = checked_release;
    runtime->api.buf_payload = checked_payload;
    runtime->api.send = checked_send;
    runtime->api.spawn = checked_spawn;
    return KD_OK;
}

const struct kd__proc *
kd__checked_buf_enter(const struct kd__proc *proc)
{
    const struct kd__proc *before = inside;

    inside = proc;
    return before;
}

int
kd__checked_buf_may(const char *call, const kd_payload *payload, kd_error *err)
{
    return payload == NULL || !is_gone(payload->buf, call, err);
}

int
kd__checked_buf_may_spawn(
    const char *call, const kd_spawn *spawn, kd_error *err)
{
    const kd_mail *mail = spawn->mail;
    int may = kd__checked_buf_may(call, &spawn->args, err) &&
              kd__checked_buf_may(call, &spawn->context, err);

    for (size_t i = 0; may && i < spawn->n_mail; i++) {
        may = kd__checked_buf_may(call, &mail->payload, err);
        mail = (const kd_mail *)(const void *)((const char *)mail +
                                               spawn->mail->size);
    }
    return may;
}

/* It is around the same as what was sent, or a chain would come of a buffer
 * that is sent on and on. Without memory the message keeps what it has. */
void
kd__checked_buf_lend(kd_runtime *runtime, kd_message *message)
{
    struct kd__ledger *ledger = runtime->ledger;
    kd_buf *sent = message->payload.buf;
    const struct watched_buf *watched;
    kd_buf *around, *buf;

    if (sent == NULL)
        return;
    pthread_mutex_lock(&ledger->lock);
    watched = *find(ledger, sent);
    around =
        watched != NULL && watched->around != NULL ? watched->around : sent;
    kd__buf_retain(around);
    pthread_mutex_unlock(&ledger->lock);
    buf = buf_make(ledger, &message->payload, buf_release, around, NULL);
    if (buf == NULL) {
        kd__buf_release(around);
        return;
    }
    message->payload.buf = buf;
    kd__buf_release(sent);
}

void
kd__checked_buf_end(kd_runtime *runtime)
{
    struct kd__ledger *ledger = runtime->ledger;
    int is_over;

    if (ledger == NULL)
        return;
    pthread_mutex_lock(&ledger->lock);
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct watched_buf *b = ledger->buckets[i]; b; b = b->next) {
            if (b->refs > 0 && b->last.entry != NULL)
                tell_left(ledger, b);
        }
    }
    for (size_t i = 0; i < GONE_MAX; i++)
        gone_forget(ledger, i);
    ledger->runtime = NULL;
    runtime->ledger = NULL;
    is_over = ledger->n_live == 0;
    pthread_mutex_unlock(&ledger->lock);
    if (is_over)
        ledger_end(ledger);
}

/* --- The ledger ----------------------------------------------------------- */

static void *
ledger_realloc(void *arg, void *block, size_t size)
{
    struct kd__ledger *ledger = arg;
    KD__SCOPE(ledger->real);

    return kd__realloc(block, size);
}

/* A buffer has gone. Its place is kept until many others have, or the runtime
 * has ended. */
static void
ledger_free(void *arg, void *block)
{
    struct kd__ledger *ledger = arg;
    struct watched_buf *watched;
    size_t at;
    int is_over;

    pthread_mutex_lock(&ledger->lock);
    ledger->n_live--;
    at = ledger->n_gone++ % GONE_MAX;
    gone_forget(ledger, at);
    watched = *find(ledger, block);
    if (watched != NULL) {
        watched->is_gone = 1;
        watched->was_released = is_releasing;
    }
    ledger->gone[at] = watched;
    is_over = ledger->runtime == NULL && ledger->n_live == 0;
    if (ledger->runtime == NULL)
        gone_forget(ledger, at);
    pthread_mutex_unlock(&ledger->lock);
    if (is_over)
        ledger_end(ledger);
}

/* The host's own buffers that plugins never gave back are left in it. */
static void
ledger_end(struct kd__ledger *ledger)
{
    KD__SCOPE(ledger->real);

    for (size_t i = 0; i < BUCKETS; i++) {
        while (ledger->buckets[i] != NULL)
            forget(ledger, ledger->buckets[i]);
    }
    pthread_mutex_destroy(&ledger->lock);
    kd__free(ledger);
}

static void
gone_forget(struct kd__ledger *ledger, size_t at)
{
    struct watched_buf *watched = ledger->gone[at];
    kd_buf *place;
    KD__SCOPE(ledger->real);

    if (watched == NULL)
        return;
    place = watched->buf;
    forget(ledger, watched);
    kd__free(place);
    ledger->gone[at] = NULL;
}

/* That of the process whose thread this is comes first: what is known there
 * needs no look at a place that may be nothing any more. */
static struct kd__ledger *
ledger_of(const kd_buf *buf)
{
    struct kd__ledger *ledger = NULL;
    const kd_allocator *memory;
    int is_known;

    if (inside != NULL) {
        ledger = ((kd_runtime *)inside->system->arg)->ledger;
        pthread_mutex_lock(&ledger->lock);
        is_known = *find(ledger, buf) != NULL;
        pthread_mutex_unlock(&ledger->lock);
        if (is_known)
            return ledger;
    }
    memory = kd__buf_memory(buf);
    return memory != NULL && memory->free == ledger_free ? memory->arg : ledger;
}

/* Without `call` it is the host's, of which no plugin has a reference yet. */
static kd_buf *
buf_make(struct kd__ledger *ledger, const kd_payload *bytes,
    void (*release)(void *arg), void *arg, const char *call)
{
    struct watched_buf *watched = watched_new(ledger);
    KD__SCOPE(&ledger->pub);

    if (watched == NULL)
        return NULL;
    watched->buf =
        kd__buf_wrap(bytes->format, bytes->data, bytes->len, release, arg);
    if (watched->buf == NULL) {
        watched_free(ledger, watched);
        return NULL;
    }
    watched->is_ours = 1;
    watched->around = release == buf_release ? arg : NULL;
    watched->last = doer_here(ledger, call);
    watched->refs = call != NULL;
    pthread_mutex_lock(&ledger->lock);
    ledger->n_live++;
    add(ledger, watched);
    pthread_mutex_unlock(&ledger->lock);
    return watched->buf;
}

static void
buf_release(void *buf)
{
    kd__buf_release(buf);
}

static struct watched_buf *
watched_new(struct kd__ledger *ledger)
{
    KD__SCOPE(ledger->real);

    return kd__calloc(1, sizeof(struct watched_buf));
}

static void
watched_free(struct kd__ledger *ledger, struct watched_buf *watched)
{
    KD__SCOPE(ledger->real);

    kd__free(watched);
}

static struct watched_buf **
bucket_of(struct kd__ledger *ledger, const kd_buf *buf)
{
    return &ledger->buckets[(uintptr_t)buf / 16 % BUCKETS];
}

/* Where it is linked, or would be. */
static struct watched_buf **
find(struct kd__ledger *ledger, const kd_buf *buf)
{
    struct watched_buf **at = bucket_of(ledger, buf);

    while (*at != NULL && (*at)->buf != buf)
        at = &(*at)->next;
    return at;
}

/* One that is not in it yet. */
static void
add(struct kd__ledger *ledger, struct watched_buf *watched)
{
    struct watched_buf **bucket = bucket_of(ledger, watched->buf);

    watched->next = *bucket;
    *bucket = watched;
}

static void
forget(struct kd__ledger *ledger, struct watched_buf *watched)
{
    *find(ledger, watched->buf) = watched->next;
    watched_free(ledger, watched);
}

/* Whether it is known to have gone, which the log and `err` say then. */
static int
is_gone(const kd_buf *buf, const char *call, kd_error *err)
{
    struct kd__ledger *ledger = buf == NULL ? NULL : ledger_of(buf);
    const struct watched_buf *watched;
    struct doer doer;
    char text[120];
    int gone, was_released;

    if (ledger == NULL)
        return 0;
    pthread_mutex_lock(&ledger->lock);
    watched = *find(ledger, buf);
    gone = watched != NULL && watched->is_gone;
    was_released = gone && watched->was_released;
    pthread_mutex_unlock(&ledger->lock);
    if (!gone)
        return 0;
    snprintf(text, sizeof(text),
        was_released
            ? "%s() was given a buffer after its last release"
            : "%s() was given a buffer that was kept without a reference",
        call);
    doer = doer_here(ledger, call);
    tell(ledger, &doer, text);
    kd__error(err, KD_ECONFLICT, "%s", text);
    return 1;
}

static void
tell_left(struct kd__ledger *ledger, const struct watched_buf *watched)
{
    char text[120];

    snprintf(text, sizeof(text),
        "has ended with %zu reference%s to a buffer of %zu bytes not released, "
        "the last from %s()",
        watched->refs, watched->refs == 1 ? "" : "s",
        kd__buf_payload(watched->buf).len, watched->last.call);
    tell(ledger, &watched->last, text);
}

static void
tell(struct kd__ledger *ledger, const struct doer *doer, const char *text)
{
    kd_runtime *runtime = ledger->runtime;

    if (runtime == NULL)
        return;
    if (doer->entry != NULL)
        kd__breach_of(
            runtime, KD_LOG_ERROR, doer->pid, doer->entry, "mail", text);
    else
        kd__log_text(&runtime->log, KD_LOG_ERROR, doer->pid, NULL,
            "outside of any process: %s", text);
}

static struct doer
doer_here(const struct kd__ledger *ledger, const char *call)
{
    const kd_pid nobody = KD_PID_NONE_INIT;
    struct doer doer = {NULL, nobody, call};

    if (inside != NULL && inside->system->arg == ledger->runtime) {
        doer.entry = kd__proc_code(inside)->entry;
        doer.pid = inside->pid;
    }
    return doer;
}
