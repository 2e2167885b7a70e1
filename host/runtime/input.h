/* SPDX-License-Identifier: MIT */
/*
 * The input of the program, read for processes that ask (semantics B2).
 *
 * A thread of its own waits for it, made with the first wish; it asks for
 * input only while a wish is open, so that nothing is taken from a terminal
 * that nobody reads.
 */
#ifndef KD_RUNTIME_INPUT_H
#define KD_RUNTIME_INPUT_H

#include "proc/proc.h"

/* What of the input is read, and not yet given to anybody. */
struct kd__input_bytes {
    char *data;
    size_t start;
    size_t end;
    size_t size;
};

struct kd__input {
    struct kd__system *system;
    void *arg;
    size_t (*read)(void *arg, char *data, size_t room);
    void (*interrupt)(void *arg);
    pthread_mutex_t lock; /* Guards what follows. */
    pthread_cond_t changed;
    struct kd__wish *first;
    struct kd__wish *last;
    int started;
    int is_over;  /* No more is read, all wishes are told of the end. */
    int has_left; /* The thread has nothing more to do. */
    pthread_t thread;
    struct kd__input_bytes bytes; /* The thread's own, like... */
    int is_at_end;                /* ...this: `read` has returned 0. */
};

/* `read` NULL: there is no input, it is at its end. KD_OK or KD_ESYSTEM. */
kd_status kd__input_init(struct kd__input *input, struct kd__system *system,
    size_t (*read)(void *arg, char *data, size_t room),
    void (*interrupt)(void *arg), void *arg);

/* As kd_terminal::read. KD_OK, KD_ENOMEM, KD_ESYSTEM. */
kd_status kd__input_want(struct kd__input *input, const struct kd__proc *proc,
    int is_line, size_t most, kd_ref *ref);

/* It is at its end from now on. */
void kd__input_close(struct kd__input *input);

/* End the thread of a closed input. KD_OK; KD_ETIMEOUT: `read` does not
   return; then it may be called again. */
kd_status kd__input_stop(struct kd__input *input, kd_time until);

/* After a kd__input_stop that returned KD_OK. */
void kd__input_fini(struct kd__input *input);

/*
 * How many bytes from `data` make up the next piece, and what of them is to be
 * given. Pure.
 *
 * Returns 0 when more must be read first.
 */
size_t kd__input_cut(const char *data, size_t len, int is_line, size_t most,
    int is_at_end, size_t *given);

#endif
