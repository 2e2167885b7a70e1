/* SPDX-License-Identifier: MIT */
/*
 * One supervisor: its records, and what it is doing about them.
 *
 * It does one thing at a time, an *operation*: stop some children, in reverse
 * start order, drop the records of some, start some, in order. Meanwhile it is
 * in one of a few states, and what may happen in each stands in one table, in
 * engine.c. What an operation has no time for waits in line: ends of children
 * first, then restarts that are due, then requests. Restarts that wait for
 * their time are no operation and hold up nobody (waiting.h).
 *
 * Files: engine.c decides what comes next; stop.c and start.c take the steps of
 * an operation; decide.c asks the policy what an end means and makes it an
 * operation; close.c ends the supervisor; request.c and its kin serve requests.
 */
#ifndef KS_SUPERVISOR_H
#define KS_SUPERVISOR_H

#include "blueprint.h"
#include "children.h"
#include "decision.h"
#include "intensity.h"
#include "report.h"
#include "waiting.h"

#include <kindred/kindred.h>
#include <kindred/term.h>

enum state {
    IDLE,     /* Nothing is under way. */
    STOPPING, /* Children of the operation were told to end. */
    STARTING, /* Children of the operation start; one may be waited for. */
    EXPIRING, /* It was not ready in time and is ended by force. */
    NAMING,   /* Its name is not free yet. */
    CLOSING,  /* All children stop for good. */
    GONE,     /* They have: the process ends. */
    N_STATES
};

enum event {
    END_OURS,  /* A child that the operation waits for has ended. */
    END_OTHER, /* Another child has. */
    READY,     /* The child that is waited for is ready. */
    DUE,       /* The time of the state is over. */
    CANCEL,    /* The supervisor is to end. */
    ORPHAN,    /* Its parent has failed. */
    REQUEST,   /* A request that changes something. */
    N_EVENTS
};

/* Why an operation is done. */
enum why {
    FOR_BOOT,    /* The supervisor's own start. */
    FOR_RESTART, /* A policy has decided so. */
    FOR_ADD,     /* start_child */
    FOR_REVIVE,  /* restart_child */
    FOR_REMOVAL  /* terminate_child */
};

/* Children in start order, of which those before `at` are done. */
struct list {
    struct child **items;
    size_t count;
    size_t cap;
    size_t at;
};

struct operation {
    enum why why;
    struct list stop;
    struct list drop;
    struct list start;
    size_t n_asked;      /* Children that were told to end and have not. */
    struct child *child; /* Is being started, and not yet ready. */
    kd_pid pid;          /* Of the last one that was started. */
    kd_time due;         /* When the time of the state is over. */
    kd_time start_due;   /* Nothing of it starts before. */
    int has_joined;      /* A restart that waited already is part of it. */
    kd_time name_until;  /* NAMING: no longer than this, and */
    kd_time grace_until; /* so long even if its holder is not ending. */
    kd_pid holder;       /* Whom we watch for it, or none. */
    kd_message *request; /* Whom to answer, or NULL. */
};

/* What happened. */
struct happening {
    enum event type;
    struct child *child;     /* END_, READY */
    uint32_t failed;         /* END_ */
    const kd_payload *error; /* END_ of a failure; borrowed. */
    kd_pid from;             /* ORPHAN: the parent. */
    kd_message *message;     /* REQUEST: owned. */
};

struct supervisor {
    const struct blueprint *plan;
    const kd_api *api;
    kd_proc *proc;
    kd_time now; /* Of what is being handled. */
    enum state state;
    int is_busy; /* It has more to do than fits into a slice. */
    struct operation op;
    struct children children;
    struct waiting waiting;
    struct intensity intensity;
    struct decision decision;
    struct report report;
    void *policy_state;
    struct child *ended_first; /* Ends that wait to be decided about. */
    struct child *ended_last;
    kd_message *requests_first; /* Requests that wait, likewise. */
    kd_message *requests_last;
    size_t n_requests;
    size_t n_due;      /* So many of the first may be served in this slice. */
    size_t closing_at; /* CLOSING: children before this are still to stop. */
    kd_writer failure; /* Why it fails; empty: it ends normally. */
    kd_writer scratch; /* For an error or an answer on its way. */
    uint64_t chance;   /* For jitter. */
    uint64_t serial;   /* Of the last id that a dynamic one made up. */
};

