/* SPDX-License-Identifier: MIT */
/*
 * The services of a process. Each first asks whether the caller may: inside a
 * callback for the process, on the thread that is in it.
 */

#include "state.h"

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
    return fake_bytes_payload(&used(pub, "kd_proc_context")->context);
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
    fake_mail_released(proc, found);
    fake_mail_free(found);
    fake_waits_look(proc->fake);
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
    /* No more than the plugin knows. */
    signal->pub.size = out->size;
    memcpy(out, &signal->pub,
        out->size < sizeof(signal->pub) ? out->size : sizeof(signal->pub));
    return KD_OK;
}

static kd_status
call_finish(kd_proc *pub, const kd_payload *value)
{
    struct fake_proc *proc = used(pub, "kd_proc_finish");

    if (value != NULL && value->len > fake_message_bytes(proc))
        return KD_ETOOBIG;
    return fake_bytes_set(&proc->value, value);
}

static kd_status
call_fail(kd_proc *pub, const kd_payload *error, const char *trace)
{
    struct fake_proc *proc = used(pub, "kd_proc_fail");
    kd_reader reader;
    kd_item item;

    (void)trace;
    if (error == NULL)
        return KD_EFORMAT;
    reader = kd_reader_make(error->data, error->len);
    kd_reader_next(&reader, &item);
    if (error->format != KD_FORMAT_TERM || item.type != KD_TERM_EXT ||
        item.integer != KD_TERM_EXT_ERROR)
        return KD_EFORMAT;
    proc->has_failed = 1;
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

    return proc->ended != KD_FAKE_LIVES || proc->doomed || ++proc->spent >= 16;
}

