/* SPDX-License-Identifier: MIT */
/*
 * Kindred as a library: a runtime inside a product.
 *
 * The library never exits, prints, forks or keeps process-wide state; several
 * runtimes in one program do not know of each other. It touches a signal only
 * if kd_config::preempt_signal names one. All calls for one runtime but those
 * tagged [any] come from one thread at a time: the loader, in the words of
 * threads.h.
 *
 *     kd_runtime_new -> _add, _load, _search -> _open -> _start
 *         -> _spawn ... -> _stop -> _free
 */
#ifndef KINDRED_EMBED_H
#define KINDRED_EMBED_H

#include <kindred/kindred.h>

KD_BEGIN_DECLS

/** A runtime. */
typedef struct kd_runtime kd_runtime;

/** How a process ended. Borrowed for the call. */
typedef struct kd_exit {
    uint32_t size;     /**< sizeof(kd_exit). */
    uint32_t failed;   /**< Nonzero: `error` says why; else see `value`. */
    kd_pid pid;        /**< Which. */
    kd_payload value;  /**< A term, or none. */
    kd_payload error;  /**< A KD_TERM_EXT_ERROR term, or none. */
    const char *trace; /**< Where a program failed, or NULL. */
} kd_exit;
KD_ABI_STRUCT(kd_exit, 96);

/** A file of an application that lies in memory. Borrowed for the call. */
typedef struct kd_text {
    uint32_t size;     /**< sizeof(kd_text); the same throughout an array. */
    uint32_t reserved; /**< 0. */
    const char *path;  /**< As in a folder, "workers/_index.yaml" say: relative,
                            without `.` and `..`. */
    const char *text;  /**< Not NULL; ends where `len` says. */
    size_t len;
} kd_text;
KD_ABI_STRUCT(kd_text, 32);

/**
 * The time that processes see, for a runtime that is stepped. The embedder
 * keeps it, constant, until kd_runtime_free has returned.
 *
 * All that is due by time goes by it: deadlines, timers, kd_api::now_ns and
 * kd_api::unix_ns, the times of signals and of the log. It moves as it likes,
 * also only when told to: an application whose clock is moved by hand does the
 * same in every run, as far as nothing comes from outside. How long a step, a
 * slice, kd_runtime_start and kd_runtime_stop take is measured by the system's
 * clock all the same, and so are resources: these wait in threads.
 * Time that stands still keeps nobody waiting but those who wait for time: what
 * is due runs, also beside processes that wake each other all the time.
 */
typedef struct kd_clock {
    uint32_t size;     /**< sizeof(kd_clock). */
    uint32_t reserved; /**< 0. */
    void *arg;         /**< Given to both. */
    /**
     * Nanoseconds from any beginning, less than KD_NEVER. Never goes back, and
     * is the same for all threads. Asked several times a slice: be quick.
     *
     * [any & !may-block & !host-calls]
     */
    kd_time (*now_ns)(void *arg);
    /**
     * Unix time in nanoseconds, for telling. May be set back.
     *
     * [any & !may-block & !host-calls]
     */
    int64_t (*unix_ns)(void *arg);
} kd_clock;
KD_ABI_STRUCT(kd_clock, 32);

/**
 * Where a runtime gets its memory, in place of malloc. The embedder keeps it,
 * constant, until kd_runtime_free has returned and all buffers and ports that
 * outlive it have gone back.
 *
 * It gives all that the library takes for the runtime, processes, messages and
 * entries say, and to plugins what they ask of "kindred.memory/1"
 * (ext/memory.h), such as the states of Lua processes. What libyaml, the loader
 * of plugins, the C library and other plugins take for themselves is malloc's,
 * and threads have their stacks from the system.
 */
typedef struct kd_allocator {
    uint32_t size;     /**< sizeof(kd_allocator). */
    uint32_t reserved; /**< 0. */
    void *arg;         /**< Given to both. */
    /**
     * A block of at least `size` bytes, which is not 0, aligned as malloc's: a
     * new one, or with `block` that one at another length.
     *
     * @return NULL without memory, which is borne; `block` is as before then.
     *
     * [any & !may-block & !host-calls]
     */
    void *(*realloc)(void *arg, void *block, size_t size);
    /** Take back a block, not NULL. [any & !may-block & !host-calls] */
    void (*free)(void *arg, void *block);
} kd_allocator;
KD_ABI_STRUCT(kd_allocator, 32);

