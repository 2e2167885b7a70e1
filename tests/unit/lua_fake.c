/* SPDX-License-Identifier: MIT */
/*
 * The host made of records: see the header.
 *
 * What a call of the process would do to others is only counted, so that a
 * test decides what comes back. Memory lives until the whole is freed, but for
 * mail, whose release is part of what is tested.
 */

#include "lua_fake.h"

#include "process_lua/process/worker.h"
#include "process_lua/program/library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake_block {
    struct fake_block *next;
    max_align_t data[];
};

struct fake_signal {
    struct fake_signal *next;
    kd_signal signal;
};

/* A node that can be changed: the public one only shows constant pointers. */
struct fake_node {
    kd_node node;
    struct fake_node *child, *last, *next;
};

struct kd_entry {
    struct fake *fake;
    kd_entry *next;
    const char *id;
    const char *kind;
    uint32_t cls;
    void *prepared;
    struct fake_node root;
};

struct kd_buf {
    const kd_api *api;
    unsigned refs;
    kd_payload payload;
    void (*release)(void *arg);
    void *arg;
};

static void *
block(struct fake *f, size_t len)
{
    struct fake_block *b = calloc(1, sizeof(*b) + len);

    if (b == NULL)
        abort();
    b->next = f->blocks;
    f->blocks = b;
    return b->data;
}

static char *
copy(struct fake *f, const void *data, size_t len)
{
    char *to = block(f, len + 1);

    if (len > 0)
        memcpy(to, data, len);
    return to;
}

static struct fake *
of_proc(const kd_proc *proc)
{
    union {
        const kd_proc *in;
        struct fake *out;
    } cast = {.in = proc};

    return cast.out;
}

static struct fake *
of_api(const kd_api *api)
{
    union {
        const char *in;
        struct fake *out;
    } cast = {.in = (const char *)api - offsetof(struct fake, api)};

    return cast.out;
}

/* --- kd_api ------------------------------------------------------------- */

static kd_time
api_now(const kd_api *api)
{
    struct fake *f = of_api(api);

    f->now_ns += f->tick_ns;
    return f->now_ns;
}

static int64_t
api_unix(const kd_api *api)
{
    return (int64_t)of_api(api)->now_ns + 1700000000000000000;
}

static void
api_log(const kd_api *api, const kd_log_record *record)
{
    struct fake *f = of_api(api);

    snprintf(f->logged, sizeof(f->logged), "%s", record->text);
}

static uint32_t
api_log_wants(const kd_api *api, uint32_t level)
{
    (void)api;
    (void)level;
    return 1;
}

static const void *
api_service(const kd_api *api, const char *id)
{
    (void)api;
    (void)id;
    return NULL;
}

static const void *
api_offer(const kd_api *api, const char *id, size_t index)
{
    (void)api;
    (void)id;
    (void)index;
    return NULL;
}

static uint32_t
api_preempts(const kd_api *api)
{
    return of_api(api)->preempts;
}

static const kd_entry *
api_entry_find(const kd_api *api, const char *id)
{
    kd_entry *e = of_api(api)->entries;

    while (e != NULL && strcmp(e->id, id) != 0)
        e = e->next;
    return e;
}

static const kd_entry *
api_entry_at(const kd_api *api, size_t index)
{
    kd_entry *e = of_api(api)->entries;

    while (e != NULL && index-- > 0)
        e = e->next;
    return e;
}

static const char *
api_entry_id(const kd_entry *entry)
{
    return entry->id;
}

static const char *
api_entry_kind(const kd_entry *entry)
{
    return entry->kind;
}

static uint32_t
api_entry_class(const kd_entry *entry)
{
    return entry->cls;
}

static const kd_node *
api_entry_get(const kd_entry *entry, const char *path)
{
    const kd_node *node = &entry->root.node;
    char key[64];

    while (node != NULL && *path != '\0') {
        size_t len = strcspn(path, ".");

        snprintf(key, sizeof(key), "%.*s", (int)len, path);
        node = kd_node_find(node, key);
        path += path[len] == '.' ? len + 1 : len;
    }
    return node;
}

