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

/* Somebody who has to do with an end. */
enum fake_bond_type {
    FAKE_BOND_MONITOR, /* Is told of it. */
    FAKE_BOND_CALL,    /* The same, once for a KD_SPAWN_CALL. */
    FAKE_BOND_LINK,
    FAKE_BOND_OWN,   /* Is ended with it. */
    FAKE_BOND_READY, /* Is told when it says that it is ready. */
};

struct fake_bond {
    struct fake_bond *next;
    kd_pid to;
    enum fake_bond_type type;
    kd_ref ref;
};

/* A request that was not answered yet: of the process that made it. */
struct fake_request {
    struct fake_request *next;
    kd_ref ref;
    kd_pid to;
    kd_time due;
};

/* A mailbox, or with no pid the output, that had no room for the process. */
struct fake_wait {
    struct fake_wait *next;
    kd_pid to;
};

/* A descriptor that a process watches. */
struct fake_watch {
    struct fake_watch *next;
    int32_t fd;
    uint32_t events;
};

struct fake_name {
    struct fake_name *next;
    char *text;
    size_t len;
};

struct fake_variable {
    struct fake_variable *next;
    char *name;
    char *value;
};

/* What a process is born with. */
struct fake_birth {
    kd_pid parent;
    kd_pid spawner;
    kd_payload context;
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
    kd_pid spawner;
    const struct fake_use *use;
    const kd_entry *entry;
    void *self;
    struct fake_bytes context;
    struct fake_name *names;
    struct fake_message *mail, **mail_end;
    struct fake_message *taken, **taken_end; /* As they were taken. */
    struct fake_signal *signals, **signals_end;
    struct fake_signal *shown; /* The one that kd_proc_signal() gave. */
    size_t n_mail;             /* Of both lists, as its limits count. */
    uint64_t mail_len;         /* The same. */
    struct fake_bond *bonds;
    struct fake_request *requests;
    struct fake_wait *waits;
    struct fake_watch *watches;
    kd_time wake;
    kd_time force;     /* When it is ended by force; KD_NEVER. */
    pthread_t inside;  /* Who is in a callback for it... */
    const char *where; /* ...and which; NULL: nobody. */
    uint32_t trap;
    uint32_t again; /* `run` said KD_NEXT_READY, or something has come since. */
    uint32_t ended; /* KD_FAKE_LIVES and so on. */
    uint32_t is_ready;
    uint32_t has_failed; /* kd_proc_fail() has set `value`. */
    uint32_t doomed;     /* It must end when the callback it is in returns... */
    kd_error doom;       /* ...of this. */
    uint32_t spent;      /* What should_yield counts. */
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
    struct fake_variable *variables; /* By name. */
    char *folder;
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
int fake_is_full(const kd_fake *fake, uint32_t what);

/* failure.c */
kd_status fake_error(kd_error *err, kd_status code, const char *text);
kd_status fake_error_bytes(struct fake_bytes *bytes, const kd_error *err);
void fake_check_status(
    kd_fake *fake, const char *who, const char *callback, kd_status status);

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
uint64_t fake_message_bytes(const struct fake_proc *proc);
kd_status fake_reply_put(struct fake_proc *proc, const kd_message *message);
void fake_mail_free(struct fake_message *message);
void fake_mail_released(
    struct fake_proc *proc, const struct fake_message *message);
int fake_mail_is_full(const struct fake_proc *proc);
kd_status fake_cancel(struct fake_proc *proc, kd_pid from, uint32_t flags,
    const char *reason, kd_time deadline_ns);

/* signal.c */
void fake_signal_init(kd_signal *signal, uint32_t type, kd_pid from);
kd_status fake_signal_put(struct fake_proc *proc, const kd_signal *signal);
void fake_signal_free(struct fake_signal *signal);

/* bond.c */
kd_status fake_bond_add(
    struct fake_proc *proc, kd_pid to, enum fake_bond_type type, kd_ref ref);
int fake_bond_find(
    const struct fake_proc *proc, kd_pid to, enum fake_bond_type type);
void fake_bond_remove(
    struct fake_proc *proc, kd_pid to, enum fake_bond_type type);
void fake_bonds_of_birth(
    struct fake_proc *proc, struct fake_proc *child, uint32_t flags);
void fake_bonds_ready(struct fake_proc *proc);
void fake_bonds_end(struct fake_proc *proc);

/* request.c */
kd_status fake_request_add(
    struct fake_proc *proc, kd_ref ref, kd_pid to, kd_time due);
int fake_request_take(struct fake_proc *proc, kd_ref ref);
void fake_requests_end(struct fake_proc *to);
void fake_requests_due(struct fake_proc *proc);
void fake_requests_free(struct fake_proc *proc);

/* wait.c */
kd_status fake_wait_add(struct fake_proc *proc, kd_pid to);
void fake_waits_look(kd_fake *fake);
void fake_waits_free(struct fake_proc *proc);

/* watch.c */
kd_status fake_watch_set(
    struct fake_proc *proc, int32_t fd, uint32_t events, kd_error *err);
void fake_watches_check(struct fake_proc *proc);
void fake_watches_free(struct fake_proc *proc);

/* name.c */
void fake_name_calls(kd_api *api);
kd_status fake_name_add(struct fake_proc *proc, const char *name, size_t len);
struct fake_proc *fake_name_find(kd_fake *fake, const char *name, size_t len);
void fake_names_free(struct fake_proc *proc);

/* world.c */
void fake_world_calls(kd_api *api);
void fake_world_free(kd_fake *fake);

/* proc.c */
struct fake_proc *fake_proc(const kd_proc *pub);
struct fake_proc *fake_proc_find(kd_fake *fake, kd_pid pid);
struct fake_proc *fake_proc_living(kd_fake *fake, kd_pid pid);
struct fake_proc *fake_proc_new(kd_fake *fake, const kd_entry *entry,
    const kd_payload *args, const struct fake_birth *birth, kd_error *err);
void fake_proc_kill(struct fake_proc *proc, kd_status code, const char *text);
void fake_proc_end(struct fake_proc *proc, uint32_t how);
void fake_proc_free(struct fake_proc *proc);

/* spawn.c */
kd_status fake_spawn(kd_fake *fake, struct fake_proc *by, const kd_spawn *spawn,
    kd_pid *pid, kd_error *err);

/* calls.c, api.c, port.c, buf.c */
extern const kd_proc_calls fake_proc_calls;
void fake_api_init(kd_api *api);
kd_port *fake_port_new(struct fake_proc *proc);
void fake_ports_free(kd_fake *fake);
void fake_buf_calls(kd_api *api);
void fake_bufs_free(kd_fake *fake);

#endif
