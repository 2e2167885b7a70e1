/* SPDX-License-Identifier: MIT */
/*
 * Kinds under watch, and the services that their processes see.
 *
 * A call that is against the rules is named in the log and refused, so that it
 * races with nothing: it returns KD_ECONFLICT, or as if there were nothing.
 */

#include "runtime/checked.h"

#include "base/error.h"
#include "base/memory.h"
#include "runtime/checked_buf.h"
#include "runtime/runtime.h"

#include <stdio.h>

#define BUCKETS 64

#define WRONG_THREAD                                                           \
    "kd_proc_%s() was called from a thread that does not have the process"

/* A worker kind around another. */
struct watched_kind {
    kd_worker_kind pub;
    const kd_worker_kind *real;
};

/* A message that the process has. */
struct held {
    struct held *next;
    const kd_message *message;
};

/* What an instance of such a kind is. */
struct watched {
    const kd_worker_kind *real;
    void *self;                   /* The kind's instance. */
    const struct kd__proc *proc;  /* Whose it is. */
    struct watched *outer;        /* While it is created: see `created`. */
    _Atomic(const char *) holder; /* The thread that has it: see `here`. */
    _Atomic int is_told;          /* It was named for its threads. */
    int is_blind; /* Memory was out: what it holds is not known. */
    struct held *held[BUCKETS]; /* By address. */
};

/* Its address stands for the thread. */
static _Thread_local char here __attribute__((tls_model("initial-exec")));

/* What this thread is creating: the innermost, for creating may spawn. */
static _Thread_local struct watched *created
    __attribute__((tls_model("initial-exec")));

static const kd_proc_calls checked_calls;

static struct watched *watched_of(const kd_proc *pub);
static struct watched *has(const kd_proc *pub, const char *call);
static int may(const kd_proc *pub, const char *call, kd_error *err);
static void hold(struct watched *w, const kd_message *message);
static int let_go(struct watched *w, const kd_message *message);
static struct held **bucket_of(struct watched *w, const kd_message *message);
static void watched_free(struct watched *w);

/* --- The kind ------------------------------------------------------------- */

static kd_status
watched_create(void *state, void *prepared, kd_proc *pub,
    const kd_payload *args, void **self, kd_error *err)
{
    const struct kd__proc *proc = kd__proc_of(pub);
    struct watched *w = kd__calloc(1, sizeof(*w));
    const struct kd__proc *before;
    kd_status status;

    if (w == NULL)
        return kd__error_memory(err);
    w->real =
        ((const struct watched_kind *)(const void *)kd__proc_code(proc)->kind)
            ->real;
    w->proc = proc;
    pub->calls = &checked_calls;
    w->outer = created;
    created = w;
    atomic_store(&w->holder, &here);
    before = kd__checked_buf_enter(proc);
    status = w->real->create(state, prepared, pub, args, &w->self, err);
    kd__checked_buf_enter(before);
    atomic_store(&w->holder, NULL);
    created = w->outer;
    if (status == KD_OK)
        *self = w;
    else
        watched_free(w);
    return status;
}

static kd_next
watched_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct watched *w = self;
    const struct kd__proc *before = kd__checked_buf_enter(w->proc);
    kd_next next;

    atomic_store(&w->holder, &here);
    next = w->real->run(w->self, proc, budget, err);
    kd__checked_buf_enter(before);
    atomic_store(&w->holder, NULL);
    return next;
}

static void
watched_preempt(void *self)
{
    const struct watched *w = self;

    w->real->preempt(w->self);
}

static void
watched_destroy(void *self, kd_proc *proc)
{
    struct watched *w = self;
    const struct kd__proc *before = kd__checked_buf_enter(w->proc);

    atomic_store(&w->holder, &here);
    w->real->destroy(w->self, proc);
    kd__checked_buf_enter(before);
    watched_free(w);
}

static void
watched_describe(void *self, char *text, size_t len)
{
    const struct watched *w = self;

    w->real->describe(w->self, text, len);
}

static void
watched_interrupt(void *self)
{
    const struct watched *w = self;

    w->real->interrupt(w->self);
}