static void *
api_entry_prepared(const kd_entry *entry)
{
    return entry->prepared;
}

static size_t
api_pid_text(const kd_api *api, kd_pid pid, char *text)
{
    (void)api;
    if (kd_pid_is_none(pid))
        return (size_t)snprintf(text, KD_PID_TEXT, "{|}");
    return (size_t)snprintf(
        text, KD_PID_TEXT, "{app:host|0x%llx}", (unsigned long long)pid.serial);
}

static kd_status
api_pid_parse(const kd_api *api, const char *text, size_t len, kd_pid *pid)
{
    char form[KD_PID_TEXT], host[KD_PID_TEXT];
    unsigned long long serial;

    (void)api;
    if (len >= sizeof(form))
        return KD_EINVAL;
    memcpy(form, text, len);
    form[len] = '\0';
    if (sscanf(form, "{%190[^|]|0x%llx}", host, &serial) != 2)
        return KD_EINVAL;
    if (strcmp(host, "app:host") != 0)
        return KD_ENOHOST;
    *pid = fake_pid(serial);
    return KD_OK;
}

static const kd_entry *
api_pid_entry(const kd_api *api, kd_pid pid)
{
    return pid.serial == 1 ? of_api(api)->entry : NULL;
}

static uint32_t
api_pid_alive(const kd_api *api, kd_pid pid)
{
    (void)api;
    return !kd_pid_is_none(pid);
}

/* Whether the holder of a name has ended, now that he is asked something. */
static kd_status
ask_holder(struct fake *f, const char *what)
{
    size_t used = strlen(f->journal);

    snprintf(f->journal + used, sizeof(f->journal) - used, "%s ", what);
    if (f->holder_dies == 0 || --f->holder_dies > 0)
        return KD_OK;
    return KD_EGONE;
}

static kd_status
api_send(const kd_api *api, kd_pid to, const char *topic, size_t topic_len,
    uint32_t flags, const kd_payload *payload, kd_error *err)
{
    (void)to;
    (void)topic_len;
    (void)flags;
    (void)payload;
    (void)err;
    return ask_holder(of_api(api), topic);
}

static kd_status
api_spawn(const kd_api *api, const kd_spawn *spawn, kd_pid *pid, kd_error *err)
{
    (void)api;
    (void)spawn;
    (void)err;
    *pid = fake_pid(2);
    return KD_OK;
}

static kd_status
api_cancel(const kd_api *api, kd_pid target, kd_time deadline_ns,
    uint32_t flags, const char *reason, kd_error *err)
{
    (void)api;
    (void)target;
    (void)deadline_ns;
    (void)flags;
    (void)reason;
    (void)err;
    return KD_OK;
}

static kd_status
api_terminate(const kd_api *api, kd_pid target, kd_error *err)
{
    (void)api;
    (void)target;
    (void)err;
    return KD_OK;
}

/* Names: `mine` is the process itself, `other` the process 2. */
static kd_status
api_name_register(
    const kd_api *api, const char *name, size_t len, kd_pid pid, kd_error *err)
{
    (void)name;
    (void)len;
    (void)pid;
    (void)err;
    return of_api(api)->answer;
}

static kd_status
api_name_unregister(const kd_api *api, const char *name, size_t len)
{
    (void)name;
    (void)len;
    return of_api(api)->answer;
}

static kd_status
api_name_find(const kd_api *api, const char *name, size_t len, kd_pid *pid)
{
    (void)api;
    if (len == 4 && memcmp(name, "mine", 4) == 0)
        *pid = fake_pid(1);
    else if (len == 5 && memcmp(name, "other", 5) == 0)
        *pid = fake_pid(2);
    else
        return KD_ENOTFOUND;
    return KD_OK;
}

static kd_buf *
api_buf_wrap(const kd_api *api, uint32_t format, const void *data, size_t len,
    void (*release)(void *arg), void *arg)
{
    kd_buf *buf = calloc(1, sizeof(*buf));

    if (buf == NULL)
        return NULL;
    buf->api = api;
    buf->refs = 1;
    buf->payload = kd_payload_make(format, data, len);
    buf->payload.buf = buf;
    buf->release = release;
    buf->arg = arg;
    of_api(api)->n_bufs++;
    return buf;
}

