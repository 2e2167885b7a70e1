/* SPDX-License-Identifier: MIT */
/*
 * What a fake host is made of. Everything lives until kd_fake_free(), ended
 * processes too, so that a test may look at what is left of them.
 */
#ifndef KINDRED_FAKE_STATE_H
#define KINDRED_FAKE_STATE_H

#include "fake.h"

#include <pthread.h>

#define FAKE_MAX_PLUGINS 16

/* A payload with bytes of its own. */
struct fake_bytes {
    uint32_t format;
    size_t len;
    char *data; /* Ends in a NUL that `len` does not count. */
};

/* A node of an entry's options: made by the fake, freed with it. */
struct fake_node {
    kd_node pub;
    struct fake_node *all; /* Next of the entry's nodes. */
    char *text;
};

struct kd_entry {
    const char *mark; /* See entry.c. */
    kd_fake *fake;
    struct kd_entry *next;
    char *id;
    const kd_kind *kind;
    struct fake_node *nodes; /* All, for freeing. */
    struct fake_node *root;
    kd_status status; /* KD_ENOMEM: it is not whole. */
};

/* What `prepare` made of an entry, the fake's own or a borrowed one. */
struct fake_use {
    struct fake_use *next;
    const kd_entry *entry;
    const kd_worker_kind *worker;
    void *state;
    void *prepared;
    kd_status status;
};

struct fake_message {
    kd_message pub;
    struct fake_message *next; /* In the mailbox, or among those taken. */
    char *topic;
    struct fake_bytes bytes;
};

struct fake_signal {
    kd_signal pub;
    struct fake_signal *next;
    struct fake_bytes value;
    struct fake_bytes error;
    char *reason;
};

/* Somebody to be told of an end. */
struct fake_bond {
    struct fake_bond *next;
    kd_pid to;
    uint32_t type; /* KD_FAKE_MONITOR or KD_FAKE_LINK. */
    kd_ref ref;
};

struct fake_port {
    kd_port pub;
    struct fake_port *next;
    struct fake_proc *proc;
    long refs;
};

struct kd_buf {
    struct kd_buf *next;
    kd_fake *fake;
    struct fake_bytes bytes; /* Of a copy. */
    kd_payload payload;
    void (*release)(void *arg);
    void *arg;
    long refs;
};

struct fake_proc {
    kd_proc pub;
    kd_fake *fake;
    struct fake_proc *next;
    kd_pid pid;
    kd_pid parent;
    const struct fake_use *use;
    const kd_entry *entry;
    void *self;
    char *name;
    struct fake_message *mail, **mail_end;
    struct fake_message *taken, **taken_end; /* As they were taken. */
    struct fake_signal *signals, **signals_end;
    struct fake_signal *shown; /* The one that kd_proc_signal() gave. */
    struct fake_bond *bonds;
    kd_time wake;
    pthread_t inside;  /* Who is in a callback for it... */
    const char *where; /* ...and which; NULL: nobody. */
    uint32_t trap;
    uint32_t again; /* `run` said KD_NEXT_READY, or it is new, or was woken. */
    uint32_t ended; /* KD_FAKE_LIVES and so on. */
    uint32_t is_ready;
    uint32_t doomed; /* It terminated itself. */
    uint32_t spent;  /* What should_yield counts. */
    struct fake_bytes value;
    char error[KD_ERROR_TEXT];
};

struct fake_act {
    kd_fake_act pub;
    struct fake_act *next;
    char *topic;
    struct fake_bytes bytes;
};

struct fake_refusal {
    kd_status code;
    size_t after;
};

struct fake_plugin {
    const kd_plugin *plugin;
    void *state;
};

struct kd_fake {
    kd_api api; /* First: a kd_api is its fake. */
    pthread_mutex_t lock;
    kd_time now;
    uint64_t serial;
    kd_ref ref;
    struct fake_plugin plugins[FAKE_MAX_PLUGINS];
    size_t n_plugins;
    const kd_api *borrowed;
    struct kd_entry *entries;
    struct fake_use *uses;
    struct fake_proc *procs;
    struct fake_port *ports;
    struct kd_buf *bufs;
    struct fake_act *acts, **acts_end;
    struct fake_refusal refusals[KD_FAKE_ANY + 1];
    char **complaints;
    size_t n_complaints;
};

/* fake.c */
KD_PRINTF(2, 3)
void fake_complain(kd_fake *fake, const char *format, ...);
kd_status fake_refused(kd_fake *fake, uint32_t what);
kd_status fake_bytes_set(struct fake_bytes *bytes, const kd_payload *payload);
kd_payload fake_bytes_payload(const struct fake_bytes *bytes);
void fake_did(kd_fake *fake, const kd_fake_act *act);
kd_status fake_error(kd_error *err, kd_status code, const char *text);

/* entry.c */
const kd_entry *fake_entry_find(const kd_api *api, const char *id);
void fake_entry_calls(kd_api *api);
void fake_entries_free(kd_fake *fake);

/* use.c */
const struct fake_use *fake_use(
    kd_fake *fake, const kd_entry *entry, kd_error *err);
const kd_kind *fake_kind(
    kd_fake *fake, const char *id, struct fake_plugin **plugin);
void fake_uses_free(kd_fake *fake);

/* mail.c */
kd_status fake_mail_put(struct fake_proc *proc, const kd_message *message);
void fake_mail_free(struct fake_message *message);
kd_status fake_signal_put(struct fake_proc *proc, const kd_signal *signal);
void fake_signal_free(struct fake_signal *signal);

/* proc.c */
struct fake_proc *fake_proc(const kd_proc *pub);
struct fake_proc *fake_proc_find(kd_fake *fake, kd_pid pid);
struct fake_proc *fake_proc_new(kd_fake *fake, const kd_entry *entry,
    const kd_payload *args, kd_pid parent, kd_error *err);
void fake_proc_end(struct fake_proc *proc, uint32_t how);
void fake_proc_free(struct fake_proc *proc);

/* calls.c, api.c, port.c, buf.c */
extern const kd_proc_calls fake_proc_calls;
void fake_api_init(kd_api *api);
kd_port *fake_port_new(struct fake_proc *proc);
void fake_ports_free(kd_fake *fake);
void fake_buf_calls(kd_api *api);
void fake_bufs_free(kd_fake *fake);

#endif
