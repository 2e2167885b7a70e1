/* SPDX-License-Identifier: MIT */
/*
 * The host's services that need no process: callable from any thread, from
 * a plugin's `init` until its `fini` has returned.
 *
 * A kd_api stands for one runtime. Keep the pointer, not copies of it.
 */
#ifndef KINDRED_API_H
#define KINDRED_API_H

#include <kindred/entry.h>
#include <kindred/policy.h>
#include <kindred/proc.h>

KD_BEGIN_DECLS

#define KD_LOG_ERROR ((uint32_t)1)
#define KD_LOG_WARN  ((uint32_t)2)
#define KD_LOG_INFO  ((uint32_t)3)
#define KD_LOG_DEBUG ((uint32_t)4)

/** One record of the log. Everything is borrowed for the call. */
typedef struct kd_log_record {
    uint32_t size;       /**< sizeof(kd_log_record). */
    uint32_t level;      /**< KD_LOG_ */
    kd_pid pid;          /**< The process it is about, or none. */
    const char *subject; /**< A plugin, kind or entry; or NULL. */
    const char *text;    /**< A sentence, without a newline at its end. */
    const char *file;    /**< Where a program logged it, or NULL. */
    uint32_t line;       /**< In `file`. */
    uint32_t reserved;
    kd_payload fields; /**< A term map of further values, or none. */
} kd_log_record;
KD_ABI_STRUCT(kd_log_record, 88);

/** Room for the text form of any pid, its end included. */
#define KD_PID_TEXT 192

/** The services. Read-only. */
struct kd_api {
    uint32_t size; /**< sizeof(kd_api) as the host has it. */
    uint16_t major;
    uint16_t minor; /**< The host's ABI minor. */

    /** Monotonic clock in nanoseconds. [any & !may-block] */
    kd_time (*now_ns)(const kd_api *api);
    /** Unix time in nanoseconds. [any & !may-block] */
    int64_t (*unix_ns)(const kd_api *api);
    /**
     * Add a record to the log, if its level is wanted; one without a level is
     * dropped, and an error record says so. Never waits.
     *
     * [any & !may-block]
     */
    void (*log)(const kd_api *api, const kd_log_record *record);
    /**
     * Whether records of this level are wanted: those that are no KD_LOG_
     * never are.
     *
     * [any & !may-block]
     */
    uint32_t (*log_wants)(const kd_api *api, uint32_t level);
    /**
     * An optional service by its versioned id, such as "kindred.timer/1": a
     * table whose type the id implies, or NULL. Valid until `fini`.
     *
     * [any & !may-block]
     */
    const void *(*service)(const kd_api *api, const char *id);
    /**
     * The index-th offer of `id` among all loaded plugins (kd_offer), or NULL
     * after the last. Ask in `prepare`: all plugins are loaded by then.
     *
     * [any & !may-block]
     */
    const void *(*offer)(const kd_api *api, const char *id, size_t index);
    /**
     * What the `init` of the plugin left that made the index-th offer of `id`;
     * NULL also when there is none.
     *
     * [any & !may-block]
     */
    void *(*offer_state)(const kd_api *api, const char *id, size_t index);
    /**
     * Nonzero when kd_worker_kind::preempt is called for slices that take too
     * long. Zero: kinds that can spin must count, and ask
     * kd_proc_should_yield().
     *
     * [any & !may-block]
     */
    uint32_t (*preempts)(const kd_api *api);

    /** The entry with this id, or NULL. [any & !may-block] */
    const kd_entry *(*entry_find)(const kd_api *api, const char *id);
    /** The index-th entry in the order of ids, or NULL. [any & !may-block] */
    const kd_entry *(*entry_at)(const kd_api *api, size_t index);
    /** Its id, `namespace:name`. [any & !may-block] */
    const char *(*entry_id)(const kd_entry *entry);
    /** Its kind's id. [any & !may-block] */
    const char *(*entry_kind)(const kd_entry *entry);
    /** Its kind's KD_CLASS_. [any & !may-block] */
    uint32_t (*entry_class)(const kd_entry *entry);
    /**
     * An option by its dotted path, "limits.memory" say; "" is the whole
     * tree. NULL when it is absent and has no default.
     *
     * [any & !may-block]
     */
    const kd_node *(*entry_get)(const kd_entry *entry, const char *path);
    /**
     * What `prepare` made of a worker entry, or NULL: for kinds of one plugin
     * that read each other's entries.
     *
     * [any & !may-block]
     */
    void *(*entry_prepared)(const kd_entry *entry);
    /**
     * The policy of an entry whose kind is a policy's (policy.h), else NULL.
     *
     * [any & !may-block]
     */
    const kd_policy_kind *(*entry_policy)(
        const kd_api *api, const kd_entry *entry);