static kd_buf *
api_buf_copy(const kd_api *api, uint32_t format, const void *data, size_t len)
{
    void *own = malloc(len + 1);

    if (own == NULL)
        return NULL;
    if (len > 0)
        memcpy(own, data, len);
    return api_buf_wrap(api, format, own, len, free, own);
}

static kd_buf *
api_buf_retain(kd_buf *buf)
{
    buf->refs++;
    return buf;
}

static void
api_buf_release(kd_buf *buf)
{
    if (buf == NULL || --buf->refs > 0)
        return;
    if (buf->release != NULL)
        buf->release(buf->arg);
    of_api(buf->api)->n_bufs--;
    free(buf);
}

static kd_payload
api_buf_payload(kd_buf *buf)
{
    return buf->payload;
}

/* --- kd_proc ------------------------------------------------------------ */

static kd_pid
proc_self(const kd_proc *proc)
{
    (void)proc;
    return fake_pid(1);
}

static const kd_entry *
proc_entry(const kd_proc *proc)
{
    return of_proc(proc)->entry;
}

static kd_payload
proc_context(const kd_proc *proc)
{
    return of_proc(proc)->context;
}

static kd_message *
proc_next(kd_proc *proc)
{
    struct fake *f = of_proc(proc);
    kd_message *m = f->mail;

    if (m == NULL && f->on_empty != NULL)
        f->on_empty(f);
    if (m == NULL)
        return NULL;
    f->mail = m->next;
    if (f->mail == NULL)
        f->mail_last = NULL;
    m->next = NULL;
    f->n_mail_held++;
    return m;
}

static void
proc_release(kd_proc *proc, kd_message *message)
{
    if (message == NULL)
        return;
    of_proc(proc)->n_mail_held--;
    api_buf_release(message->payload.buf);
    free(message);
}

static kd_status
proc_signal(kd_proc *proc, kd_signal *signal)
{
    struct fake *f = of_proc(proc);
    struct fake_signal *s = f->signals;

    if (s == NULL)
        return KD_ENOTFOUND;
    f->signals = s->next;
    if (f->signals == NULL)
        f->signals_last = NULL;
    *signal = s->signal;
    return KD_OK;
}

static kd_status
proc_finish(kd_proc *proc, const kd_payload *value)
{
    struct fake *f = of_proc(proc);

    if (f->message_bytes > 0 && value->len > f->message_bytes)
        return KD_ETOOBIG;
    f->finished = 1;
    f->value = (unsigned char *)copy(f, value->data, value->len);
    f->value_len = value->len;
    return KD_OK;
}

static kd_status
proc_fail(kd_proc *proc, const kd_payload *error, const char *trace)
{
    struct fake *f = of_proc(proc);

    f->failed = 1;
    f->error = (unsigned char *)copy(f, error->data, error->len);
    f->error_len = error->len;
    f->trace = trace == NULL ? NULL : copy(f, trace, strlen(trace));
    return KD_OK;
}

static void
proc_wake_at(kd_proc *proc, kd_time due_ns)
{
    of_proc(proc)->wake_ns = due_ns;
}

static uint32_t
proc_should_yield(const kd_proc *proc)
{
    struct fake *f = of_proc(proc);

    return ++f->n_yield >= f->yield_from ? f->yield : 0;
}

static void
fill_sent(struct fake *f, kd_pid to, const char *topic, size_t topic_len,
    uint32_t flags, const kd_payload *payload)
{
    struct fake_sent *s = block(f, sizeof(*s));

    s->to = to;
    s->flags = flags;
    s->topic = copy(f, topic, topic_len);
    if (payload != NULL && payload->format != KD_FORMAT_NONE) {
        s->data = (unsigned char *)copy(f, payload->data, payload->len);
        s->len = payload->len;
    }
    if (f->sent_last == NULL)
        f->sent = s;
    else
        f->sent_last->next = s;
    f->sent_last = s;
}

static kd_status
refuse(struct fake *f, kd_error *err)
{
    if (f->answer != KD_OK && err != NULL) {
        err->code = f->answer;
        snprintf(err->text, sizeof(err->text), "%s", kd_status_text(f->answer));
    }
    return f->answer;
}

