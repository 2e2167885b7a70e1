/* SPDX-License-Identifier: MIT */
/*
 * What a process may ask of the host, from inside a callback for it.
 *
 * A kd_proc is valid from `create` until `destroy` returns, and only on the
 * thread that is inside a callback for that process. After the process has
 * ended although a call into it still runs (semantics X12), every service
 * answers KD_EGONE.
 *
 * The functions below are the interface; the table behind them is what makes
 * a plugin free of undefined symbols. `err` may always be NULL.
 */
#ifndef KINDRED_PROC_H
#define KINDRED_PROC_H

#include <kindred/message.h>

KD_BEGIN_DECLS

/** The caller watches the child from birth. */
#define KD_SPAWN_MONITOR ((uint32_t)1)
/** The caller and the child are linked from birth. */
#define KD_SPAWN_LINK ((uint32_t)2)
/**
 * The caller gets one KD_SIGNAL_EXIT for the child whose `ref` is not 0. It is
 * no monitor: kd_proc_monitor() and kd_proc_unmonitor() neither see nor remove
 * it, and whoever has both gets both.
 */
#define KD_SPAWN_CALL ((uint32_t)4)
/** The child is ended by force when the caller ends, however. */
#define KD_SPAWN_OWN ((uint32_t)8)
/**
 * The caller gets one KD_SIGNAL_READY when the child first calls
 * kd_proc_ready(); nothing if it ends before.
 */
#define KD_SPAWN_READY ((uint32_t)16)
/** An entry of a KD_WORKER_NO_SPAWN kind is no error: for kinds that offer
 * calls. */
#define KD_SPAWN_FUNCTION ((uint32_t)32)
/** The child traps links from birth, as with kd_proc_set_trap(). */
#define KD_SPAWN_TRAP ((uint32_t)64)
/**
 * The process has the terminal, see <kindred/ext/terminal.h>. For
 * kd_runtime_spawn() only: no process gives it away.
 */
#define KD_SPAWN_TERMINAL ((uint32_t)128)
/**
 * The caller spawns for others and wants no mail for it: kd_proc_spawner() of
 * the child is none.
 */
#define KD_SPAWN_NO_MAIL ((uint32_t)256)

/**
 * A message that a process is born with. It comes from the runtime's pid.
 */
typedef struct kd_mail {
    uint32_t size;     /**< sizeof(kd_mail). */
    uint32_t flags;    /**< 0 or KD_MESSAGE_MANY. */
    const char *topic; /**< As of kd_proc_send(). */
    size_t topic_len;
    kd_payload payload;
} kd_mail;
KD_ABI_STRUCT(kd_mail, 56);

/**
 * What to spawn. Everything is borrowed for the call.
 *
 * The checks come in the order of semantics P6, and so do the messages.
 */
typedef struct kd_spawn {
    uint32_t size;      /**< sizeof(kd_spawn). */
    uint32_t flags;     /**< KD_SPAWN_ bits; unknown ones are KD_EINVAL. */
    const char *entry;  /**< Id of a worker entry. */
    const char *host;   /**< Id of a running host; NULL: the caller's own. */
    const char *name;   /**< Name held from birth, or NULL. */
    kd_payload args;    /**< Term array of arguments, or none. */
    kd_payload context; /**< Term map (semantics B4), or none. */
    /** Messages that are in its mailbox from birth, before all others; they
        count against its limits as others do. All have the size of the first.
     */
    const kd_mail *mail;
    size_t n_mail; /**< How many; 0: `mail` may be NULL. */
} kd_spawn;
KD_ABI_STRUCT(kd_spawn, 112);

