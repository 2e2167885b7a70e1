/* SPDX-License-Identifier: MIT */
/*
 * A host for unit tests of a plugin: no runtime, no threads, no files.
 *
 * The test is the host. It makes entries and processes, puts mail and signals
 * into them, gives slices one by one and looks at what the kind did. Time
 * stands still until the test advances it. Sends, spawns, monitors, links,
 * names, requests and limits work between the processes of one fake, and real
 * descriptors can be watched; any service can be told to refuse. What a kind
 * does against its contract is collected as sentences: a test ends with
 * CHECK(kd_fake_free(fake) == 0).
 *
 * One thread at a time may use a fake, but for the services that are [any].
 * Link with what `pkg-config --libs kindred-fake` says.
 */
#ifndef KINDRED_FAKE_H
#define KINDRED_FAKE_H

#include <kindred/kindred.h>

KD_BEGIN_DECLS

/** A fake host with its plugins, entries and processes. */
typedef struct kd_fake kd_fake;

/** Make one. NULL without memory. */
kd_fake *kd_fake_new(void);

/**
 * End what still lives, release what `init` and `prepare` made, and free it.
 *
 * @return how many complaints there were; each is printed to stderr.
 */
size_t kd_fake_free(kd_fake *fake);

/** How many complaints there are by now. */
size_t kd_fake_complaints(const kd_fake *fake);
/** The index-th, or NULL; valid until kd_fake_free(). */
const char *kd_fake_complaint(const kd_fake *fake, size_t index);

/** The services, as a plugin gets them. */
const kd_api *kd_fake_api(kd_fake *fake);

/** Take a plugin and call its `init`. */
kd_status kd_fake_add(kd_fake *fake, const kd_plugin *plugin, kd_error *err);

/** What the `init` of an added plugin made; NULL. */
void *kd_fake_state(const kd_fake *fake, const kd_plugin *plugin);

/**
 * Let time go on. Whoever is due then is ready; requests that have no answer by
 * then fail, and processes whose cancel had a deadline are ended by force.
 */
void kd_fake_advance(kd_fake *fake, uint64_t ns);

/** Have kd_api::env_get know a variable; NULL: not any more. */
kd_status kd_fake_set_env(kd_fake *fake, const char *name, const char *value);
/** What kd_api::folder says; NULL: nothing. */
kd_status kd_fake_set_folder(kd_fake *fake, const char *path);

/* Entries. */

/**
 * An entry of a kind of the added plugins, with the kind's defaults. NULL
 * when there is no such kind, or no memory.
 */
kd_entry *kd_fake_entry(kd_fake *fake, const char *id, const char *kind);
/** Set an option, by its name or its dotted path, before the first spawn. */
kd_status kd_fake_set_text(kd_entry *entry, const char *path, const char *text);
/** Integers, and also sizes (bytes) and durations (nanoseconds). */
kd_status kd_fake_set_int(kd_entry *entry, const char *path, int64_t value);
kd_status kd_fake_set_bool(kd_entry *entry, const char *path, int value);
kd_status kd_fake_set_float(kd_entry *entry, const char *path, double value);
/**
 * Let the fake show the entries of another runtime, a real one say, beside its
 * own. Its kinds must be those of the added plugins.
 */
void kd_fake_borrow(kd_fake *fake, const kd_api *api);
/**
 * Call `prepare`, once for an entry; the first spawn does it by itself.
 *
 * @return what it returned, or KD_EINVAL when it reported an error, which is
 *         in *err.
 */
kd_status kd_fake_prepare(kd_fake *fake, const kd_entry *entry, kd_error *err);

/* Processes. */

/**
 * Call `create` for an entry, as a spawn would.
 *
 * @param args  a term array, or NULL for none.
 * @return the process, valid until kd_fake_free() also when it has ended; NULL
 *         when it was refused, and then *err says why.
 */
kd_proc *kd_fake_spawn(kd_fake *fake, const kd_entry *entry,
    const kd_payload *args, kd_error *err);

/** What `create` made, for a kind's own tests; gone when it has ended. */
void *kd_fake_self(const kd_proc *proc);
/** Its pid, also when it has ended. */
kd_pid kd_fake_pid(const kd_proc *proc);
/** The process with this pid, or NULL. */
kd_proc *kd_fake_find(kd_fake *fake, kd_pid pid);

/** Put a message into its mailbox. `payload` may be NULL. */
kd_status kd_fake_send(kd_proc *proc, kd_pid from, const char *topic,
    uint32_t flags, const kd_payload *payload);
/** A request of nobody's; what is replied is an act, see below. */
kd_status kd_fake_request(kd_proc *proc, kd_pid from, const char *topic,
    const kd_payload *payload, kd_ref ref);
/** Put a signal into its queue. What it points to is copied. */
kd_status kd_fake_signal(kd_proc *proc, const kd_signal *signal);
/**
 * Make a request of the process's come to its end with this answer.
 *
 * @return KD_ENOTFOUND: it waits for no such answer, or no longer.
 */