static kd_status
proc_send(kd_proc *proc, kd_pid to, const char *topic, size_t topic_len,
    uint32_t flags, const kd_payload *payload, kd_error *err)
{
    struct fake *f = of_proc(proc);

    if (f->answer == KD_OK)
        fill_sent(f, to, topic, topic_len, flags, payload);
    return refuse(f, err);
}

static kd_status
proc_spawn(kd_proc *proc, const kd_spawn *spawn, kd_pid *pid, kd_error *err)
{
    struct fake *f = of_proc(proc);

    f->n_spawned++;
    f->spawned = copy(f, spawn->entry, strlen(spawn->entry));
    if (spawn->name != NULL) {
        ask_holder(f, spawn->name);
        if (f->n_taken > 0) {
            f->n_taken--;
            *pid = fake_pid(2);
            return KD_EEXIST;
        }
    }
    if (f->answer == KD_OK)
        *pid = fake_pid(1 + f->n_spawned);
    return refuse(f, err);
}

#define COUNTED(name)                                                          \
    static kd_status proc_##name(kd_proc *proc, kd_pid target, kd_error *err)  \
    {                                                                          \
        (void)target;                                                          \
        of_proc(proc)->n_##name++;                                             \
        if (of_proc(proc)->journal[0] != '\0' &&                               \
            ask_holder(of_proc(proc), #name) != KD_OK)                         \
            return KD_EGONE;                                                   \
        return refuse(of_proc(proc), err);                                     \
    }

COUNTED(monitor)
COUNTED(unmonitor)
COUNTED(link)
COUNTED(unlink)
COUNTED(terminate)

static void
proc_set_trap(kd_proc *proc, uint32_t on)
{
    of_proc(proc)->trap = on;
}

static uint32_t
proc_trap(const kd_proc *proc)
{
    return of_proc(proc)->trap;
}

static kd_status
proc_cancel(kd_proc *proc, kd_pid target, kd_time deadline_ns, uint32_t flags,
    const char *reason, kd_error *err)
{
    (void)target;
    (void)deadline_ns;
    (void)flags;
    (void)reason;
    of_proc(proc)->n_cancel++;
    return refuse(of_proc(proc), err);
}

static kd_status
proc_request(kd_proc *proc, kd_pid to, const char *topic,
    const kd_payload *payload, kd_time deadline_ns, kd_ref *ref, kd_error *err)
{
    (void)deadline_ns;
    *ref = ++of_proc(proc)->n_requests;
    return proc_send(proc, to, topic, strlen(topic), 0, payload, err);
}

static kd_status
proc_reply(kd_proc *proc, kd_pid to, kd_ref ref, const kd_payload *payload,
    kd_error *err)
{
    (void)ref;
    of_proc(proc)->n_replies++;
    return proc_send(proc, to, "@reply", 6, 0, payload, err);
}

static kd_status
proc_when_room(kd_proc *proc, kd_pid target, kd_error *err)
{
    (void)target;
    (void)err;
    of_proc(proc)->n_room++;
    return KD_OK;
}

static kd_status
proc_print(kd_proc *proc, const char *text, size_t len, uint32_t flags)
{
    struct fake *f = of_proc(proc);
    size_t old = strlen(f->printed);
    char *all;

    if (f->print_full && (flags & KD_PRINT_BEYOND) == 0)
        return KD_EFULL;
    all = block(f, old + len + 1);
    memcpy(all, f->printed, old);
    memcpy(all + old, text, len);
    f->printed = all;
    f->n_printed++;
    if (f->on_print != NULL)
        f->on_print(f);
    return KD_OK;
}

static void
proc_ready(kd_proc *proc)
{
    of_proc(proc)->n_ready++;
}

static kd_port *
proc_port(kd_proc *proc)
{
    (void)proc;
    return NULL;
}

static kd_status
proc_become(kd_proc *proc, const kd_entry *entry, kd_error *err)
{
    (void)entry;
    return refuse(of_proc(proc), err);
}

/* --- For tests ---------------------------------------------------------- */

/* As the plugin's init. */
static struct kl__plugin *
make_state(const kd_api *api)
{
    struct kl__plugin *state = calloc(1, sizeof(*state));

    if (state == NULL || kl__bus_init(&state->bus) != 0)
        abort();
    kl__spares_init(&state->spares, NULL);
    state->api = api;
    return state;
}

struct fake *
fake_new(void)
{
    static const kd_api api = {
        .size = sizeof(kd_api),
        .major = KD_ABI_MAJOR,
        .minor = KD_ABI_MINOR,
        .now_ns = api_now,
        .unix_ns = api_unix,
        .log = api_log,
        .log_wants = api_log_wants,
        .service = api_service,
        .offer = api_offer,
        .preempts = api_preempts,
        .entry_find = api_entry_find,
        .entry_at = api_entry_at,
        .entry_id = api_entry_id,
        .entry_kind = api_entry_kind,
        .entry_class = api_entry_class,
        .entry_get = api_entry_get,
        .entry_prepared = api_entry_prepared,
        .pid_text = api_pid_text,
        .pid_parse = api_pid_parse,
        .pid_entry = api_pid_entry,
        .pid_alive = api_pid_alive,
        .send = api_send,
        .spawn = api_spawn,
        .cancel = api_cancel,
        .terminate = api_terminate,
        .name_register = api_name_register,
        .name_unregister = api_name_unregister,
        .name_find = api_name_find,
        .buf_copy = api_buf_copy,
        .buf_wrap = api_buf_wrap,
        .buf_retain = api_buf_retain,
        .buf_release = api_buf_release,
        .buf_payload = api_buf_payload,
    };
    static const kd_proc_calls calls = {
        .size = sizeof(kd_proc_calls),
        .self = proc_self,
        .entry = proc_entry,
        .context = proc_context,
        .next = proc_next,
        .release = proc_release,
        .signal = proc_signal,
        .finish = proc_finish,
        .fail = proc_fail,
        .wake_at = proc_wake_at,
        .should_yield = proc_should_yield,
        .send = proc_send,
        .spawn = proc_spawn,
        .monitor = proc_monitor,
        .unmonitor = proc_unmonitor,
        .link = proc_link,
        .unlink = proc_unlink,
        .set_trap = proc_set_trap,
        .trap = proc_trap,
        .cancel = proc_cancel,
        .terminate = proc_terminate,
        .request = proc_request,
        .reply = proc_reply,
        .when_room = proc_when_room,
        .print = proc_print,
        .ready = proc_ready,
        .port = proc_port,
        .become = proc_become,
    };
    struct fake *f = calloc(1, sizeof(*f));

    if (f == NULL)
        abort();
    f->api = api;
    f->calls = calls;
    f->proc.calls = &f->calls;
    f->proc.api = &f->api;
    f->now_ns = 1000000000;
    f->wake_ns = KD_NEVER;
    f->context = kd_payload_none();
    f->printed = copy(f, "", 0);
    f->worker = &kl__worker;
    f->state = make_state(&f->api);
    return f;
}

static void
stop(struct fake *f)
{
    if (f->self != NULL)
        f->worker->destroy(f->self, &f->proc);
    f->self = NULL;
    if (f->prepared != NULL && f->worker->unprepare != NULL)
        f->worker->unprepare(f->prepared);
    f->prepared = NULL;
}

void
fake_free(struct fake *f)
{
    struct fake_block *b;
    kd_message *m;

    struct kl__plugin *state = f->state;

    stop(f);
    kl__bus_fini(&state->bus);
    kl__spares_fini(&state->spares);
    free(state);
    while ((m = proc_next(&f->proc)) != NULL)
        proc_release(&f->proc, m);
    while ((b = f->blocks) != NULL) {
        f->blocks = b->next;
        free(b);
    }
    free(f);
}

kd_entry *
fake_entry(struct fake *f, const char *id, const char *kind, uint32_t cls)
{
    kd_entry *e = block(f, sizeof(*e));

    e->fake = f;
    e->id = copy(f, id, strlen(id));
    e->kind = copy(f, kind, strlen(kind));
    e->cls = cls;
    e->root.node.size = sizeof(kd_node);
    e->root.node.type = KD_NODE_MAP;
    e->next = f->entries;
    f->entries = e;
    return e;
}

static struct fake_node *
add_node(struct fake *f, struct fake_node *to, const char *key, size_t key_len,
    uint32_t type)
{
    struct fake_node *n = block(f, sizeof(*n));

    n->node.size = sizeof(kd_node);
    n->node.type = type;
    n->node.line = 10 + (uint32_t)to->node.count;
    n->node.column = 5;
    n->node.file = "_index.yaml";
    n->node.key = key == NULL ? NULL : copy(f, key, key_len);
    if (to->last == NULL) {
        to->child = n;
        to->node.child = &n->node;
    } else {
        to->last->next = n;
        to->last->node.next = &n->node;
    }
    to->last = n;
    to->node.count++;
    return n;
}

static struct fake_node *
find_or_add(struct fake *f, kd_entry *entry, const char *path, uint32_t type)
{
    struct fake_node *at = &entry->root;
    struct fake_node *n;

    while (*path != '\0') {
        size_t len = strcspn(path, ".");

        for (n = at->child; n != NULL; n = n->next) {
            if (strlen(n->node.key) == len &&
                memcmp(n->node.key, path, len) == 0)
                break;
        }
        if (n == NULL)
            n = add_node(
                f, at, path, len, path[len] == '.' ? KD_NODE_MAP : type);
        at = n;
        path += path[len] == '.' ? len + 1 : len;
    }
    at->node.type = type;
    return at;
}

kd_node *
fake_option(struct fake *f, kd_entry *entry, const char *path, uint32_t type)
{
    return &find_or_add(f, entry, path, type)->node;
}

void
fake_text(struct fake *f, kd_entry *entry, const char *path, const char *text)
{
    kd_node *node = fake_option(f, entry, path, KD_NODE_STRING);

    node->text = copy(f, text, strlen(text));
    node->len = strlen(text);
}

void
fake_int(struct fake *f, kd_entry *entry, const char *path, int64_t value)
{
    fake_option(f, entry, path, KD_NODE_INT)->integer = value;
}

void
fake_list_add(
    struct fake *f, kd_entry *entry, const char *path, const char *text)
{
    struct fake_node *list = find_or_add(f, entry, path, KD_NODE_LIST);
    struct fake_node *n = add_node(f, list, NULL, 0, KD_NODE_STRING);

    n->node.text = copy(f, text, strlen(text));
    n->node.len = strlen(text);
}

void
fake_import(
    struct fake *f, kd_entry *entry, const char *alias, kd_entry *library)
{
    struct fake_node *map = find_or_add(f, entry, "imports", KD_NODE_MAP);
    struct fake_node *n =
        add_node(f, map, alias, strlen(alias), KD_NODE_STRING);

    n->node.text = library->id;
    n->node.len = strlen(library->id);
    n->node.entry = library;
}

/* The part of the id after the colon, with `.lua` at its end. */
static char *
chunk_name(struct fake *f, const char *name)
{
    char *chunk = block(f, strlen(name) + 5);

    sprintf(chunk, "%s.lua", name);
    return chunk;
}

static kd_entry *
with_source(struct fake *f, const char *id, const char *kind, uint32_t cls,
    const char *source)
{
    kd_entry *e = fake_entry(f, id, kind, cls);
    kd_node *node;

    fake_text(f, e, "source", source);
    node = fake_option(f, e, "source", KD_NODE_STRING);
    node->chunk = chunk_name(f, strchr(id, ':') + 1);
    fake_option(f, e, "modules", KD_NODE_LIST);
    fake_option(f, e, "imports", KD_NODE_MAP);
    return e;
}

kd_entry *
fake_program(struct fake *f, const char *id, const char *source)
{
    kd_entry *e = with_source(f, id, "process.lua", KD_CLASS_WORKER, source);

    fake_text(f, e, "method", "main");
    fake_int(f, e, "limits.memory", 64 << 20);
    fake_int(f, e, "limits.message_bytes", 16 << 20);
    return e;
}

kd_entry *
fake_function(
    struct fake *f, const char *id, const char *method, const char *source)
{
    kd_entry *e = with_source(f, id, "function.lua", KD_CLASS_WORKER, source);

    fake_text(f, e, "method", method);
    fake_int(f, e, "limits.memory", 64 << 20);
    fake_int(f, e, "limits.message_bytes", 16 << 20);
    return e;
}

kd_entry *
fake_library(struct fake *f, const char *id, const char *source)
{
    return with_source(f, id, "library.lua", KD_CLASS_DATA, source);
}

/* A kd_check whose reports are the fake's. */
struct reporter {
    kd_check check;
    struct fake *f;
};

static struct fake *
add_report(const kd_check *check, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    union {
        const kd_check *in;
        const struct reporter *out;
    } cast = {.in = check};
    struct fake *f = cast.out->f;
    size_t used = strlen(f->reports);

    snprintf(f->reports + used, sizeof(f->reports) - used, "%s:%u: %s\n",
        where != NULL  ? where->file
        : file != NULL ? file
                       : "",
        (unsigned)(where != NULL ? where->line : line), text);
    return f;
}

static void
report(const kd_check *check, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    add_report(check, where, file, line, text)->n_reports++;
}

/* The same, and no error. */
static void
warn(const kd_check *check, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    char whole[512];

    snprintf(whole, sizeof(whole), "warning: %s", text);
    add_report(check, where, file, line, whole);
}

static struct reporter
reporter_of(struct fake *f)
{
    struct reporter to = {{sizeof(kd_check), 0, report, warn}, f};

    return to;
}

kd_status
fake_prepare(struct fake *f, kd_entry *entry)
{
    struct reporter to = reporter_of(f);
    kd_error err = KD_ERROR_INIT;
    kd_status status;

    stop(f);
    f->entry = entry;
    status = f->worker->prepare(f->state, entry, &to.check, &f->prepared, &err);
    if (status == KD_OK)
        entry->prepared = f->prepared;
    return status;
}

kd_status
fake_check(struct fake *f, kd_entry *library)
{
    struct reporter to = reporter_of(f);
    kd_error err = KD_ERROR_INIT;

    return kl__library.check(f->state, library, &to.check, &err);
}

kd_status
fake_create(struct fake *f, kd_entry *entry, const kd_writer *args)
{
    kd_payload payload = kd_payload_none();
    kd_error err = KD_ERROR_INIT;
    kd_status status = fake_prepare(f, entry);

    if (status != KD_OK)
        return status;
    if (args != NULL)
        payload = kd_payload_make(KD_FORMAT_TERM, args->data, args->len);
    return f->worker->create(
        f->state, f->prepared, &f->proc, &payload, &f->self, &err);
}

kd_next
fake_slice(struct fake *f)
{
    kd_error err = KD_ERROR_INIT;
    kd_next next = f->worker->run(f->self, &f->proc, 10000, &err);

    if (next == KD_NEXT_FAIL && !f->failed) {
        kd_writer w = {0}, body = {0};
        kd_payload payload;

        kd_write_map(&body, 2);
        kd_write_text(&body, "kind");
        kd_write_text(&body, kd_status_kind(err.code));
        kd_write_text(&body, "message");
        kd_write_text(&body, err.text);
        kd_write_ext(&w, KD_TERM_EXT_ERROR, body.data, body.len);
        payload = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
        proc_fail(&f->proc, &payload, NULL);
        kd_writer_free(&body);
        kd_writer_free(&w);
    }
    return next;
}

kd_next
fake_run(struct fake *f)
{
    for (int i = 0; i < 1000000; i++) {
        kd_next next = fake_slice(f);

        if (next == KD_NEXT_DONE || next == KD_NEXT_FAIL)
            return next;
        if (next == KD_NEXT_READY)
            continue;
        if (f->wake_ns == KD_NEVER)
            return KD_NEXT_WAIT;
        if (f->now_ns < f->wake_ns)
            f->now_ns = f->wake_ns;
        f->wake_ns = KD_NEVER;
    }
    return KD_NEXT_READY;
}

kd_next
fake_do(struct fake *f, const char *source)
{
    if (fake_create(f, fake_program(f, "app:p", source), NULL) != KD_OK)
        return KD_NEXT_FAIL;
    return fake_run(f);
}

void
fake_mail(struct fake *f, kd_pid from, const char *topic, uint32_t flags,
    const kd_writer *payload)
{
    kd_message *m = calloc(1, sizeof(*m));

    if (m == NULL)
        abort();
    m->size = sizeof(*m);
    m->flags = flags;
    m->from = from;
    m->topic = copy(f, topic, strlen(topic));
    m->topic_len = strlen(topic);
    m->payload = kd_payload_none();
    if (payload != NULL) {
        m->payload = api_buf_payload(
            api_buf_copy(&f->api, KD_FORMAT_TERM, payload->data, payload->len));
    }
    if (f->mail_last == NULL)
        f->mail = m;
    else
        f->mail_last->next = m;
    f->mail_last = m;
}

void
fake_signal(struct fake *f, uint32_t type, kd_pid from, const kd_writer *value,
    const kd_writer *error, const char *reason, kd_time deadline_ns)
{
    struct fake_signal *s = block(f, sizeof(*s));

    s->signal.size = sizeof(s->signal);
    s->signal.type = type;
    s->signal.from = from;
    s->signal.ref = f->signal_ref;
    s->signal.unix_ns = api_unix(&f->api);
    s->signal.value = kd_payload_none();
    s->signal.error = kd_payload_none();
    if (value != NULL)
        s->signal.value = kd_payload_make(
            KD_FORMAT_TERM, copy(f, value->data, value->len), value->len);
    if (error != NULL)
        s->signal.error = kd_payload_make(
            KD_FORMAT_TERM, copy(f, error->data, error->len), error->len);
    if (reason != NULL)
        s->signal.reason = copy(f, reason, strlen(reason));
    s->signal.deadline_ns = deadline_ns;
    if (f->signals_last == NULL)
        f->signals = s;
    else
        f->signals_last->next = s;
    f->signals_last = s;
}

void
fake_room(struct fake *f)
{
    fake_signal(f, KD_SIGNAL_ROOM, fake_pid(0), NULL, NULL, NULL, KD_NEVER);
}

kd_pid
fake_pid(uint64_t serial)
{
    kd_pid pid = KD_PID_NONE_INIT;

    if (serial > 0) {
        pid.host = 1;
        pid.serial = serial;
    }
    return pid;
}

static const char *
error_field(struct fake *f, const char *key)
{
    kd_reader r = kd_reader_make(f->error, f->error_len);
    kd_item item;
    size_t pairs;

    if (!f->failed || kd_reader_next(&r, &item) != KD_TERM_EXT ||
        item.integer != KD_TERM_EXT_ERROR)
        return "";
    r = kd_reader_make(item.data, item.len);
    if (kd_reader_next(&r, &item) != KD_TERM_MAP)
        return "";
    for (pairs = item.len; pairs > 0; pairs--) {
        if (kd_reader_next(&r, &item) == KD_TERM_STRING &&
            item.len == strlen(key) && memcmp(item.data, key, item.len) == 0) {
            kd_reader_next(&r, &item);
            return copy(f, item.data, item.len);
        }
        kd_reader_skip(&r);
    }
    return "";
}

const char *
fake_error_message(struct fake *f)
{
    return error_field(f, "message");
}

const char *
fake_error_kind(struct fake *f)
{
    return error_field(f, "kind");
}

const char *
fake_value(struct fake *f)
{
    kd_reader r = kd_reader_make(f->value, f->value_len);
    char *text = block(f, 64);
    kd_item item;

    switch (kd_reader_next(&r, &item)) {
    case KD_TERM_BOOL:
        return item.integer ? "true" : "false";
    case KD_TERM_INT:
        snprintf(text, 64, "%lld", (long long)item.integer);
        return text;
    case KD_TERM_FLOAT:
        snprintf(text, 64, "%.14g", item.number);
        return text;
    case KD_TERM_STRING:
        return copy(f, item.data, item.len);
    case KD_TERM_END:
    case KD_TERM_NIL:
        return "nil";
    default:
        return "?";
    }
}