/** The services, by kd_proc::calls. Use the functions below. */
typedef struct kd_proc_calls {
    uint32_t size; /**< sizeof(kd_proc_calls) as the host has it. */
    uint32_t reserved;

    /** See kd_proc_self(). [worker | blocking] */
    kd_pid (*self)(const kd_proc *proc);
    /** See kd_proc_entry(). [worker | blocking] */
    const kd_entry *(*entry)(const kd_proc *proc);
    /** See kd_proc_context(). [worker | blocking] */
    kd_payload (*context)(const kd_proc *proc);
    /** See kd_proc_next(). [worker | blocking] */
    kd_message *(*next)(kd_proc *proc);
    /** See kd_proc_release(). [worker | blocking] */
    void (*release)(kd_proc *proc, kd_message *message);
    /** See kd_proc_signal(). [worker | blocking] */
    kd_status (*signal)(kd_proc *proc, kd_signal *signal);
    /** See kd_proc_finish(). [worker | blocking] */
    kd_status (*finish)(kd_proc *proc, const kd_payload *value);
    /** See kd_proc_fail(). [worker | blocking] */
    kd_status (*fail)(
        kd_proc *proc, const kd_payload *error, const char *trace);
    /** See kd_proc_wake_at(). [worker | blocking] */
    void (*wake_at)(kd_proc *proc, kd_time due_ns);
    /** See kd_proc_should_yield(). [worker | blocking] */
    uint32_t (*should_yield)(const kd_proc *proc);
    /** See kd_proc_send(). [worker | blocking] */
    kd_status (*send)(kd_proc *proc, kd_pid to, const char *topic,
        size_t topic_len, uint32_t flags, const kd_payload *payload,
        kd_error *err);
    /** See kd_proc_spawn(). [worker | blocking] */
    kd_status (*spawn)(
        kd_proc *proc, const kd_spawn *spawn, kd_pid *pid, kd_error *err);
    /** See kd_proc_monitor(). [worker | blocking] */
    kd_status (*monitor)(kd_proc *proc, kd_pid target, kd_error *err);
    /** See kd_proc_unmonitor(). [worker | blocking] */
    kd_status (*unmonitor)(kd_proc *proc, kd_pid target, kd_error *err);
    /** See kd_proc_link(). [worker | blocking] */
    kd_status (*link)(kd_proc *proc, kd_pid target, kd_error *err);
    /** See kd_proc_unlink(). [worker | blocking] */
    kd_status (*unlink)(kd_proc *proc, kd_pid target, kd_error *err);
    /** See kd_proc_set_trap(). [worker | blocking] */
    void (*set_trap)(kd_proc *proc, uint32_t on);
    /** See kd_proc_trap(). [worker | blocking] */
    uint32_t (*trap)(const kd_proc *proc);
    /** See kd_proc_cancel(). [worker | blocking] */
    kd_status (*cancel)(kd_proc *proc, kd_pid target, kd_time deadline_ns,
        uint32_t flags, const char *reason, kd_error *err);
    /** See kd_proc_terminate(). [worker | blocking] */
    kd_status (*terminate)(kd_proc *proc, kd_pid target, kd_error *err);
    /** See kd_proc_request(). [worker | blocking] */
    kd_status (*request)(kd_proc *proc, kd_pid to, const char *topic,
        const kd_payload *payload, kd_time deadline_ns, kd_ref *ref,
        kd_error *err);
    /** See kd_proc_reply(). [worker | blocking] */
    kd_status (*reply)(kd_proc *proc, kd_pid to, kd_ref ref,
        const kd_payload *payload, kd_error *err);
    /** See kd_proc_when_room(). [worker | blocking] */
    kd_status (*when_room)(kd_proc *proc, kd_pid target, kd_error *err);
    /** See kd_proc_print(). [worker | blocking] */
    kd_status (*print)(
        kd_proc *proc, const char *text, size_t len, uint32_t flags);
    /** See kd_proc_ready(). [worker | blocking] */
    void (*ready)(kd_proc *proc);
    /** See kd_proc_port(). [worker | blocking] */
    kd_port *(*port)(kd_proc *proc);
    /** See kd_proc_become(). [worker | blocking] */
    kd_status (*become)(kd_proc *proc, const kd_entry *entry, kd_error *err);
    /** See kd_proc_parent(). [worker | blocking] */
    kd_pid (*parent)(const kd_proc *proc);
    /** See kd_proc_spawner(). [worker | blocking] */
    kd_pid (*spawner)(const kd_proc *proc);
    /** See kd_proc_watch(). [worker | blocking] */
    kd_status (*watch)(
        kd_proc *proc, int32_t fd, uint32_t events, kd_error *err);
} kd_proc_calls;
KD_ABI_STRUCT(kd_proc_calls, 248);

/** The part of a process that its callbacks see; the host's part follows.
    Frozen. */
struct kd_proc {
    const kd_proc_calls *calls;
    const kd_api *api; /**< For the services that need no process. */
};

/** The process's own pid. */
static inline kd_pid
kd_proc_self(const kd_proc *proc)
{
    return proc->calls->self(proc);
}

