/* SPDX-License-Identifier: MIT */
/*
 * The process record, and what all records of a runtime share.
 *
 * Who may touch what
 *
 *     token    Whoever has the run token: the thread inside kd__run for this
 *              process, or the spawner before the process is published.
 *     lock     Guarded by kd__proc::lock. Two at once only by
 *              kd__proc_lock_both(), in the order of addresses.
 *     names    Guarded by kd__names::lock, taken before any process's lock.
 *     atomic   Any thread that has entered the epoch.
 *     const    Written before the process is published.
 *
 * A record is found by pid in the table and kept, for whoever looks, by the
 * epoch; it is freed two epochs after it was retired.
 */
#ifndef KD_PROC_PROC_H
#define KD_PROC_PROC_H

#include "base/block.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/lock.h"
#include "proc/epoch.h"
#include "proc/mailbox.h"
#include "proc/name.h"
#include "proc/signal.h"
#include "proc/stuck.h"
#include "proc/table.h"

#include <kindred/embed.h>

struct kd__proc;
struct kd__host;

/* Run states; wake.h has the table of moves between them. */
#define KD__RUN_IDLE   0u /* Waits; nobody has the token. */
#define KD__RUN_QUEUED 1u /* The host has the token. */
#define KD__RUN_ACTIVE 2u /* A thread has it, inside a slice. */
#define KD__RUN_WOKEN  3u /* The same, and something came meanwhile. */
#define KD__RUN_OVER   4u /* Ended; the token is gone. */

/* Why a process must end by force; the first one recorded counts. */
#define KD__END_NONE      0u
#define KD__END_TERMINATE 1u /* Terminated, or a deadline has passed. */
#define KD__END_LINK      2u /* A linked process failed. */
#define KD__END_LATER     3u /* Terminated, with such a failure before it. */

/* Whether kd_proc_ready() was called. */
#define KD__READY_NO      0u
#define KD__READY_TELLING 1u
#define KD__READY_TOLD    2u

/* What a process runs: one for each worker entry, made when it is loaded. */
struct kd__code {
    const kd_entry *entry;
    const char *id; /* Of the entry. */
    const kd_worker_kind *kind;
    void *state;    /* The plugin's. */
    void *prepared; /* The kind's. */
    uint64_t max_messages;
    uint64_t max_bytes;
    uint64_t message_bytes;
};

#define KD__HOST_DECLARED 0u
#define KD__HOST_RUNNING  1u
#define KD__HOST_STOPPING 2u
#define KD__HOST_STOPPED  3u

/* Of kd__host::population; one word, so that it is read as of one moment. */
#define KD__HOST_COUNTED ((uint64_t)1)
#define KD__HOST_APART   ((uint64_t)1 << 32)

/* A host entry, declared or running. */
struct kd__host {
    struct kd__system *system;
    const char *id;
    uint32_t number; /* kd_pid::host; from 1. */
    const kd_host_kind *kind;
    void *self;
    kd_host_info info;
    _Atomic uint32_t state; /* KD__HOST_ */
    /* Its processes until their exits are over: KD__HOST_COUNTED for each that
     * its limit counts, KD__HOST_APART for the runtime's own and those of
     * whose end others may know. */
    _Atomic uint64_t population;
};

/* What the records of one runtime share; the runtime fills it in. */
struct kd__system {
    const kd_api *api;
    const kd_proc_calls *calls;
    struct kd__table table;
    struct kd__epoch epoch;
    struct kd__names names;
    struct kd__depot depot; /* Free blocks of all its lanes. */
    kd_buf *terminated;     /* The error of a forced end; pinned. */
    kd_buf *unanswered;     /* That of a request without an answer; pinned. */
    struct kd__host *const *hosts; /* By number - 1; const once started. */
    uint32_t n_hosts;
    int signal;     /* For preemption; 0: kinds count. */
    int is_stepped; /* No thread watches slices: they look at the clock. */
    _Atomic uint64_t next_ref;
    _Atomic uint64_t stuck; /* Ended for all, but a call does not return. */
    struct kd__stuck_list stuck_list; /* Who they are. */
    const kd_clock *clock;            /* NULL: the system's. */
    const kd_allocator *allocator;    /* NULL: malloc. */
    void *arg;
    /* A process less on a host that is not running: it drains. */
    void (*left)(void *arg, struct kd__host *host);
    /* A process ends that watches descriptors: take them all back. */
    void (*unwatch)(void *arg, struct kd__proc *proc);
    void (*log)(void *arg, uint32_t level, kd_pid pid, const char *subject,
        const char *text);
    /* The kind of a process breaks this rule of plugins: to be told. */
    void (*breach)(void *arg, uint32_t level, const struct kd__proc *proc,
        const char *rule, const char *text);
};