/** What a runtime is made with. Zero is a sane value for everything. */
typedef struct kd_config {
    uint32_t size;  /**< sizeof(kd_config) as the embedder saw it. */
    uint32_t flags; /**< KD_CONFIG_ bits; unknown ones are KD_EINVAL. */
    /**
     * A signal number that the library may use to interrupt its own threads;
     * 0: kinds count their steps instead, which costs some speed. While the
     * runtime is started the number is the library's: the handler is put in
     * by kd_runtime_start and the former one comes back in kd_runtime_stop. A
     * second runtime in the program that is given a number in use counts.
     */
    int32_t preempt_signal;
    /** The most detailed KD_LOG_ level wanted; 0: KD_LOG_INFO. */
    uint32_t log_level;
    void *arg; /**< Given to the callbacks below. */
    /**
     * A record of the log, from the library's writer thread, in order. NULL:
     * records are dropped. May block; what does not fit meanwhile is counted.
     *
     * [any]
     */
    void (*log)(void *arg, const kd_log_record *record, int64_t unix_ns,
        const char *pid);
    /**
     * Output of programs, whole records, from the library's writer thread.
     * May block: programs that print then wait, others do not. NULL: output is
     * dropped.
     *
     * [any]
     */
    void (*output)(void *arg, const char *data, size_t len);
    /**
     * A line about an application that is being opened: an error or (with
     * KD_LOG_WARN) a warning, `file:line:column: entry: problem`.
     *
     * [loader]
     */
    void (*diagnostic)(void *arg, uint32_t level, const char *line);
    /** Where kd_runtime_search looks last; NULL: as installed. */
    const char *plugin_dir;
    /** Id of the host that kd_runtime_open makes if the application has none
        (semantics O2); NULL: none is made. */
    const char *default_host;
    /**
     * Environment variables for the application: strings `NAME=value`, copied,
     * with NULL at the end; the first of a name holds. NULL: there are none.
     * The program's own environment is not looked at; `environ` gives it.
     */
    const char *const *env;
    /**
     * As `output`, for what processes write to the error output of their
     * terminal.
     *
     * [any]
     */
    void (*error_output)(void *arg, const char *data, size_t len);
    /**
     * Input for processes with a terminal, on a thread of its own and only
     * when one of them wants some. May block. NULL: there is none, and it is
     * at its end.
     *
     * @param data  out: at most `room` bytes.
     * @return how many; 0: the input is at its end, and it is not called again.
     *
     * [any]
     */
    size_t (*input)(void *arg, char *data, size_t room);
    /**
     * Make a call of `input` that is under way or yet to come return 0 soon:
     * the runtime stops. NULL: `input` never blocks for long, or
     * kd_runtime_stop may return KD_EBUSY.
     *
     * [any]
     */
    void (*input_end)(void *arg);
    /**
     * The time that processes see; NULL: the system's. KD_EINVAL without
     * KD_CONFIG_STEPPED: threads sleep by the system's.
     */
    const kd_clock *clock;
    /** Where memory comes from; NULL: malloc. */
    const kd_allocator *allocator;
} kd_config;
KD_ABI_STRUCT(kd_config, 112);

/** An unknown kind, and what depends on it, is a warning (semantics A10). */
#define KD_CONFIG_IGNORE_UNKNOWN_KINDS ((uint32_t)1)

/** Plugins that the application carries (semantics K11) are not loaded: what is
    of their kinds is of an unknown kind. */
#define KD_CONFIG_NO_PLUGINS ((uint32_t)2)

/**
 * The runtime makes no threads: all its work is done inside kd_runtime_step,
 * which the embedder calls from a loop of his own. So is kd_runtime_start's and
 * kd_runtime_stop's, which call back meanwhile like a step, and all of these
 * come from one thread. kd_config::preempt_signal is not used. What blocks,
 * blocks the loop: kinds with KD_WORKER_BLOCKING, `log` and `output`. Only
 * resources, and kd_config::input, have threads still.
 */
#define KD_CONFIG_STEPPED ((uint32_t)4)