/** The entry it runs. Valid for as long as the runtime. */
static inline const kd_entry *
kd_proc_entry(const kd_proc *proc)
{
    return proc->calls->entry(proc);
}

/** Its context values (semantics B4), a term map or none; valid as proc is. */
static inline kd_payload
kd_proc_context(const kd_proc *proc)
{
    return proc->calls->context(proc);
}

/**
 * The next message, in the order of arrival, or NULL.
 *
 * It belongs to the process, which gives it back with kd_proc_release(), in
 * `destroy` at the latest: the host does not know what a process holds.
 */
static inline kd_message *
kd_proc_next(kd_proc *proc)
{
    return proc->calls->next(proc);
}

/** Give a message back. NULL is allowed. */
static inline void
kd_proc_release(kd_proc *proc, kd_message *message)
{
    proc->calls->release(proc, message);
}

/**
 * Take the next signal.
 *
 * Signals are handled between slices: all that a call of `run` can take have
 * arrived before it, and none arrives during it.
 *
 * @param signal  out: borrowed until the next call or until `run` returns.
 *                Its `size` says how much of it the plugin knows, and no more
 *                is written. Ignore types that you do not know.
 * @return KD_OK; KD_ENOTFOUND when there is none.
 */
static inline kd_status
kd_proc_signal(kd_proc *proc, kd_signal *signal)
{
    signal->size = (uint32_t)sizeof(*signal);
    return proc->calls->signal(proc, signal);
}

/**
 * Set the value of a normal end; `run` then returns KD_NEXT_DONE.
 *
 * @return KD_OK, KD_ENOMEM, KD_ETOOBIG beyond the entry's message_bytes,
 *         KD_EGONE.
 */
static inline kd_status
kd_proc_finish(kd_proc *proc, const kd_payload *value)
{
    return proc->calls->finish(proc, value);
}

/**
 * Set the error of a failure; `run` then returns KD_NEXT_FAIL.
 *
 * @param error  a KD_TERM_EXT_ERROR term.
 * @param trace  borrowed, may be NULL: where it happened, for the log.
 * @return KD_OK, KD_ENOMEM, KD_EFORMAT, KD_EGONE.
 */
static inline kd_status
kd_proc_fail(kd_proc *proc, const kd_payload *error, const char *trace)
{
    return proc->calls->fail(proc, error, trace);
}

/**
 * Have `run` called at `due_ns` or soon after, whatever else happens; KD_NEVER
 * takes it back. One a process: the last call holds, and calls that come early
 * or without a cause are legal. A kind with many timers keeps a heap of them.
 */
static inline void
kd_proc_wake_at(kd_proc *proc, kd_time due_ns)
{
    proc->calls->wake_at(proc, due_ns);
}

/**
 * Whether the slice should end: its time is up, the process must end, or the
 * slice has sent messages or spawned processes in such a number that those had
 * better run first. For kinds that count their steps; cheap enough for an inner
 * loop.
 */
static inline uint32_t
kd_proc_should_yield(const kd_proc *proc)
{
    return proc->calls->should_yield(proc);
}

/**
 * Send a message. Never waits, never drops in silence; once it returns KD_OK
 * the message is in the receiver's mailbox.
 *
 * @param topic  any bytes; ones beginning with `@` go to the kind of the
 *               receiver and never to its program.
 * @param flags    0 or KD_MESSAGE_MANY.
 * @param payload  NULL: none.
 * @return KD_OK; KD_EGONE, KD_ENOHOST or KD_ENONODE: no such process; KD_EFULL:
 *         its mailbox is full; KD_ETOOBIG: beyond message_bytes of either;
 *         KD_ENOMEM; KD_EINVAL.
 */
static inline kd_status
kd_proc_send(kd_proc *proc, kd_pid to, const char *topic, size_t topic_len,
    uint32_t flags, const kd_payload *payload, kd_error *err)
{
    return proc->calls->send(proc, to, topic, topic_len, flags, payload, err);
}

/**
 * Make a process. None of its code has run when this returns, but it can get
 * messages, and all that `flags` asks for exists.
 *
 * @param pid  out: the child; written only on KD_OK and KD_EEXIST.
 * @return KD_OK; else as semantics P6: KD_ENOTFOUND, KD_EINVAL, KD_EUNAVAIL,
 *         KD_ELIMIT, KD_EINTERNAL; KD_EEXIST when `name` is taken, and then
 *         *pid is its holder, and no message was sent; KD_ETOOBIG, KD_EFULL:
 *         `mail` does not fit.
 */
