/* SPDX-License-Identifier: MIT */
/*
 * The services of a process. Each first asks whether the caller may: inside a
 * callback for the process, on the thread that is in it.
 */

#include "state.h"

#include <stdlib.h>
#include <string.h>

/*
 * The record behind a kd_proc that a kind used. A use out of place is told and
 * goes on: what the kind does next is worth knowing too.
 */
static struct fake_proc *
used(const kd_proc *pub, const char *service)
{
    struct fake_proc *proc = fake_proc(pub);
    const char *kind = proc->fake->api.entry_kind(proc->entry);

    if (proc->where == NULL)
        fake_complain(proc->fake,
            "%s: %s is called outside of any callback for the process", kind,
            service);
    else if (!pthread_equal(proc->inside, pthread_self()))
        fake_complain(proc->fake,
            "%s: %s is called by another thread than the one inside %s", kind,
            service, proc->where);
    return proc;
}

/* As used(), for what acts on others: not in `create`. */
static struct fake_proc *
acting(kd_proc *pub, const char *service)
{
    struct fake_proc *proc = used(pub, service);

    if (proc->where != NULL && strcmp(proc->where, "create") == 0)
        fake_complain(proc->fake, "%s: %s is called in create",
            proc->fake->api.entry_kind(proc->entry), service);
    return proc;
}

static kd_status
refused(struct fake_proc *proc, uint32_t what, kd_error *err)
{
    kd_status status = proc->ended != KD_FAKE_LIVES
                           ? KD_EGONE
                           : fake_refused(proc->fake, what);

    return status == KD_OK ? KD_OK
                           : fake_error(err, status, kd_status_text(status));
}

/* Note what was done, and with what success. */
static kd_status
did(struct fake_proc *proc, uint32_t what, kd_pid to, const char *topic,
    kd_ref ref, const kd_payload *payload, kd_status status)
{
    kd_fake_act act;

    memset(&act, 0, sizeof(act));
    act.what = what;
    act.status = status;
    act.by = proc->pid;
    act.to = to;
    act.topic = topic;
    act.ref = ref;
    act.payload = payload == NULL ? kd_payload_none() : *payload;
    fake_did(proc->fake, &act);
    return status;
}

static kd_pid
call_self(const kd_proc *pub)
{
    return used(pub, "kd_proc_self")->pid;
}

static const kd_entry *
call_entry(const kd_proc *pub)
{
    return used(pub, "kd_proc_entry")->entry;
}

static kd_payload
call_context(const kd_proc *pub)
{
    used(pub, "kd_proc_context");
    return kd_payload_none();
}

static kd_message *
call_next(kd_proc *pub)
{
    struct fake_proc *proc = used(pub, "kd_proc_next");
    struct fake_message *message;

    if (proc->ended != KD_FAKE_LIVES)
        return NULL;
    pthread_mutex_lock(&proc->fake->lock);
    message = proc->mail;
    if (message != NULL) {
        proc->mail = message->next;
        if (proc->mail == NULL)
            proc->mail_end = &proc->mail;
        message->next = NULL;
        *proc->taken_end = message;
        proc->taken_end = &message->next;
    }
    pthread_mutex_unlock(&proc->fake->lock);
    return message == NULL ? NULL : &message->pub;
}

static void
call_release(kd_proc *pub, kd_message *message)
{
    struct fake_proc *proc = used(pub, "kd_proc_release");
    struct fake_message **at = &proc->taken, *found;

    if (message == NULL)
        return;
    while (*at != NULL && &(*at)->pub != message)
        at = &(*at)->next;
    found = *at;
    if (found == NULL) {
        fake_complain(proc->fake,
            "%s: a message is released twice, or is not the process's",
            proc->fake->api.entry_kind(proc->entry));
        return;
    }
    *at = found->next;
    if (found->next == NULL)
        proc->taken_end = at;
    fake_mail_free(found);
}

static kd_status
call_signal(kd_proc *pub, kd_signal *out)
{
    struct fake_proc *proc = used(pub, "kd_proc_signal");
    struct fake_signal *signal = proc->signals;

    fake_signal_free(proc->shown);
    proc->shown = NULL;
    if (signal == NULL || proc->ended != KD_FAKE_LIVES)
        return KD_ENOTFOUND;
    proc->signals = signal->next;
    if (proc->signals == NULL)
        proc->signals_end = &proc->signals;
    proc->shown = signal;
    *out = signal->pub;
    return KD_OK;
}