/* The time that processes see: deadlines, and when something happened. */
static inline kd_time
kd__system_now(const struct kd__system *system)
{
    const kd_clock *clock = system->clock;

    return clock == NULL ? kd__clock_now() : clock->now_ns(clock->arg);
}

static inline int64_t
kd__system_unix(const struct kd__system *system)
{
    const kd_clock *clock = system->clock;

    return clock == NULL ? kd__clock_unix() : clock->unix_ns(clock->arg);
}

struct kd__proc {
    kd_proc pub; /* const */
    struct kd__retired retired;
    struct kd__system *system;             /* const */
    struct kd__host *host;                 /* const */
    _Atomic(const struct kd__code *) code; /* atomic: see kd__proc_code. */
    void *self;                            /* const: the kind's instance. */
    kd_pid pid;                            /* const */
    kd_pid spawner;                        /* const: or none. */

    /* What is small lies together: there may be a million records. */
    _Atomic(struct kd_lane *) lane; /* atomic: of its last slice; by token. */
    _Atomic uint8_t run;            /* atomic: KD__RUN_ */
    _Atomic uint8_t end;            /* atomic: KD__END_; written under lock. */
    _Atomic uint8_t trap;           /* atomic: written by token. */
    _Atomic uint8_t told;           /* atomic: see exit.c. */
    _Atomic uint8_t hints;          /* atomic: KD__HINT_ */
    _Atomic uint8_t ready;          /* atomic: KD__READY_, see ready.h. */
    uint8_t failed;                 /* token */
    uint8_t in_create;              /* token: create has not returned. */
    _Atomic kd_time deadline; /* atomic: written under lock; a cancel's. */
    _Atomic kd_time timer;    /* atomic: what the host's timer is set to. */
    kd_time wake;             /* token: when the kind wants to run. */
    kd_time request_due;      /* token: earliest deadline of a request. */

    struct kd__mailbox mailbox;
    struct kd__signals signals;

    struct kd__lock lock;
    uint8_t closed;           /* lock: takes part in no bond any more. */
    uint8_t has_names;        /* lock: has ever had one. */
    uint8_t is_own;           /* const: the runtime's. */
    uint8_t born;             /* const: KD__BORN_ */
    uint32_t n_links;         /* lock */
    uint32_t n_watchers;      /* lock */
    uint32_t n_watching;      /* lock */
    _Atomic uint32_t fds;     /* token: first descriptor it watches, plus 1. */
    struct kd__list links;    /* lock: bonds of type link. */
    struct kd__list watchers; /* lock: bonds that tell others of us. */
    struct kd__list watching; /* lock: bonds that tell us of others. */
    kd_pid end_from;          /* lock: whose failure, for KD__END_LINK. */
    uint32_t n_held;          /* names */
    uint32_t refused; /* token: what a mailbox last had no room for, bytes. */
    struct kd__name *held; /* names */

    kd_buf *context;               /* const, may be NULL. */
    kd_buf *terminal;              /* const: its arguments; NULL: none. */
    kd_buf *value;                 /* token: result of a normal end. */
    kd_buf *error;                 /* token: why it failed. */
    char *trace;                   /* token: where; from malloc. */
    struct kd__observer *observer; /* const, may be NULL. */
};

#define KD__BORN_LINKED  1u /* The spawner is the parent. */
#define KD__BORN_NO_MAIL 2u /* The spawner wants no mail. */

#define KD__HINT_LINK 1u /* A link's failure has come; trap may save it. */
#define KD__HINT_ROOM 2u /* Somebody waits for room in the mailbox; */
#define KD__HINT_ALL  4u /* somebody for all of it. */

/* Who asked, beside links and monitors, to be told of the end. */
struct kd__observer {
    void (*ended)(void *arg, const kd_exit *exit);
    /* The process has started up: at most once, and before `ended`. On the
     * process's thread, so be quick. May be NULL. */
    void (*ready)(void *arg, kd_pid pid);
    void *arg;
};