/* engine.c */

/* Something has happened; the table says what to do. */
void ks__happen(struct supervisor *s, const struct happening *happening);
/* Go on until there is nothing to do; nonzero if the slice was over before. */
int ks__go_on(struct supervisor *s);
/* When it must be woken; KD_NEVER. */
kd_time ks__next_due(const struct supervisor *s);
/* So much later; KD_NEVER at the latest. */
kd_time ks__later(kd_time now, uint64_t ns);
/* The operation is done: answer, and look for something else. */
void ks__op_done(struct supervisor *s);
/* Put an end in line, or take it out again. */
void ks__end_keep(struct supervisor *s, struct child *child, uint32_t failed,
    const kd_payload *error);
void ks__end_drop(struct supervisor *s, struct child *child);
/* The same for one that nothing is decided about: if it is a failure, the log
 * has to say so. */
void ks__end_forget(struct supervisor *s, struct child *child);

/* list.c */
kd_status ks__list_add(struct list *list, struct child *child);
void ks__list_clear(struct list *list);
/* Into start order. */
void ks__list_sort(struct list *list);

/* stop.c: take a step; nonzero if something is left to do at once. */
int ks__step_stopping(struct supervisor *s);
/* Tell a child to end (semantics S11). */
void ks__stop(struct supervisor *s, struct child *child);
/* A child that was told to has ended; `error` is NULL if it did so normally. */
void ks__stopped(
    struct supervisor *s, struct child *child, const kd_payload *error);

/* start.c */
int ks__step_starting(struct supervisor *s);
void ks__start_ready(struct supervisor *s);
/* It ended before it was ready. */
void ks__start_ended(struct supervisor *s, const struct happening *happening);
void ks__start_expire(struct supervisor *s);
void ks__start_expired(struct supervisor *s);
void ks__start_again(struct supervisor *s);
/* Watch the holder of a name no more. */
void ks__start_unwatch(struct supervisor *s);
/* Put a restart on its way that is due. */
void ks__start_group(struct supervisor *s, struct group *group);

/* decide.c: a child has ended by itself. */
void ks__decide(struct supervisor *s, struct child *child, uint32_t failed,
    const kd_payload *error);
/* One more restart of a child: the delay before it. */
uint64_t ks__backoff_next(struct supervisor *s, struct child *child);

/* close.c */

/* Stop all children, then end normally, or fail with what `failure` says. */
void ks__close(struct supervisor *s);
/* The same, having set `failure`; the kind of the first is Internal. */
void ks__close_failed(struct supervisor *s, const char *format, ...)
    KD_PRINTF(2, 3);
void ks__close_memory(struct supervisor *s);
int ks__step_closing(struct supervisor *s);

/* request.c */

/* A request has come: answered at once, or a happening. Takes it over. */
void ks__request(struct supervisor *s, kd_message *message);
/* Carry out one that changes something; nothing else is under way. */
void ks__request_serve(struct supervisor *s, kd_message *message);
/* Put it in line; take the first out, or NULL. */
void ks__request_keep(struct supervisor *s, kd_message *message);
kd_message *ks__request_take(struct supervisor *s);
/* Whether one could be served in another slice. */
int ks__request_waits(const struct supervisor *s);
/* Answer and release it: with the term, an error, a pid, true. */
void ks__answer(
    struct supervisor *s, kd_message *message, const kd_payload *payload);
void ks__answer_pid(struct supervisor *s, kd_message *message, kd_pid pid);
void ks__answer_true(struct supervisor *s, kd_message *message);
void ks__answer_error(struct supervisor *s, kd_message *message,
    const char *kind, const char *format, ...) KD_PRINTF(4, 5);
void ks__answer_stopping(struct supervisor *s, kd_message *message);

/* request_read.c */
void ks__which_children(struct supervisor *s, kd_message *message);
void ks__count_children(struct supervisor *s, kd_message *message);

#endif