kd_status
kd__checked_wrap(struct kd__code *code)
{
    struct watched_kind *kind = kd__calloc(1, sizeof(*kind));
    const kd_worker_kind *real = code->kind;

    if (kind == NULL)
        return KD_ENOMEM;
    kind->real = real;
    kind->pub.size = (uint32_t)sizeof(kind->pub);
    kind->pub.flags = real->flags;
    kind->pub.prepare = real->prepare;
    kind->pub.unprepare = real->unprepare;
    kind->pub.create = watched_create;
    kind->pub.run = watched_run;
    kind->pub.destroy = watched_destroy;
    if (real->preempt != NULL)
        kind->pub.preempt = watched_preempt;
    if (KD_HAS(kd_worker_kind, real, describe) && real->describe != NULL)
        kind->pub.describe = watched_describe;
    if (KD_HAS(kd_worker_kind, real, outline))
        kind->pub.outline = real->outline;
    if (KD_HAS(kd_worker_kind, real, interrupt) && real->interrupt != NULL)
        kind->pub.interrupt = watched_interrupt;
    code->kind = &kind->pub;
    return KD_OK;
}

void
kd__checked_unwrap(struct kd__code *code)
{
    const struct watched_kind *kind =
        (const struct watched_kind *)(const void *)code->kind;

    if (kind == NULL || kind->pub.create != watched_create)
        return;
    code->kind = kind->real;
    kd__free((void *)(uintptr_t)kind);
}

/* --- The services --------------------------------------------------------- */

static kd_message *
checked_next(kd_proc *pub)
{
    struct watched *w = has(pub, "next");
    kd_message *message;

    if (w == NULL)
        return NULL;
    message = kd__proc_calls.next(pub);
    if (message == NULL)
        return NULL;
    kd__checked_buf_lend(w->proc->system->arg, message);
    hold(w, message);
    return message;
}

static void
checked_release(kd_proc *pub, kd_message *message)
{
    struct watched *w;

    if (message == NULL || (w = has(pub, "release")) == NULL)
        return;
    if (let_go(w, message))
        kd__proc_calls.release(pub, message);
    else
        kd__breach(kd__proc_of(pub)->system->arg, KD_LOG_ERROR,
            kd__proc_of(pub), "mail",
            "has released a message that it does not have, or no longer");
}

static kd_status
checked_signal(kd_proc *pub, kd_signal *signal)
{
    return has(pub, "signal") ? kd__proc_calls.signal(pub, signal)
                              : KD_ENOTFOUND;
}

static kd_status
checked_finish(kd_proc *pub, const kd_payload *value)
{
    return has(pub, "finish") &&
                   kd__checked_buf_may("kd_proc_finish", value, NULL)
               ? kd__proc_calls.finish(pub, value)
               : KD_ECONFLICT;
}

static kd_status
checked_fail(kd_proc *pub, const kd_payload *error, const char *trace)
{
    return has(pub, "fail") && kd__checked_buf_may("kd_proc_fail", error, NULL)
               ? kd__proc_calls.fail(pub, error, trace)
               : KD_ECONFLICT;
}

static void
checked_wake_at(kd_proc *pub, kd_time due_ns)
{
    if (has(pub, "wake_at"))
        kd__proc_calls.wake_at(pub, due_ns);
}

static uint32_t
checked_should_yield(const kd_proc *pub)
{
    return has(pub, "should_yield") ? kd__proc_calls.should_yield(pub) : 1;
}

static kd_status
checked_send(kd_proc *pub, kd_pid to, const char *topic, size_t topic_len,
    uint32_t flags, const kd_payload *payload, kd_error *err)
{
    return may(pub, "send", err) &&
                   kd__checked_buf_may("kd_proc_send", payload, err)
               ? kd__proc_calls.send(
                     pub, to, topic, topic_len, flags, payload, err)
               : KD_ECONFLICT;
}

static kd_status
checked_spawn(kd_proc *pub, const kd_spawn *spawn, kd_pid *pid, kd_error *err)
{
    return may(pub, "spawn", err) &&
                   kd__checked_buf_may_spawn("kd_proc_spawn", spawn, err)
               ? kd__proc_calls.spawn(pub, spawn, pid, err)
               : KD_ECONFLICT;
}