    /**
     * The text form of a pid, `{host id|0x1f}`.
     *
     * @param text  out: KD_PID_TEXT bytes.
     * @return its length.
     *
     * [any & !may-block]
     */
    size_t (*pid_text)(const kd_api *api, kd_pid pid, char *text);
    /**
     * Read the text form. A pid whose host or node nobody knows still has a
     * form.
     *
     * @return KD_OK; KD_EINVAL: not the form of a pid; KD_ENOHOST, KD_ENONODE:
     *         a pid, but of an unknown host or node.
     *
     * [any & !may-block]
     */
    kd_status (*pid_parse)(
        const kd_api *api, const char *text, size_t len, kd_pid *pid);
    /** The entry a living process runs, or NULL. [any & !may-block] */
    const kd_entry *(*pid_entry)(const kd_api *api, kd_pid pid);
    /** Whether the process lives. [any & !may-block] */
    uint32_t (*pid_alive)(const kd_api *api, kd_pid pid);
    /**
     * Nonzero when the process lives and is about to end whatever it does: it
     * was terminated, was cancelled with a deadline, or is linked to one that
     * failed and does not trap that.
     *
     * [any & !may-block]
     */
    uint32_t (*pid_ending)(const kd_api *api, kd_pid pid);

    /** As kd_proc_send(), from the runtime's pid. [any & !may-block] */
    kd_status (*send)(const kd_api *api, kd_pid to, const char *topic,
        size_t topic_len, uint32_t flags, const kd_payload *payload,
        kd_error *err);
    /** As kd_proc_spawn(), without a parent. [any] */
    kd_status (*spawn)(
        const kd_api *api, const kd_spawn *spawn, kd_pid *pid, kd_error *err);
    /**
     * As kd_proc_cancel(), from the runtime's pid; of the flags KD_CANCEL_TOLD
     * alone has an effect.
     *
     * [any & !may-block]
     */
    kd_status (*cancel)(const kd_api *api, kd_pid target, kd_time deadline_ns,
        uint32_t flags, const char *reason, kd_error *err);
    /** As kd_proc_terminate(). [any & !may-block] */
    kd_status (*terminate)(const kd_api *api, kd_pid target, kd_error *err);

    /**
     * Give a living process a name. Names are unique in a runtime; a process
     * may have several, and loses them when it ends, before anyone is told.
     *
     * @return KD_OK, also when it is its own already; KD_EEXIST; KD_EGONE;
     *         KD_EINVAL: empty, of a pid's form, or longer than 1,024 bytes;
     *         KD_ELIMIT: the process has 262,144 names; KD_ENOMEM.
     *
     * [any & !may-block]
     */
    kd_status (*name_register)(const kd_api *api, const char *name, size_t len,
        kd_pid pid, kd_error *err);
    /** Take a name away. @return KD_OK, KD_ENOTFOUND. [any & !may-block] */
    kd_status (*name_unregister)(
        const kd_api *api, const char *name, size_t len);
    /** Who has a name. @return KD_OK, KD_ENOTFOUND. [any & !may-block] */
    kd_status (*name_find)(
        const kd_api *api, const char *name, size_t len, kd_pid *pid);

    /**
     * A buffer with a copy of `len` bytes, one reference; NULL without memory.
     *
     * [any & !may-block]
     */
    kd_buf *(*buf_copy)(
        const kd_api *api, uint32_t format, const void *data, size_t len);
    /**
     * A buffer around bytes that stay where they are until `release(arg)` is
     * called, once, on any thread; `release` makes no host calls. NULL without
     * memory, and then `release` is not called.
     *
     * [any & !may-block]
     */
    kd_buf *(*buf_wrap)(const kd_api *api, uint32_t format, const void *data,
        size_t len, void (*release)(void *arg), void *arg);
    /** One more reference. @return the buffer. [any & !may-block] */
    kd_buf *(*buf_retain)(kd_buf *buf);
    /** One reference less; NULL is allowed. [any & !may-block] */
    void (*buf_release)(kd_buf *buf);
    /** What is in it; valid while a reference is held. [any & !may-block] */
    kd_payload (*buf_payload)(kd_buf *buf);

    /**
     * An environment variable as kd_config::env says, or NULL. The program's
     * own environment is never read: what a plugin wants to know it asks here.
     * Valid until `fini`.
     *
     * [any & !may-block]
     */
    const char *(*env_get)(const kd_api *api, const char *name);
    /**
     * The name of the index-th variable in the order of names, or NULL.
     *
     * @param value  out: its value; may be NULL.
     *
     * [any & !may-block]
     */
    const char *(*env_at)(const kd_api *api, size_t index, const char **value);
    /**
     * The real path of the application's folder, or NULL: it has none. Valid
     * until `fini`.
     *
     * [any & !may-block]
     */
    const char *(*folder)(const kd_api *api);
};
KD_ABI_STRUCT(kd_api, 296);

KD_END_DECLS

#endif