static inline struct kd__proc *
kd__proc_of(const kd_proc *pub)
{
    return (struct kd__proc *)(uintptr_t)pub;
}

/* It is about to be destroyed: it watches no descriptor any more. */
static inline void
kd__proc_unwatch(struct kd__proc *proc)
{
    if (atomic_load_explicit(&proc->fds, memory_order_relaxed) != 0)
        proc->system->unwatch(proc->system->arg, proc);
}

/* What it runs. Another one only by kd_proc_become(), of the same kind; what
 * this points to never changes, so relaxed is enough for any thread. */
static inline const struct kd__code *
kd__proc_code(const struct kd__proc *proc)
{
    return atomic_load_explicit(&proc->code, memory_order_relaxed);
}

/* Whether its end has not begun to be told. */
static inline int
kd__proc_is_alive(const struct kd__proc *proc)
{
    return atomic_load_explicit(&proc->told, memory_order_acquire) == 0;
}

/* The host's bytes, right behind the record, 16-aligned. */
static inline void *
kd__proc_node(struct kd__proc *proc)
{
    return (char *)proc + ((sizeof(*proc) + 15) & ~(size_t)15);
}

static inline struct kd__proc *
kd__proc_of_node(void *node)
{
    return (struct kd__proc *)(void *)((char *)node -
                                       ((sizeof(struct kd__proc) + 15) &
                                           ~(size_t)15));
}

/* What kd__proc_new is to make. All borrowed but `observer`. */
struct kd__birth {
    struct kd__host *host;
    const struct kd__code *code;
    const kd_payload *args;
    kd_buf *context;  /* Retained, may be NULL. */
    kd_buf *terminal; /* Likewise. */
    kd_pid spawner;   /* Or none. */
    uint32_t born;    /* KD__BORN_ */
    struct kd__observer *observer;
    uint32_t is_own; /* The runtime's: host's limit or not. */
};

/*
 * Make a process that nobody can find yet: the caller has its token. It counts
 * against its host. KD_ELIMIT, KD_ENOMEM, KD_EUNAVAIL, or what create said.
 */
kd_status kd__proc_new(struct kd__system *system, const struct kd__birth *birth,
    struct kd__proc **proc, kd_error *err);

/*
 * It can be found from now on, and written to, and tied. KD_OK; KD_EUNAVAIL:
 * its host has begun to stop meanwhile, and it is not to be started. For a
 * host that stops says so first and tells all whom it finds then; who is
 * published first and looks at the host then is found, or sees it.
 */
kd_status kd__proc_publish(struct kd__proc *proc, kd_error *err);

/* It runs when the host gets to it; the token is the host's. */
void kd__proc_start(struct kd__proc *proc);

/* The process of a pid, alive or just ending; or NULL. The caller has entered
 * the epoch. */
static inline struct kd__proc *
kd__proc_find(const struct kd__system *system, kd_pid pid)
{
    struct kd__proc *proc;

    if (pid.node != 0)
        return NULL;
    proc = kd__table_find(&system->table, pid.serial);
    return proc != NULL && kd_pid_equal(proc->pid, pid) ? proc : NULL;
}

/* Frees the record and all that hangs on it. After retiring it. */
void kd__proc_free(struct kd__retired *retired);

/* A process is about to be told of as ended: its limit has room for another. */
void kd__host_part(struct kd__host *host);

/* One process less on this host; is it one that the limit does not count? */
void kd__host_leave(struct kd__host *host, uint32_t is_apart);

/* How many processes its limit counts. */
static inline uint64_t
kd__host_counted(const struct kd__host *host)
{
    return atomic_load(&host->population) % KD__HOST_APART;
}

/* How many there are in all. */
static inline uint64_t
kd__host_count(const struct kd__host *host)
{
    uint64_t population = atomic_load(&host->population);

    return population / KD__HOST_APART + population % KD__HOST_APART;
}

/* Have it end by force; its lock is held. The first cause counts. */
void kd__proc_terminate(struct kd__proc *proc);

/* Lock two processes, never the same one. */
void kd__proc_lock_both(struct kd__proc *a, struct kd__proc *b);
/* Lock another one as well. 0: the lock of `proc` was given up meanwhile. */
int kd__proc_lock_other(struct kd__proc *proc, struct kd__proc *other);
void kd__proc_unlock_both(struct kd__proc *a, struct kd__proc *b);

#endif