static kd_status
checked_monitor(kd_proc *pub, kd_pid target, kd_error *err)
{
    return may(pub, "monitor", err) ? kd__proc_calls.monitor(pub, target, err)
                                    : KD_ECONFLICT;
}

static kd_status
checked_unmonitor(kd_proc *pub, kd_pid target, kd_error *err)
{
    return may(pub, "unmonitor", err)
               ? kd__proc_calls.unmonitor(pub, target, err)
               : KD_ECONFLICT;
}

static kd_status
checked_link(kd_proc *pub, kd_pid target, kd_error *err)
{
    return may(pub, "link", err) ? kd__proc_calls.link(pub, target, err)
                                 : KD_ECONFLICT;
}

static kd_status
checked_unlink(kd_proc *pub, kd_pid target, kd_error *err)
{
    return may(pub, "unlink", err) ? kd__proc_calls.unlink(pub, target, err)
                                   : KD_ECONFLICT;
}

static void
checked_set_trap(kd_proc *pub, uint32_t on)
{
    if (has(pub, "set_trap"))
        kd__proc_calls.set_trap(pub, on);
}

static kd_status
checked_cancel(kd_proc *pub, kd_pid target, kd_time deadline_ns, uint32_t flags,
    const char *reason, kd_error *err)
{
    return may(pub, "cancel", err) ? kd__proc_calls.cancel(pub, target,
                                         deadline_ns, flags, reason, err)
                                   : KD_ECONFLICT;
}

static kd_status
checked_terminate(kd_proc *pub, kd_pid target, kd_error *err)
{
    return may(pub, "terminate", err)
               ? kd__proc_calls.terminate(pub, target, err)
               : KD_ECONFLICT;
}

static kd_status
checked_request(kd_proc *pub, kd_pid to, const char *topic,
    const kd_payload *payload, kd_time deadline_ns, kd_ref *ref, kd_error *err)
{
    return may(pub, "request", err) &&
                   kd__checked_buf_may("kd_proc_request", payload, err)
               ? kd__proc_calls.request(
                     pub, to, topic, payload, deadline_ns, ref, err)
               : KD_ECONFLICT;
}

static kd_status
checked_reply(kd_proc *pub, kd_pid to, kd_ref ref, const kd_payload *payload,
    kd_error *err)
{
    return may(pub, "reply", err) &&
                   kd__checked_buf_may("kd_proc_reply", payload, err)
               ? kd__proc_calls.reply(pub, to, ref, payload, err)
               : KD_ECONFLICT;
}

static kd_status
checked_when_room(kd_proc *pub, kd_pid target, kd_error *err)
{
    return may(pub, "when_room", err)
               ? kd__proc_calls.when_room(pub, target, err)
               : KD_ECONFLICT;
}

static kd_status
checked_print(kd_proc *pub, const char *text, size_t len, uint32_t flags)
{
    return has(pub, "print") ? kd__proc_calls.print(pub, text, len, flags)
                             : KD_ECONFLICT;
}

static void
checked_ready(kd_proc *pub)
{
    if (has(pub, "ready"))
        kd__proc_calls.ready(pub);
}

static kd_port *
checked_port(kd_proc *pub)
{
    return has(pub, "port") ? kd__proc_calls.port(pub) : NULL;
}

static kd_status
checked_become(kd_proc *pub, const kd_entry *entry, kd_error *err)
{
    return may(pub, "become", err) ? kd__proc_calls.become(pub, entry, err)
                                   : KD_ECONFLICT;
}

static kd_status
checked_watch(kd_proc *pub, int32_t fd, uint32_t events, kd_error *err)
{
    return may(pub, "watch", err) ? kd__proc_calls.watch(pub, fd, events, err)
                                  : KD_ECONFLICT;
}

/* What a process is never changes, so that it may be asked from anywhere. */
static kd_pid
checked_self(const kd_proc *pub)
{
    has(pub, "self");
    return kd__proc_calls.self(pub);
}

