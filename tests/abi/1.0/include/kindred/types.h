/* SPDX-License-Identifier: MIT */
/*
 * Identities, time and the opaque handles.
 */
#ifndef KINDRED_TYPES_H
#define KINDRED_TYPES_H

#include <kindred/abi.h>
#include <kindred/status.h>

KD_BEGIN_DECLS

/** Services callable from any thread; see api.h. */
typedef struct kd_api kd_api;
/** One process, inside a callback for it; see proc.h. */
typedef struct kd_proc kd_proc;
/** A process as a foreign thread may hold it; see port.h. */
typedef struct kd_port kd_port;
/** An immutable, reference-counted payload; see payload.h. */
typedef struct kd_buf kd_buf;
/** A checked definition from the application; see entry.h. */
typedef struct kd_entry kd_entry;
/** A place in an entry's options; see entry.h. */
typedef struct kd_node kd_node;

/**
 * A process identity. Passed by value, never used again for another process.
 *
 * `node` is 0 on this node, `host` numbers the entry that runs the process,
 * and `serial` holds 36 bits of generation above 28 bits of slot. All zero
 * means the runtime itself, or nobody. Frozen.
 */
typedef struct kd_pid {
    uint32_t node;
    uint32_t host;
    uint64_t serial;
} kd_pid;
KD_STATIC_ASSERT(sizeof(kd_pid) == 16, "kd_pid is frozen");

/** A request under way; 0 is none. Never used again within a runtime. */
typedef uint64_t kd_ref;

/** Nanoseconds of the monotonic clock, see kd_api::now_ns. */
typedef uint64_t kd_time;
#define KD_NEVER ((kd_time)UINT64_MAX)

#define KD_PID_NONE_INIT                                                       \
    {                                                                          \
        0, 0, 0                                                                \
    }

/** Whether two pids name the same process. */
static inline int
kd_pid_equal(kd_pid a, kd_pid b)
{
    return a.serial == b.serial && a.host == b.host && a.node == b.node;
}

/** Whether a pid is the runtime's own, `{|}`. */
static inline int
kd_pid_is_none(kd_pid pid)
{
    return pid.serial == 0 && pid.host == 0 && pid.node == 0;
}

KD_END_DECLS

#endif