static inline kd_status
kd_proc_spawn(kd_proc *proc, const kd_spawn *spawn, kd_pid *pid, kd_error *err)
{
    return proc->calls->spawn(proc, spawn, pid, err);
}

/**
 * Watch a process: one KD_SIGNAL_EXIT when it ends. Watching oneself has no
 * effect.
 *
 * @return KD_OK; KD_EGONE: it has ended; KD_EEXIST: watched already; KD_ENOMEM.
 */
static inline kd_status
kd_proc_monitor(kd_proc *proc, kd_pid target, kd_error *err)
{
    return proc->calls->monitor(proc, target, err);
}

/**
 * Undo it. A signal that has come since this slice began is void; one from
 * before it, not taken yet, stays.
 *
 * @return KD_OK always.
 */
static inline kd_status
kd_proc_unmonitor(kd_proc *proc, kd_pid target, kd_error *err)
{
    return proc->calls->unmonitor(proc, target, err);
}

/**
 * Link two processes: the failure of one ends the other, or is a
 * KD_SIGNAL_LINK_DOWN to one that traps links. At most one link for a pair;
 * linking again, or to oneself, has no effect.
 *
 * @return KD_OK, KD_EGONE, KD_ENOMEM.
 */
static inline kd_status
kd_proc_link(kd_proc *proc, kd_pid target, kd_error *err)
{
    return proc->calls->link(proc, target, err);
}

/**
 * Undo it, from either side. A failure that has come since this slice began is
 * void: it ends nobody, and no signal of it comes. A signal from before the
 * slice, not taken yet, stays.
 *
 * @return KD_OK always.
 */
static inline kd_status
kd_proc_unlink(kd_proc *proc, kd_pid target, kd_error *err)
{
    return proc->calls->unlink(proc, target, err);
}

/** Whether failures of linked processes come as signals; default no. */
static inline void
kd_proc_set_trap(kd_proc *proc, uint32_t on)
{
    proc->calls->set_trap(proc, on);
}

static inline uint32_t
kd_proc_trap(const kd_proc *proc)
{
    return proc->calls->trap(proc);
}

/** kd_proc_cancel(): the deadline is only told, nothing is forced. */
#define KD_CANCEL_TOLD ((uint32_t)1)
/** kd_proc_cancel(): the signal comes from the runtime's pid. */
#define KD_CANCEL_RUNTIME ((uint32_t)2)

/**
 * Ask a process, maybe oneself, to end; at the deadline it is ended by force.
 * Of several deadlines the earliest holds; one that has passed forces at once.
 *
 * @param deadline_ns  as kd_api::now_ns counts; KD_NEVER: none.
 * @param flags        KD_CANCEL_ bits; unknown ones are KD_EINVAL.
 * @param reason       borrowed; NULL is "".
 * @return KD_OK, KD_EGONE, KD_ENOMEM, KD_EINVAL.
 */
static inline kd_status
kd_proc_cancel(kd_proc *proc, kd_pid target, kd_time deadline_ns,
    uint32_t flags, const char *reason, kd_error *err)
{
    return proc->calls->cancel(proc, target, deadline_ns, flags, reason, err);
}

/**
 * End a process by force. Asynchronous; for oneself `run` should then return
 * KD_NEXT_READY at once.
 *
 * @return KD_OK, KD_EGONE.
 */
static inline kd_status
kd_proc_terminate(kd_proc *proc, kd_pid target, kd_error *err)
{
    return proc->calls->terminate(proc, target, err);
}

/**
 * Send a request: a message, a monitor and a deadline in one, answered
 * exactly once, by a KD_MESSAGE_REPLY message with `ref` or by a
 * KD_SIGNAL_REPLY_FAILED.
 *
 * @param topic  must begin with `@`; ends in NUL.
 * @return as kd_proc_send(); KD_EINVAL also for oneself. No answer comes but
 *         after KD_OK.
 */
static inline kd_status
kd_proc_request(kd_proc *proc, kd_pid to, const char *topic,
    const kd_payload *payload, kd_time deadline_ns, kd_ref *ref, kd_error *err)
{
    return proc->calls->request(
        proc, to, topic, payload, deadline_ns, ref, err);
}

/**
 * Answer a request, given the `from` and `ref` of its message.
 *
 * @return KD_OK, also when nobody waits for it any more; KD_ENOMEM,
 *         KD_ETOOBIG.
 */