static const kd_entry *
checked_entry(const kd_proc *pub)
{
    has(pub, "entry");
    return kd__proc_calls.entry(pub);
}

static kd_payload
checked_context(const kd_proc *pub)
{
    has(pub, "context");
    return kd__proc_calls.context(pub);
}

static uint32_t
checked_trap(const kd_proc *pub)
{
    has(pub, "trap");
    return kd__proc_calls.trap(pub);
}

static kd_pid
checked_parent(const kd_proc *pub)
{
    has(pub, "parent");
    return kd__proc_calls.parent(pub);
}

static kd_pid
checked_spawner(const kd_proc *pub)
{
    has(pub, "spawner");
    return kd__proc_calls.spawner(pub);
}

static const kd_proc_calls checked_calls = {
    .size = sizeof(kd_proc_calls),
    .self = checked_self,
    .entry = checked_entry,
    .context = checked_context,
    .next = checked_next,
    .release = checked_release,
    .signal = checked_signal,
    .finish = checked_finish,
    .fail = checked_fail,
    .wake_at = checked_wake_at,
    .should_yield = checked_should_yield,
    .send = checked_send,
    .spawn = checked_spawn,
    .monitor = checked_monitor,
    .unmonitor = checked_unmonitor,
    .link = checked_link,
    .unlink = checked_unlink,
    .set_trap = checked_set_trap,
    .trap = checked_trap,
    .cancel = checked_cancel,
    .terminate = checked_terminate,
    .request = checked_request,
    .reply = checked_reply,
    .when_room = checked_when_room,
    .print = checked_print,
    .ready = checked_ready,
    .port = checked_port,
    .become = checked_become,
    .parent = checked_parent,
    .spawner = checked_spawner,
    .watch = checked_watch,
};

/* --- Who has what --------------------------------------------------------- */

/* NULL: it is being created, by another thread. */
static struct watched *
watched_of(const kd_proc *pub)
{
    const struct kd__proc *proc = kd__proc_of(pub);

    for (struct watched *w = created; w != NULL; w = w->outer) {
        if (w->proc == proc)
            return w;
    }
    return proc->in_create ? NULL : proc->self;
}

/* If this thread has the process. If not, NULL, and the log says so: once. */
static struct watched *
has(const kd_proc *pub, const char *call)
{
    const struct kd__proc *proc = kd__proc_of(pub);
    struct watched *w = watched_of(pub);
    char text[120];

    if (w != NULL && atomic_load(&w->holder) == &here)
        return w;
    if (w != NULL && atomic_exchange(&w->is_told, 1))
        return NULL;
    snprintf(text, sizeof(text), WRONG_THREAD, call);
    kd__breach(proc->system->arg, KD_LOG_ERROR, proc, "threads", text);
    return NULL;
}

static int
may(const kd_proc *pub, const char *call, kd_error *err)
{
    if (has(pub, call))
        return 1;
    kd__error(err, KD_ECONFLICT, WRONG_THREAD, call);
    return 0;
}

static void
hold(struct watched *w, const kd_message *message)
{
    struct held **bucket = bucket_of(w, message);
    struct held *held = kd__malloc(sizeof(*held));

    if (held == NULL) {
        w->is_blind = 1;
        return;
    }
    held->message = message;
    held->next = *bucket;
    *bucket = held;
}

/* Whether it had it. */
static int
let_go(struct watched *w, const kd_message *message)
{
    struct held **at = bucket_of(w, message);
    struct held *held;

    while (*at != NULL && (*at)->message != message)
        at = &(*at)->next;
    held = *at;
    if (held == NULL)
        return w->is_blind;
    *at = held->next;
    kd__free(held);
    return 1;
}

static struct held **
bucket_of(struct watched *w, const kd_message *message)
{
    return &w->held[(uintptr_t)message / 16 % BUCKETS];
}

static void
watched_free(struct watched *w)
{
    struct held *held;

    for (size_t i = 0; i < BUCKETS; i++) {
        while ((held = w->held[i]) != NULL) {
            w->held[i] = held->next;
            kd__free(held);
        }
    }
    kd__free(w);
}
