/* SPDX-License-Identifier: MIT */
/*
 * One process of kind process.program.
 *
 * It is run by the guard (guard.c); this side has the other ends of its pipes
 * and a channel to the guard. All of them are read and written without waiting
 * and watched while there is nothing to do, so a program costs a thread only
 * while it says something. What it holds is bounded: output that nobody takes
 * is not read on, input that it does not read stays in messages, which count
 * against the mailbox until they are written.
 *
 * Files: launch.c starts it, output.c and error_output.c read, input.c writes,
 * and worker.c puts them together. The end of the instance closes the channel,
 * which is how the guard hears that the group is to be killed: no exit needs
 * another step.
 */
#ifndef KP_PROGRAM_H
#define KP_PROGRAM_H

#include "args.h"
#include "intake.h"
#include "msgpack.h"
#include "outcome.h"
#include "plan.h"

#include <kindred/kindred.h>

enum kp_phase {
    KP_NEW,     /* Nothing of it has been started. */
    KP_QUEUED,  /* The guard has no room for its start. */
    KP_RUNNING, /* The guard has it. */
    KP_ENDED,   /* It has been reaped; what it wrote may be left. */
};

/* Its messages with topic stdin. */
struct kp_input {
    struct kp_pipe pipe;
    kd_message *first; /* Ours until they are written. */
    kd_message *last;
    kd_reader rest;  /* Values of the first one that are to be written. */
    size_t n_rest;   /* How many. */
    uint8_t is_open; /* The first one is being written. */
    /* What is being written of it. */
    unsigned char head[KP_NUMBER_TEXT];
    const unsigned char *body;
    size_t head_len;
    size_t body_len;
    uint8_t has_newline;
    size_t written;
};

/* What it writes. */
struct kp_output {
    struct kp_pipe pipe;
    struct kp_intake intake;
    size_t scanned;          /* See lines.h. */
    struct kp_msgpack value; /* See msgpack.h. */
    kd_writer message;       /* A line as a term. */
    uint8_t is_blocked;      /* Its receiver has no room. */
    uint8_t is_over;         /* It has written all that it will. */
    uint8_t is_bad;          /* It ended inside of a value. */
};

/* What it complains of. */
struct kp_error_output {
    struct kp_pipe pipe;
    struct kp_intake intake;
    size_t scanned;
    uint8_t is_over;
};

struct kp_program {
    const struct kp_plan *plan;
    const kd_api *api;
    kd_proc *proc;
    kd_pid spawner;
    struct kp_args args;
    enum kp_phase phase;
    int fds[KP_N_FDS]; /* KP_QUEUED: the guard's; else -1. */
    uint64_t order_len;
    struct kp_pipe gate; /* KP_QUEUED: the way to the guard. */
    struct kp_pipe channel;
    int32_t pid;
    int32_t asked;          /* The signal it was asked with to end, or 0. */
    uint8_t is_to_be_asked; /* It has yet to be sent. */
    struct kp_outcome outcome;
    struct kp_input input;
    struct kp_output output;
    struct kp_error_output errors;
};

/* launch.c */

/* KD_OK, also when it has to wait; else why it cannot be run (semantics E3). */
kd_status kp__launch(struct kp_program *program, kd_error *err);
/* Close what is open. */
void kp__launch_fini(struct kp_program *program);
/* "cannot run <program>: <why>", with the kind that the errno implies. */
kd_status kp__cannot_run(const struct kp_program *program, const char *what,
    int error, kd_error *err);

/* output.c, error_output.c: KD_OK; else why it fails. `more`: there is more to
 * do at once. */
kd_status kp__output_pump(struct kp_program *program, int *more, kd_error *err);
void kp__output_fini(struct kp_program *program);
kd_status kp__error_output_pump(
    struct kp_program *program, int *more, kd_error *err);
void kp__error_output_fini(struct kp_program *program);

/* A line of its output to the log. */
void kp__log_line(
    const struct kp_program *program, const char *text, size_t len);
void kp__log(const struct kp_program *program, uint32_t level,
    const char *format, ...) KD_PRINTF(3, 4);

/* input.c */

/* Takes the message. */
void kp__input_add(struct kp_program *program, kd_message *message);
/* Write what can be written. */
void kp__input_pump(struct kp_program *program);
void kp__input_fini(struct kp_program *program);

#endif