/**
 * Watch the kinds of all processes, for who tries a plugin: a kd_proc_ call
 * from a thread that does not have the process, a message or a reference to a
 * buffer given back that the process does not have, and the use of a buffer
 * that has gone is named in the log with plugin, kind and rule, and refused:
 * KD_ECONFLICT, or as if there were nothing. References that are left when the
 * runtime is freed are named too. It costs a lock-free look for each call, a
 * lock for each use of a buffer, and memory for each message that a process
 * holds.
 */
#define KD_CONFIG_CHECKED ((uint32_t)8)

/** Version of the library, "0.1.0" say. [any] */
KD_EXPORT const char *kd_version(void);

/**
 * Make a runtime. Nothing runs.
 *
 * @return KD_OK, KD_ENOMEM, KD_EINVAL.
 */
KD_EXPORT kd_status kd_runtime_new(
    const kd_config *config, kd_runtime **runtime, kd_error *err);

/** Add a plugin that is linked into the program. */
KD_EXPORT kd_status kd_runtime_add(
    kd_runtime *runtime, const kd_plugin *plugin, kd_error *err);

/** Load one plugin file. */
KD_EXPORT kd_status kd_runtime_load(
    kd_runtime *runtime, const char *path, kd_error *err);

/**
 * Load what KINDRED_PLUGIN_PATH and the installation have (semantics K11). A
 * plugin of a name that is there already is skipped.
 */
KD_EXPORT kd_status kd_runtime_search(kd_runtime *runtime, kd_error *err);

/**
 * Read, check and compile an application; start nothing. Once a runtime.
 * Initialises the plugins.
 *
 * @return KD_OK; KD_EINVAL when it has errors, each of which was given to
 *         kd_config::diagnostic: one is that there is no such folder;
 *         KD_ECONFLICT: not the first time; KD_ENOMEM; or why a plugin or a
 *         kind cannot be used.
 */
KD_EXPORT kd_status kd_runtime_open(
    kd_runtime *runtime, const char *dir, kd_error *err);

/**
 * The same for an application that lies in memory, its files as if they were in
 * a folder: those named `_index.yaml` are read, and `file://` finds the others.
 * It can carry no plugins, and kd_api::folder is NULL.
 *
 * @param name   what messages call the folder; NULL: "memory".
 * @return as kd_runtime_open; KD_EINVAL also for an unusable path, or one that
 *         is there twice.
 */
KD_EXPORT kd_status kd_runtime_open_texts(kd_runtime *runtime, const char *name,
    const kd_text *texts, size_t n, kd_error *err);

/**
 * Start what the application says is to be started; once a runtime, however
 * that ends. Without an application there is nothing to start, and it may
 * still be opened and started.
 *
 * @return KD_OK; KD_ECONFLICT: it was started before, or could not be opened;
 *         else why a required entry could not start. What had started until
 *         then still runs: kd_runtime_stop is yours to call either way.
 */
KD_EXPORT kd_status kd_runtime_start(kd_runtime *runtime, kd_error *err);

/**
 * Have a kd_runtime_start that is under way, or the next one, give up: it
 * returns KD_ECANCELED. Otherwise without effect.
 *
 * [any]
 */
KD_EXPORT void kd_runtime_interrupt(kd_runtime *runtime);

/**
 * Write to the log how it stands, at level info: of each service its state, of
 * each process its entry, state, mail, links and what it waits for. Waits for
 * nothing.
 *
 * [any]
 */
KD_EXPORT void kd_runtime_tree(kd_runtime *runtime);

/** The services of this runtime; valid until kd_runtime_free. [any] */
KD_EXPORT const kd_api *kd_runtime_api(kd_runtime *runtime);

/**
 * The only running host, for those who do not care.
 *
 * @return KD_OK; KD_ENOTFOUND when there is none, KD_ECONFLICT when there are
 *         several: the sentence lists them.
 */
KD_EXPORT kd_status kd_runtime_host(
    kd_runtime *runtime, const char **host, kd_error *err);

/**
 * Make a process, as kd_api::spawn, and be told of its end. Of the flags only
 * KD_SPAWN_TERMINAL and KD_SPAWN_FUNCTION are for it.
 *
 * @param ended  called once, on a thread of the library: be quick. May be
 *               NULL.
 *
 * [any]
 */