static inline kd_status
kd_proc_reply(kd_proc *proc, kd_pid to, kd_ref ref, const kd_payload *payload,
    kd_error *err)
{
    return proc->calls->reply(proc, to, ref, payload, err);
}

/**
 * After KD_EFULL, and before anything else is sent: have one KD_SIGNAL_ROOM
 * when the mailbox has room again for what it refused, or its process has
 * ended. Asking again before that has no effect.
 *
 * @return KD_OK, KD_EGONE, KD_ENOMEM; KD_ETOOBIG: it never will, what it
 * refused is more than its limits.mailbox_bytes; KD_EINVAL: it is the caller's
 * own.
 */
static inline kd_status
kd_proc_when_room(kd_proc *proc, kd_pid target, kd_error *err)
{
    return proc->calls->when_room(proc, target, err);
}

/** kd_proc_print(): for a caller that cannot wait; it never gets KD_EFULL. */
#define KD_PRINT_BEYOND ((uint32_t)1)

/**
 * Hand a record to the program's output. Never waits: KD_EFULL means that the
 * bounded queue has no room, nothing was taken, and a KD_SIGNAL_ROOM from the
 * runtime's pid comes when it has.
 *
 * @param flags  0, or KD_PRINT_BEYOND: take it beyond the bound.
 * @return KD_OK, KD_EFULL, KD_ENOMEM; KD_EINVAL: unknown flags.
 */
static inline kd_status
kd_proc_print(kd_proc *proc, const char *text, size_t len, uint32_t flags)
{
    return proc->calls->print(proc, text, len, flags);
}

/**
 * Tell whoever waits for it that the process has started up. Only the first
 * call counts; none has an effect before `create` has returned.
 */
static inline void
kd_proc_ready(kd_proc *proc)
{
    proc->calls->ready(proc);
}

/** A port of this process, with one reference, or NULL without memory. */
static inline kd_port *
kd_proc_port(kd_proc *proc)
{
    return proc->calls->port(proc);
}

/**
 * Go on as another entry of the same kind: what kd_proc_entry() says, the
 * limits of the mailbox, which mail that is there may exceed, and the subject
 * in the log. Pid, mailbox, names, monitors and links stay. The kind itself
 * changes what it runs; see kd_api::entry_prepared.
 *
 * @param entry  of the application, as from kd_api::entry_find.
 * @return KD_OK; KD_EINVAL: not of the kind of the process.
 */
static inline kd_status
kd_proc_become(kd_proc *proc, const kd_entry *entry, kd_error *err)
{
    return proc->calls->become(proc, entry, err);
}

/**
 * The process that spawned it with KD_SPAWN_LINK, which may have ended; none if
 * it was spawned without.
 */
static inline kd_pid
kd_proc_parent(const kd_proc *proc)
{
    return proc->calls->parent(proc);
}

/**
 * The process that spawned it, which may have ended: to whom a kind sends what
 * it has to say. None if the runtime did, or one with KD_SPAWN_NO_MAIL.
 */
static inline kd_pid
kd_proc_spawner(const kd_proc *proc)
{
    return proc->calls->spawner(proc);
}

/**
 * Have one KD_SIGNAL_FD when a descriptor is ready for one of `events`, or when
 * it hangs up or is in error. It is over with that signal; call again for the
 * next. A call for a descriptor that is watched replaces what was asked before,
 * and a signal of that which was not taken yet is void.
 *
 * A process may watch many descriptors; one descriptor belongs to one process.
 * Take it back before it is closed, unless its signal has come and no other
 * descriptor, of whatever process, refers to the same open file: then it stays
 * watched, and nobody else can watch what gets its number. What a process still
 * watches when it ends is taken back before `destroy`. Regular files are always
 * ready and cannot be watched.
 *
 * @param events  KD_FD_ bits; 0 takes it back, and no signal comes any more.
 *                That is KD_OK, also when nothing was asked.
 * @return KD_OK; KD_EEXIST: another process watches it; KD_EINVAL: no
 *         descriptor that can be watched, or unknown bits; KD_ELIMIT: the
 *         system allows no more; KD_ENOMEM; KD_ESYSTEM; KD_EGONE.
 */
static inline kd_status
kd_proc_watch(kd_proc *proc, int32_t fd, uint32_t events, kd_error *err)
{
    return proc->calls->watch(proc, fd, events, err);
}

KD_END_DECLS

#endif
