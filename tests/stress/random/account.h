/* SPDX-License-Identifier: MIT */
/*
 * What each process has done, and what it is owed for that.
 *
 * An account is opened when its process is created and kept until the round is
 * over. What is marked `token` is touched in slices of the process alone: those
 * never overlap, so there is no lock; when the process has ended, or everything
 * is quiet, others read it. That the host orders these accesses is part of what
 * is tested: ThreadSanitizer sees if it does not.
 */
#ifndef TESTS_RANDOM_ACCOUNT_H
#define TESTS_RANDOM_ACCOUNT_H

#include <kindred/kindred.h>
#include <stdatomic.h>

/* How a watcher is owed the EXIT of another. */
enum watch {
    WATCH_NOT,
    WATCH_OWED, /* One, when it ends. */
    WATCH_MAYBE /* Undone; one may have been on its way to the kind. */
};

/* How a process ended, as its watchers were told. */
enum outcome { OUTCOME_UNKNOWN, OUTCOME_NORMAL, OUTCOME_FAILED };

/* What one process has with another. */
struct tie {
    uint64_t serial; /* The other's; 0: free. */
    uint32_t sent;   /* Numbers that it has taken from us, */
    uint32_t got;    /* and that we have from it. */
    enum watch watch;
    int is_called;  /* KD_SPAWN_CALL: owed an EXIT with a number. */
    int is_down;    /* LINK_DOWN has come. */
    int down_maybe; /* Unlinked; one may have been on its way. */
    int wants_room; /* Owed a ROOM. */
};

struct account {
    kd_pid pid;
    kd_pid supervisor; /* Or none: linked from birth to one without account. */
    struct account *next;
    const struct account *owner; /* KD_SPAWN_OWN: ends with this one. */

    /* Anybody's. */
    atomic_uint n_forced; /* Tries to end it by force. */
    atomic_uint n_cancels;
    _Atomic kd_time deadline; /* The earliest that was accepted. */
    atomic_uint n_asked;      /* Requests under way, */
    _Atomic kd_time due;      /* and when the last of them is over. */
    atomic_uint outcome;
    atomic_uint is_over; /* Destroyed. */
    atomic_uint links;   /* TRAP_ bits, since its first slice. */
    atomic_ulong slices;
    unsigned long slices_asked; /* The clerk's. */

    /* token */
    kd_next last;    /* What its last slice returned. */
    int is_drained;  /* This slice has taken all signals. */
    unsigned n_told; /* CANCELs that it got. */
    struct tie *ties;
    size_t n_ties;
    size_t room;
    kd_ref *refs;  /* Requests under way: n_asked. */
    kd_pid *ended; /* Whose end it saw before it saw its mailbox empty. */
    size_t n_ended;
};

#define TRAP_WAS_ON  1u
#define TRAP_WAS_OFF 2u

/* Sums of a round. */
struct account_sums {
    atomic_long births, deaths;
    atomic_long exits, downs, numbers, cancels, replies, rooms;
    atomic_long full; /* Messages that were refused. */
    atomic_long done; /* Anything of the above: more than before is unrest. */
};

extern struct account_sums account_sums;

void accounts_open(const kd_api *api);
void accounts_close(void);

/* Thread-safe. NULL: nobody whose books are kept. */
struct account *account_find(kd_pid pid);
struct account *account_new(kd_pid pid, kd_pid parent);
/* It runs: it can be chosen. Not before, as it may not be there for others. */
void account_show(struct account *account);
/* All that there are, the last one first. */
struct account *account_first(void);

/* One of the last that were shown, which lives if it must; or NULL. */
struct account *account_choose(uint32_t chance, int may_be_over);

/* The caller has its token, or the account is over. Never NULL. */
struct tie *account_tie(struct account *account, kd_pid other);
/* The same, but NULL if there is none. */
const struct tie *account_look(const struct account *account, kd_pid other);

void account_add_ref(struct account *account, kd_ref ref, kd_time due);
/* Whether it was there. */
int account_drop_ref(struct account *account, kd_ref ref);
void account_add_ended(struct account *account, kd_pid pid);

/* Something must not be: said and counted. */
void complain(const char *format, ...) KD_PRINTF(1, 2);
long complaints(void);

#endif