static kd_status
call_finish(kd_proc *pub, const kd_payload *value)
{
    return fake_bytes_set(&used(pub, "kd_proc_finish")->value, value);
}

static kd_status
call_fail(kd_proc *pub, const kd_payload *error, const char *trace)
{
    struct fake_proc *proc = used(pub, "kd_proc_fail");
    kd_reader reader = kd_reader_make(error->data, error->len);
    kd_item item;

    (void)trace;
    kd_reader_next(&reader, &item);
    if (error->format != KD_FORMAT_TERM || item.type != KD_TERM_EXT ||
        item.integer != KD_TERM_EXT_ERROR)
        return KD_EFORMAT;
    return fake_bytes_set(&proc->value, error);
}

static void
call_wake_at(kd_proc *pub, kd_time due_ns)
{
    used(pub, "kd_proc_wake_at")->wake = due_ns;
}

/* A slice is spent after as many questions. */
static uint32_t
call_should_yield(const kd_proc *pub)
{
    struct fake_proc *proc = used(pub, "kd_proc_should_yield");

    return proc->ended != KD_FAKE_LIVES || ++proc->spent >= 16;
}

static kd_status
deliver(
    struct fake_proc *proc, kd_pid to, const kd_message *message, kd_error *err)
{
    struct fake_proc *target = fake_proc_find(proc->fake, to);
    kd_status status =
        target == NULL ? KD_EGONE : fake_mail_put(target, message);

    return status == KD_OK ? KD_OK
                           : fake_error(err, status, kd_status_text(status));
}

static kd_status
call_send(kd_proc *pub, kd_pid to, const char *topic, size_t topic_len,
    uint32_t flags, const kd_payload *payload, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_send");
    kd_status status = refused(proc, KD_FAKE_SEND, err);
    kd_message message;

    memset(&message, 0, sizeof(message));
    message.flags = flags;
    message.from = proc->pid;
    message.topic = topic;
    message.topic_len = topic_len;
    message.payload = payload == NULL ? kd_payload_none() : *payload;
    if (flags & ~KD_MESSAGE_MANY)
        status = fake_error(err, KD_EINVAL, "unknown flags");
    /* To nobody goes what the test reads from the list. */
    if (status == KD_OK && !kd_pid_is_none(to))
        status = deliver(proc, to, &message, err);
    return did(proc, KD_FAKE_SEND, to, topic, 0, payload, status);
}

static kd_status
bond_add(struct fake_proc *proc, kd_pid to, uint32_t type, kd_ref ref)
{
    struct fake_bond *bond = calloc(1, sizeof(*bond));

    if (bond == NULL)
        return KD_ENOMEM;
    bond->to = to;
    bond->type = type;
    bond->ref = ref;
    bond->next = proc->bonds;
    proc->bonds = bond;
    return KD_OK;
}

static int
bond_remove(struct fake_proc *proc, kd_pid to, uint32_t type)
{
    struct fake_bond **at = &proc->bonds, *found;

    while (*at != NULL && !((*at)->type == type && (*at)->ref == 0 &&
                              kd_pid_equal((*at)->to, to)))
        at = &(*at)->next;
    found = *at;
    if (found == NULL)
        return 0;
    *at = found->next;
    free(found);
    return 1;
}

/* What a spawn's flags ask for. */
static void
bonds_of_birth(
    struct fake_proc *proc, struct fake_proc *child, const kd_spawn *spawn)
{
    if (spawn->flags & KD_SPAWN_MONITOR)
        bond_add(child, proc->pid, KD_FAKE_MONITOR, 0);
    if (spawn->flags & KD_SPAWN_CALL)
        bond_add(child, proc->pid, KD_FAKE_MONITOR, ++proc->fake->ref);
    if (spawn->flags & KD_SPAWN_LINK) {
        bond_add(child, proc->pid, KD_FAKE_LINK, 0);
        bond_add(proc, child->pid, KD_FAKE_LINK, 0);
    }
    child->trap = (spawn->flags & KD_SPAWN_TRAP) != 0;
}

static kd_status
call_spawn(kd_proc *pub, const kd_spawn *spawn, kd_pid *pid, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_spawn");
    kd_status status = refused(proc, KD_FAKE_SPAWN, err);
    const kd_pid nobody = KD_PID_NONE_INIT;
    struct fake_proc *child = NULL;

    if (status == KD_OK)
        status = proc->fake->api.spawn(&proc->fake->api, spawn, pid, err);
    if (status == KD_OK)
        child = fake_proc_find(proc->fake, *pid);
    if (child != NULL) {
        bonds_of_birth(proc, child, spawn);
        if (spawn->flags & KD_SPAWN_LINK)
            child->parent = proc->pid;
    }
    return did(proc, KD_FAKE_SPAWN, child == NULL ? nobody : child->pid,
        spawn->entry, 0, NULL, status);
}