static kd_status
deliver(
    struct fake_proc *proc, kd_pid to, const kd_message *message, kd_error *err)
{
    struct fake_proc *target = fake_proc_living(proc->fake, to);
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
call_spawn(kd_proc *pub, const kd_spawn *spawn, kd_pid *pid, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_spawn");
    kd_status status = refused(proc, KD_FAKE_SPAWN, err);
    kd_pid child = KD_PID_NONE_INIT;

    if (status == KD_OK)
        status = fake_spawn(proc->fake, proc, spawn, &child, err);
    if (status == KD_OK || status == KD_EEXIST)
        *pid = child;
    return did(proc, KD_FAKE_SPAWN, child, spawn->entry, 0, NULL, status);
}

static kd_status
call_monitor(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_monitor");
    struct fake_proc *other = fake_proc_living(proc->fake, target);
    kd_status status = refused(proc, KD_FAKE_MONITOR, err);

    if (status == KD_OK && other == NULL)
        status = fake_error(err, KD_EGONE, "it has ended");
    if (status == KD_OK && fake_bond_find(other, proc->pid, FAKE_BOND_MONITOR))
        status = fake_error(err, KD_EEXIST, "it is watched already");
    if (status == KD_OK && other != proc)
        status = fake_bond_add(other, proc->pid, FAKE_BOND_MONITOR, 0);
    return did(proc, KD_FAKE_MONITOR, target, NULL, 0, NULL, status);
}

/* A signal of it that was not taken yet is void. */
static void
void_signals(struct fake_proc *proc, kd_pid from, uint32_t type)
{
    struct fake_signal **at = &proc->signals, *signal;

    while ((signal = *at) != NULL) {
        if (signal->pub.type != type || signal->pub.ref != 0 ||
            !kd_pid_equal(signal->pub.from, from)) {
            at = &signal->next;
            continue;
        }
        *at = signal->next;
        fake_signal_free(signal);
    }
    proc->signals_end = at;
}

static kd_status
call_unmonitor(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_unmonitor");
    struct fake_proc *other = fake_proc_find(proc->fake, target);

    (void)err;
    if (other != NULL)
        fake_bond_remove(other, proc->pid, FAKE_BOND_MONITOR);
    void_signals(proc, target, KD_SIGNAL_EXIT);
    return KD_OK;
}

static kd_status
call_link(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_link");
    struct fake_proc *other = fake_proc_living(proc->fake, target);
    kd_status status = refused(proc, KD_FAKE_LINK, err);

    if (status == KD_OK && other == NULL)
        status = fake_error(err, KD_EGONE, "it has ended");
    if (status == KD_OK && other != proc &&
        !fake_bond_find(proc, target, FAKE_BOND_LINK)) {
        status = fake_bond_add(proc, target, FAKE_BOND_LINK, 0);
        if (status == KD_OK)
            status = fake_bond_add(other, proc->pid, FAKE_BOND_LINK, 0);
    }
    return did(proc, KD_FAKE_LINK, target, NULL, 0, NULL, status);
}

static kd_status
call_unlink(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_unlink");
    struct fake_proc *other = fake_proc_find(proc->fake, target);

    (void)err;
    fake_bond_remove(proc, target, FAKE_BOND_LINK);
    if (other != NULL)
        fake_bond_remove(other, proc->pid, FAKE_BOND_LINK);
    void_signals(proc, target, KD_SIGNAL_LINK_DOWN);
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
    struct fake_proc *other = fake_proc_living(proc->fake, target);
    kd_status status = refused(proc, KD_FAKE_CANCEL, err);

    if (status == KD_OK && flags & ~(KD_CANCEL_TOLD | KD_CANCEL_RUNTIME))
        status = fake_error(err, KD_EINVAL, "unknown flags");
    if (status == KD_OK && other == NULL)
        status = fake_error(err, KD_EGONE, "it has ended");
    if (status == KD_OK)
        status = fake_cancel(other, proc->pid, flags, reason, deadline_ns);
    return did(proc, KD_FAKE_CANCEL, target, reason, 0, NULL, status);
}

/* Takes effect at once on others, and on oneself when `run` has returned. */
static kd_status
call_terminate(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_terminate");
    struct fake_proc *other = fake_proc_living(proc->fake, target);
    kd_status status = refused(proc, KD_FAKE_TERMINATE, err);

    if (status == KD_OK && other == NULL)
        status = fake_error(err, KD_EGONE, "it has ended");
    if (status == KD_OK)
        fake_proc_kill(other, KD_ECANCELED, "process terminated");
    return did(proc, KD_FAKE_TERMINATE, target, NULL, 0, NULL, status);
}

/* One to nobody is the test's to answer, with kd_fake_reply(). */
static kd_status
request(struct fake_proc *proc, kd_pid to, const kd_message *message,
    kd_time deadline_ns, kd_error *err)
{
    kd_status status = fake_request_add(proc, message->ref, to, deadline_ns);

    if (status != KD_OK)
        return fake_error(err, status, kd_status_text(status));
    if (!kd_pid_is_none(to))
        status = deliver(proc, to, message, err);
    if (status != KD_OK)
        fake_request_take(proc, message->ref);
    return status;
}

static kd_status
call_request(kd_proc *pub, kd_pid to, const char *topic,
    const kd_payload *payload, kd_time deadline_ns, kd_ref *ref, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_request");
    kd_status status = refused(proc, KD_FAKE_REQUEST, err);
    kd_message message;

    memset(&message, 0, sizeof(message));
    message.flags = KD_MESSAGE_REQUEST;
    message.from = proc->pid;
    message.topic = topic == NULL ? "" : topic;
    message.topic_len = strlen(message.topic);
    message.payload = payload == NULL ? kd_payload_none() : *payload;
    if (status == KD_OK && message.topic[0] != '@')
        status =
            fake_error(err, KD_EINVAL, "the topic of a request begins with @");
    if (status == KD_OK && kd_pid_equal(to, proc->pid))
        status = fake_error(err, KD_EINVAL, "a process cannot ask itself");
    if (status == KD_OK) {
        message.ref = ++proc->fake->ref;
        status = request(proc, to, &message, deadline_ns, err);
    }
    if (status == KD_OK)
        *ref = message.ref;
    return did(
        proc, KD_FAKE_REQUEST, to, message.topic, message.ref, payload, status);
}

static kd_status
call_reply(kd_proc *pub, kd_pid to, kd_ref ref, const kd_payload *payload,
    kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_reply");
    struct fake_proc *asker = fake_proc_living(proc->fake, to);
    kd_status status = refused(proc, KD_FAKE_REPLY, err);
    kd_message message;

    memset(&message, 0, sizeof(message));
    message.flags = KD_MESSAGE_REPLY;
    message.from = proc->pid;
    message.topic = "";
    message.ref = ref;
    message.payload = payload == NULL ? kd_payload_none() : *payload;
    /* Nobody may wait for it any more: that is no error. */
    if (status == KD_OK && asker != NULL && fake_request_take(asker, ref))
        status = fake_reply_put(asker, &message);
    return did(proc, KD_FAKE_REPLY, to, NULL, ref, payload, status);
}

static kd_status
call_when_room(kd_proc *pub, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_when_room");

    if (proc->ended != KD_FAKE_LIVES)
        return fake_error(err, KD_EGONE, kd_status_text(KD_EGONE));
    if (kd_pid_equal(target, proc->pid))
        return fake_error(
            err, KD_EINVAL, "a process cannot wait for room of its own");
    return fake_wait_add(proc, target);
}

static kd_status
call_print(kd_proc *pub, const char *text, size_t len, uint32_t flags)
{
    struct fake_proc *proc = acting(pub, "kd_proc_print");
    kd_payload payload = kd_payload_make(KD_FORMAT_TEXT, text, len);
    kd_status status = refused(proc, KD_FAKE_PRINT, NULL);
    kd_pid nobody = KD_PID_NONE_INIT;

    if (status == KD_OK && (flags & ~KD_PRINT_BEYOND) != 0)
        status = KD_EINVAL;
    /* It comes when the test lets the output have room. */
    if (status == KD_EFULL && !(flags & KD_PRINT_BEYOND))
        fake_wait_add(proc, nobody);
    if (status == KD_EFULL && flags & KD_PRINT_BEYOND)
        status = KD_OK;
    return did(proc, KD_FAKE_PRINT, nobody, NULL, 0, &payload, status);
}

static void
call_ready(kd_proc *pub)
{
    struct fake_proc *proc = used(pub, "kd_proc_ready");
    kd_pid nobody = KD_PID_NONE_INIT;

    /* None has an effect before `create` has returned. */
    if (proc->is_ready ||
        (proc->where != NULL && strcmp(proc->where, "create") == 0))
        return;
    proc->is_ready = 1;
    fake_bonds_ready(proc);
    did(proc, KD_FAKE_READY, nobody, NULL, 0, NULL, KD_OK);
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

static kd_pid
call_spawner(const kd_proc *pub)
{
    return used(pub, "kd_proc_spawner")->spawner;
}

static kd_status
call_watch(kd_proc *pub, int32_t fd, uint32_t events, kd_error *err)
{
    struct fake_proc *proc = acting(pub, "kd_proc_watch");
    kd_status status = refused(proc, KD_FAKE_WATCH, err);

    return status == KD_OK ? fake_watch_set(proc, fd, events, err) : status;
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
    .watch = call_watch,
};