kd_status kd_fake_reply(kd_proc *proc, kd_ref ref, const kd_payload *payload);
/** A KD_SIGNAL_CANCEL; force comes when kd_fake_advance() has reached the
 * deadline. */
kd_status kd_fake_cancel(
    kd_proc *proc, const char *reason, kd_time deadline_ns);

/**
 * Give it one slice, ready or not, and end it when it says so.
 *
 * @return what `run` returned; KD_NEXT_FAIL for nonsense; KD_NEXT_DONE for one
 *         that has ended.
 */
kd_next kd_fake_run(kd_proc *proc, uint32_t budget);
/**
 * Run whatever is ready, in turn, until nothing is.
 *
 * @return nonzero: nothing is ready; 0: something still is after `slices`.
 */
int kd_fake_settle(kd_fake *fake, size_t slices);
/** End it by force, at whatever point it is. */
void kd_fake_end(kd_proc *proc);

/** What it has asked kd_proc_watch() to be told of a descriptor; 0: nothing. */
uint32_t kd_fake_watched(const kd_proc *proc, int32_t fd);
/**
 * Have a descriptor that is watched be ready for `events`.
 *
 * @return KD_ENOTFOUND: it does not wait for any of these.
 */
kd_status kd_fake_fd(kd_proc *proc, int32_t fd, uint32_t events);
/**
 * Ask the system which of the watched descriptors are ready, and wait so long
 * for the first. The one function that looks at the world outside.
 *
 * @param timeout_ms  0: do not wait; -1: for ever.
 * @return how many were.
 */
size_t kd_fake_poll(kd_fake *fake, int timeout_ms);

/**
 * Whether it would be run: something has come since its last slice, its timer
 * is due, it asked for it, or it is new.
 */
int kd_fake_ready(const kd_proc *proc);
/** When it wants to be woken; KD_NEVER. */
kd_time kd_fake_due(const kd_proc *proc);
/** How many messages it has taken and not given back. */
size_t kd_fake_held(const kd_proc *proc);

/** It lives. */
#define KD_FAKE_LIVES ((uint32_t)0)
/** It ended normally; kd_fake_value() is its result. */
#define KD_FAKE_DONE ((uint32_t)1)
/** It failed: kd_fake_error(), and kd_fake_value(), an error term. */
#define KD_FAKE_FAILED ((uint32_t)2)
/** It was ended by force, or by a link; the same. */
#define KD_FAKE_KILLED ((uint32_t)3)
uint32_t kd_fake_ended(const kd_proc *proc);
kd_payload kd_fake_value(const kd_proc *proc);
const char *kd_fake_error(const kd_proc *proc);

/* What processes did. */

#define KD_FAKE_SEND      ((uint32_t)1)
#define KD_FAKE_SPAWN     ((uint32_t)2)
#define KD_FAKE_MONITOR   ((uint32_t)3)
#define KD_FAKE_LINK      ((uint32_t)4)
#define KD_FAKE_CANCEL    ((uint32_t)5)
#define KD_FAKE_TERMINATE ((uint32_t)6)
#define KD_FAKE_REQUEST   ((uint32_t)7)
#define KD_FAKE_REPLY     ((uint32_t)8)
#define KD_FAKE_PRINT     ((uint32_t)9)
#define KD_FAKE_READY     ((uint32_t)10)
#define KD_FAKE_LOG       ((uint32_t)11)
#define KD_FAKE_PORT      ((uint32_t)12) /**< kd_proc_port(); never listed. */
#define KD_FAKE_BUF       ((uint32_t)13) /**< buf_copy, _wrap; never listed. */
#define KD_FAKE_WATCH     ((uint32_t)14) /**< kd_proc_watch(); never listed. */
#define KD_FAKE_ANY       ((uint32_t)15) /**< For kd_fake_refuse(): all. */

/** One thing done, in the order of time. */
typedef struct kd_fake_act {
    uint32_t what;      /**< KD_FAKE_ */
    uint32_t level;     /**< LOG: KD_LOG_ */
    kd_status status;   /**< What the service returned. */
    kd_pid by;          /**< Who did it; none for kd_api's services. */
    kd_pid to;          /**< To whom; SPAWN: the child. */
    const char *topic;  /**< The topic; SPAWN: the entry; CANCEL: the reason. */
    kd_ref ref;         /**< REQUEST, REPLY. */
    kd_payload payload; /**< SEND, REQUEST, REPLY: it; PRINT, LOG: the text. */
} kd_fake_act;

/** The index-th thing done, or NULL; valid until kd_fake_forget(). */
const kd_fake_act *kd_fake_act_at(const kd_fake *fake, size_t index);
/** Forget what was done until now. */
void kd_fake_forget(kd_fake *fake);

/**
 * From now on have a service return `code` without any effect, after it has
 * worked `after` times more. KD_OK ends that. BUF and PORT give NULL. While
 * SEND or PRINT say KD_EFULL, nobody who waits for room is told that there is
 * some.
 */
void kd_fake_refuse(kd_fake *fake, uint32_t what, kd_status code, size_t after);

KD_END_DECLS

#endif