static kd_status
call_monitor(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_monitor");
    struct fake_proc *other = fake_proc_find(proc->fake, target);
    kd_status status = refused(proc, KD_FAKE_MONITOR, err);

    if (status == KD_OK && (other == NULL || other->ended != KD_FAKE_LIVES))
        status = fake_error(err, KD_EGONE, "it has ended");
    if (status == KD_OK)
        status = bond_add(other, proc->pid, KD_FAKE_MONITOR, 0);
    return did(proc, KD_FAKE_MONITOR, target, NULL, 0, NULL, status);
}

static kd_status
call_unmonitor(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_unmonitor");
    struct fake_proc *other = fake_proc_find(proc->fake, target);

    (void)err;
    if (other != NULL)
        bond_remove(other, proc->pid, KD_FAKE_MONITOR);
    return KD_OK;
}

static kd_status
call_link(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_link");
    struct fake_proc *other = fake_proc_find(proc->fake, target);
    kd_status status = refused(proc, KD_FAKE_LINK, err);

    if (status == KD_OK && (other == NULL || other->ended != KD_FAKE_LIVES))
        status = fake_error(err, KD_EGONE, "it has ended");
    if (status == KD_OK && other != proc) {
        bond_remove(proc, target, KD_FAKE_LINK);
        bond_remove(other, proc->pid, KD_FAKE_LINK);
        status = bond_add(proc, target, KD_FAKE_LINK, 0);
        if (status == KD_OK)
            status = bond_add(other, proc->pid, KD_FAKE_LINK, 0);
    }
    return did(proc, KD_FAKE_LINK, target, NULL, 0, NULL, status);
}

static kd_status
call_unlink(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_unlink");
    struct fake_proc *other = fake_proc_find(proc->fake, target);

    (void)err;
    bond_remove(proc, target, KD_FAKE_LINK);
    if (other != NULL)
        bond_remove(other, proc->pid, KD_FAKE_LINK);
    return KD_OK;
}

static void
call_set_trap(kd_proc *pub, uint32_t on)
{
    used(pub, "kd_proc_set_trap")->trap = on != 0;
}

static uint32_t
call_trap(const kd_proc *pub)
{
    return used(pub, "kd_proc_trap")->trap;
}

static kd_status
call_cancel(kd_proc *pub, kd_pid target, kd_time deadline_ns, uint32_t flags,
    const char *reason, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_cancel");
    struct fake_proc *other = fake_proc_find(proc->fake, target);
    kd_status status = refused(proc, KD_FAKE_CANCEL, err);

    if (flags & ~(KD_CANCEL_TOLD | KD_CANCEL_RUNTIME))
        status = fake_error(err, KD_EINVAL, "unknown flags");
    if (status == KD_OK)
        status = other == NULL
                     ? KD_EGONE
                     : kd_fake_cancel(&other->pub, reason, deadline_ns);
    return did(proc, KD_FAKE_CANCEL, target, reason, 0, NULL, status);
}

/* Takes effect at once on others, and on oneself when `run` has returned. */
static kd_status
call_terminate(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_terminate");
    struct fake_proc *other = fake_proc_find(proc->fake, target);
    kd_status status = refused(proc, KD_FAKE_TERMINATE, err);

    if (status == KD_OK && (other == NULL || other->ended != KD_FAKE_LIVES))
        status = fake_error(err, KD_EGONE, "it has ended");
    if (status == KD_OK && other == proc)
        proc->doomed = 1;
    else if (status == KD_OK)
        fake_proc_end(other, KD_FAKE_KILLED);
    return did(proc, KD_FAKE_TERMINATE, target, NULL, 0, NULL, status);
}

