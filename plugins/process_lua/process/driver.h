/* SPDX-License-Identifier: MIT */
/*
 * The driver: slices, switches between coroutines, and the ways out.
 *
 * All Lua code of a process runs in a lua_resume() of the driver, which keeps
 * `innermost` at the state that runs, so that a signal handler can stop it.
 */
#ifndef KL_DRIVER_H
#define KL_DRIVER_H

#include <kindred/worker.h>
#include <lua.h>
#include <setjmp.h>
#include <signal.h>

struct kl__process;
struct kl__task;

/* Why a coroutine gave way; set just before lua_yield(). */
#define KL_SWITCH_YIELD   0 /* coroutine.yield, inside a coroutine. */
#define KL_SWITCH_RESUME  1 /* To go on in `target`. */
#define KL_SWITCH_WAIT    2 /* The task waits. */
#define KL_SWITCH_GIVE    3 /* coroutine.yield by the task itself. */
#define KL_SWITCH_PREEMPT 4 /* The slice is over. */

/* Why a process was left by a long jump. */
enum kl__leave {
    KL_LEAVE_END = 1, /* It must end; the host destroys it. */
    KL_LEAVE_MEMORY,  /* The limit, or no memory at all. */
    KL_LEAVE_PANIC,   /* An error where nothing catches it. */
    KL_LEAVE_LATE,    /* It has failed, and needs too long for the rest. */
    KL_LEAVE_FAILED,  /* It has failed, and said why. */
    KL_LEAVE_UPGRADE  /* It goes on as another program. */
};

struct kl__driver {
    jmp_buf *exit;                 /* NULL: not inside run. */
    void *stack;                   /* Of C: where it stood when run began. */
    lua_State *volatile innermost; /* Runs now, for the signal handler. */
    volatile sig_atomic_t stop;    /* The slice is over. */
    int counts;            /* Nobody sends signals: a hook is always set. */
    unsigned switches;     /* So many since the last look at the clock. */
    unsigned gifts;        /* To other processes, ever. */
    int is_dead;           /* Left by a jump: the state is not used again. */
    int has_failed;        /* By an error: it says why, and then */
    int is_closing;        /* only pending closes run. */
    int has_waited;        /* At the end of some slice. */
    kd_time failed_cpu_ns; /* The thread's time at the first look at either. */
    unsigned barrier;      /* Nested drivers and others that cannot wait. */
    int request;           /* KL_SWITCH_ */
    lua_State *target;     /* Of KL_SWITCH_RESUME, and */
    int target_args;       /* how many values lie on top of its stack for it. */
    int n_args;  /* Values the last one yielded, returned or raised. */
    int outcome; /* KL_OUTCOME_ for the continuation that runs next. */
    char *panic; /* From malloc: the error of KL_LEAVE_PANIC. */
};

/* One slice, as kd_worker_kind::run. */
kd_next kl__driver_run(struct kl__process *p);

/*
 * Run coroutines from the innermost one of the task on, until the chain is
 * down to `base` or the task as a whole stops. Returns KL_SWITCH_YIELD in the
 * former case; then *status is what the last said, LUA_OK, LUA_YIELD or an
 * error, and its `n_args` values are on top of *last.
 */
int kl__driver_chain(struct kl__process *p, struct kl__task *task,
    unsigned base, lua_State *from, lua_State **last, int *status);

/* Leave the process. Only inside run. */
_Noreturn void kl__driver_leave(struct kl__process *p, enum kl__leave why);

/*
 * Before and after code that runs on a state which the driver did not resume,
 * such as closes: it is the innermost meanwhile, and nothing in it can wait.
 */
lua_State *kl__driver_enter(struct kl__process *p, lua_State *L);
void kl__driver_back(struct kl__process *p, lua_State *before);

/*
 * Whether so little of the C stack is in use that such code may use as much of
 * it again as Lua lets one state have.
 */
int kl__driver_has_stack(const struct kl__process *p);

/* The lua_atpanic function: an error in the driver's own calls. */
int kl__driver_panic(lua_State *L);

#endif
