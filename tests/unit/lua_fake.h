/* SPDX-License-Identifier: MIT */
/*
 * A host made of records, for unit tests of the Lua worker kind.
 *
 * It has one runtime with entries and one process, and writes down what that
 * process asks for. Nothing happens by itself: a test puts mail and signals
 * in, calls slices, and moves the clock.
 *
 *     struct fake *f = fake_new();
 *     kd_entry *e = fake_program(f, "app:p", "return {main = print}");
 *     fake_create(f, e, NULL);
 *     CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
 *     fake_free(f);
 */
#ifndef LUA_FAKE_H
#define LUA_FAKE_H

#include <kindred/kindred.h>

struct fake_sent {
    struct fake_sent *next;
    kd_pid to;
    uint32_t flags;
    char *topic;
    unsigned char *data; /* The payload; NULL: none. */
    size_t len;
};

struct fake {
    kd_proc proc; /* First: what a kd_proc * points to. */
    kd_api api;
    kd_proc_calls calls;
    const kd_worker_kind *worker; /* The kind of Lua processes. */

    /* To be set by tests. */
    kd_time now_ns;
    kd_time tick_ns;     /* By so much each look moves the clock; 0 at first. */
    uint32_t preempts;   /* What kd_api::preempts says; 0 at first. */
    uint32_t yield;      /* What kd_proc_should_yield says. */
    unsigned yield_from; /* If not 0: from which call on it says so. */
    int print_full;      /* kd_proc_print answers KD_EFULL. */
    kd_status answer;    /* What send, spawn, link and so on answer. */
    size_t message_bytes; /* kd_proc_finish refuses beyond it; 0: none. */
    kd_payload context;
    kd_ref signal_ref;    /* Of the signals that are put in. */
    unsigned n_taken;     /* So many spawns with a name find it taken. */
    unsigned holder_dies; /* At which call about the holder, from 1; 0: none. */
    /* Called in kd_proc_print, as if a signal came there; or NULL. */
    void (*on_print)(struct fake *f);
    /* Called in kd_proc_next when it has found nothing; or NULL. */
    void (*on_empty)(struct fake *f);

    /* What the process did. */
    char *printed; /* All records, one after the other; never NULL. */
    unsigned n_printed;
    unsigned n_yield; /* Calls of kd_proc_should_yield. */
    kd_time wake_ns;
    uint32_t trap;
    unsigned n_ready;
    int finished;
    int failed;
    unsigned char *value; /* Of kd_proc_finish, or NULL. */
    size_t value_len;
    unsigned char *error; /* Of kd_proc_fail. */
    size_t error_len;
    char *trace;
    struct fake_sent *sent; /* First in front. */
    struct fake_sent *sent_last;
    char *spawned; /* Entry of the last spawn. */
    unsigned n_spawned, n_monitor, n_unmonitor, n_link, n_unlink, n_cancel,
        n_terminate, n_room, n_requests, n_replies;
    unsigned n_mail_held; /* Taken and not yet given back. */
    int n_bufs;           /* Buffers alive. */
    char reports[2048];   /* Of kd_check: lines `file:line: text`. */
    unsigned n_reports;
    char logged[512];  /* The last record. */
    char journal[512]; /* Spawns with a name, and what was asked of who has it:
                          words with a space behind each. */

    /* Its own. */
    void *state; /* What the plugin's init would have made. */
    void *prepared;
    void *self;
    kd_entry *entry;
    kd_entry *entries;
    kd_message *mail, *mail_last;
    struct fake_signal *signals, *signals_last, *signal_out;
    struct fake_block *blocks; /* All that is freed at the end. */
};

struct fake *fake_new(void);
void fake_free(struct fake *f); /* Destroys the process too. */

/* Entries. fake_program() is of kind process.lua with K1's defaults. */
kd_entry *fake_entry(
    struct fake *f, const char *id, const char *kind, uint32_t cls);
kd_entry *fake_program(struct fake *f, const char *id, const char *source);
kd_entry *fake_function(
    struct fake *f, const char *id, const char *method, const char *source);
kd_entry *fake_library(struct fake *f, const char *id, const char *source);
/* Options by dotted path; what is there is replaced or added to. */
kd_node *fake_option(
    struct fake *f, kd_entry *entry, const char *path, uint32_t type);
void fake_text(
    struct fake *f, kd_entry *entry, const char *path, const char *text);
void fake_int(struct fake *f, kd_entry *entry, const char *path, int64_t value);
void fake_list_add(
    struct fake *f, kd_entry *entry, const char *path, const char *text);
void fake_import(
    struct fake *f, kd_entry *entry, const char *alias, kd_entry *library);

/* Of a library. */
kd_status fake_check(struct fake *f, kd_entry *library);
/* prepare and create. `args` is a term array or NULL. */
kd_status fake_prepare(struct fake *f, kd_entry *entry);
kd_status fake_create(struct fake *f, kd_entry *entry, const kd_writer *args);
/* Both, for a program without more ado; then fake_run(). */
kd_next fake_do(struct fake *f, const char *source);

/* One slice. */
kd_next fake_slice(struct fake *f);
/*
 * Slices until the process ends, or waits with no wake-up asked for; the clock
 * jumps to each wake-up. KD_NEXT_READY: it did not end in a million slices.
 */
kd_next fake_run(struct fake *f);

/* Mail and signals. The payload is copied; NULL: none. */
void fake_mail(struct fake *f, kd_pid from, const char *topic, uint32_t flags,
    const kd_writer *payload);
void fake_signal(struct fake *f, uint32_t type, kd_pid from,
    const kd_writer *value, const kd_writer *error, const char *reason,
    kd_time deadline_ns);
void fake_room(struct fake *f); /* KD_SIGNAL_ROOM from the runtime. */

kd_pid fake_pid(uint64_t serial);

/* The error the process failed with: "" if there is none. */
const char *fake_error_message(struct fake *f);
const char *fake_error_kind(struct fake *f);
/* Its result as text, for simple values: "nil", "true", "42", "1.5", "abc". */
const char *fake_value(struct fake *f);

#endif