static kd_status
call_request(kd_proc *pub, kd_pid to, const char *topic,
    const kd_payload *payload, kd_time deadline_ns, kd_ref *ref, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_request");
    kd_status status = refused(proc, KD_FAKE_REQUEST, err);
    kd_message message;

    (void)deadline_ns;
    if (topic[0] != '@')
        status = fake_error(err, KD_EINVAL, "its topic does not begin with @");
    memset(&message, 0, sizeof(message));
    message.flags = KD_MESSAGE_REQUEST;
    message.from = proc->pid;
    message.topic = topic;
    message.topic_len = strlen(topic);
    message.payload = payload == NULL ? kd_payload_none() : *payload;
    if (status == KD_OK) {
        message.ref = ++proc->fake->ref;
        if (!kd_pid_is_none(to))
            status = deliver(proc, to, &message, err);
    }
    if (status == KD_OK)
        *ref = message.ref;
    return did(proc, KD_FAKE_REQUEST, to, topic, message.ref, payload, status);
}

static kd_status
call_reply(kd_proc *pub, kd_pid to, kd_ref ref, const kd_payload *payload,
    kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_reply");
    kd_status status = refused(proc, KD_FAKE_REPLY, err);
    kd_message message;

    memset(&message, 0, sizeof(message));
    message.flags = KD_MESSAGE_REPLY;
    message.from = proc->pid;
    message.topic = "";
    message.ref = ref;
    message.payload = payload == NULL ? kd_payload_none() : *payload;
    /* Nobody may wait for it any more: that is no error. */
    if (status == KD_OK && !kd_pid_is_none(to))
        deliver(proc, to, &message, NULL);
    return did(proc, KD_FAKE_REPLY, to, NULL, ref, payload, status);
}

/* A mailbox of the fake has room always. */
static kd_status
call_when_room(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_when_room");
    kd_signal signal;

    memset(&signal, 0, sizeof(signal));
    signal.type = KD_SIGNAL_ROOM;
    signal.from = target;
    signal.value = kd_payload_none();
    signal.error = kd_payload_none();
    signal.deadline_ns = KD_NEVER;
    (void)err;
    return fake_signal_put(proc, &signal);
}

static kd_status
call_print(kd_proc *pub, const char *text, size_t len, uint32_t flags)
{
    struct fake_proc *proc = acting(pub, "kd_proc_print");
    kd_payload payload = kd_payload_make(KD_FORMAT_TEXT, text, len);
    kd_status status = refused(proc, KD_FAKE_PRINT, NULL);
    kd_pid nobody = KD_PID_NONE_INIT;

    /* It comes when the test lets the output have room. */
    if (status == KD_EFULL && !(flags & KD_PRINT_BEYOND))
        call_when_room(pub, nobody, NULL);
    return did(proc, KD_FAKE_PRINT, nobody, NULL, 0, &payload, status);
}

static void
call_ready(kd_proc *pub)
{
    struct fake_proc *proc = used(pub, "kd_proc_ready");
    kd_pid nobody = KD_PID_NONE_INIT;

    if (!proc->is_ready)
        did(proc, KD_FAKE_READY, nobody, NULL, 0, NULL, KD_OK);
    proc->is_ready = 1;
}

static kd_port *
call_port(kd_proc *pub)
{
    return fake_port_new(used(pub, "kd_proc_port"));
}

static kd_status
call_become(kd_proc *pub, const kd_entry *entry, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_become");
    const struct fake_use *use = fake_use(proc->fake, entry, err);

    if (use == NULL || use->worker != proc->use->worker)
        return fake_error(err, KD_EINVAL, "not of the kind of the process");
    proc->entry = entry;
    return KD_OK;
}

static kd_pid
call_parent(const kd_proc *pub)
{
    return used(pub, "kd_proc_parent")->parent;
}

/* Nobody else spawns for it. */
static kd_pid
call_spawner(const kd_proc *pub)
{
    return used(pub, "kd_proc_spawner")->parent;
}

const kd_proc_calls fake_proc_calls = {
    .size = sizeof(kd_proc_calls),
    .self = call_self,
    .entry = call_entry,
    .context = call_context,
    .next = call_next,
    .release = call_release,
    .signal = call_signal,
    .finish = call_finish,
    .fail = call_fail,
    .wake_at = call_wake_at,
    .should_yield = call_should_yield,
    .send = call_send,
    .spawn = call_spawn,
    .monitor = call_monitor,
    .unmonitor = call_unmonitor,
    .link = call_link,
    .unlink = call_unlink,
    .set_trap = call_set_trap,
    .trap = call_trap,
    .cancel = call_cancel,
    .terminate = call_terminate,
    .request = call_request,
    .reply = call_reply,
    .when_room = call_when_room,
    .print = call_print,
    .ready = call_ready,
    .port = call_port,
    .become = call_become,
    .parent = call_parent,
    .spawner = call_spawner,
};