KD_EXPORT kd_status kd_runtime_spawn(kd_runtime *runtime, const kd_spawn *spawn,
    void (*ended)(void *arg, const kd_exit *exit), void *arg, kd_pid *pid,
    kd_error *err);

/**
 * Make a process that hands what it is sent to a function of yours: how a
 * program receives from processes. For them it is a process like any other.
 * It ends, as one that is cancelled, when the runtime stops, or when
 * kd_api::cancel or kd_api::terminate says so.
 *
 * @param host     where it runs; NULL: as kd_runtime_host() finds it.
 * @param name     held from birth; NULL: none.
 * @param receive  one message, borrowed for the call; calls come one at a
 *                 time, on a thread of the library or inside kd_runtime_step:
 *                 be quick. The last call has NULL: it has ended.
 * @param pid      out: the process, for kd_api::send and whoever is to know.
 * @return as kd_runtime_spawn; on failure `receive` is not called.
 *
 * [any]
 */
KD_EXPORT kd_status kd_runtime_receive(kd_runtime *runtime, const char *host,
    const char *name, void (*receive)(void *arg, const kd_message *message),
    void *arg, kd_pid *pid, kd_error *err);

/**
 * Do what there is to do, for about `max_ns`, and return: for a runtime with
 * KD_CONFIG_STEPPED that is started. Not from within a callback.
 *
 * Call it when kd_runtime_fd() is readable or the time kd_runtime_next_due()
 * has come; calls without a cause are cheap. A slice of a process takes up to a
 * millisecond, and native code as long as it takes, whatever `max_ns` says.
 *
 * @param max_ns  0: one process at the most, and what the runtime itself does.
 * @return KD_OK; KD_ECONFLICT: not for this runtime, not now, or not from this
 *         thread.
 */
KD_EXPORT kd_status kd_runtime_step(
    kd_runtime *runtime, uint64_t max_ns, kd_error *err);

/**
 * A descriptor to wait for, readable when a step has something to do: for
 * poll, epoll, or any loop that has them. It is the runtime's. -1 without
 * KD_CONFIG_STEPPED. [any]
 */
KD_EXPORT int32_t kd_runtime_fd(kd_runtime *runtime);

/**
 * When a step is due by the runtime's timers, as kd_api::now_ns counts: ask
 * after each step. A time that has passed: now. KD_NEVER: the descriptor alone
 * will tell.
 */
KD_EXPORT kd_time kd_runtime_next_due(kd_runtime *runtime);

/**
 * Stop in order (semantics O4, O5), by force when `timeout_ns` is over. Then
 * no process and no thread is left, and all output has been handed over.
 *
 * @return KD_OK; KD_EBUSY: a call that does not return holds a thread. The
 *         sentence names the process, its kind and plugin, and says since when
 *         it had to end (semantics X12). Once it has returned, another stop
 *         does the rest.
 */
KD_EXPORT kd_status kd_runtime_stop(
    kd_runtime *runtime, uint64_t timeout_ns, kd_error *err);

/**
 * Free a runtime that is stopped or was never started. NULL is allowed.
 *
 * @return KD_OK; KD_EBUSY as from kd_runtime_stop, which it does first, and
 * then nothing is freed.
 */
KD_EXPORT kd_status kd_runtime_free(kd_runtime *runtime, kd_error *err);

/** The index-th loaded plugin and its file, or NULL. */
KD_EXPORT const kd_plugin *kd_runtime_plugin_at(
    kd_runtime *runtime, size_t index, const char **file);

/**
 * The kind with this id as entries have it, or NULL: of a policy, that of its
 * supervisors, whose options stand beside the policy's own. Valid as long as
 * the runtime.
 */
KD_EXPORT const kd_kind *kd_runtime_kind_find(
    kd_runtime *runtime, const char *id);

/**
 * Look into a plugin file without starting it. The plugin stays mapped.
 *
 * @return KD_OK, or why it would be refused.
 */
KD_EXPORT kd_status kd_inspect(
    const char *path, const kd_plugin **plugin, kd_error *err);

/**
 * The options that the host itself knows for entries of a kind: `meta`,
 * `lifecycle`, `limits`, as far as they apply. Ends with NULL.
 */
KD_EXPORT const kd_option *kd_common_option_at(
    const kd_kind *kind, size_t index);

KD_END_DECLS

#endif
