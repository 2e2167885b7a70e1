/* SPDX-License-Identifier: MIT */

#include "native.h"

#include "plan.h"
#include "recorder.h"

#include <kindred/term.h>
#include <stdio.h>
#include <string.h>

#define MS        UINT64_C(1000000)
#define STEPS_MAX 20 /* In one slice. */

/* What a step makes of a process. */
#define GO_ON   ((kd_next)KD_NEXT_WAIT)
#define STOP_IT ((kd_next)KD_NEXT_DONE)

struct step {
    kd_pid to;
    uint32_t how;
};

static kd_time
soon(const kd_proc *proc, uint32_t how)
{
    return proc->api->now_ns(proc->api) + how % 5 * MS;
}

static kd_next
do_send(kd_proc *proc, const struct step *step)
{
    kd_writer w = {0};
    kd_status status = KD_OK;
    kd_payload payload;

    for (uint32_t i = 0; i <= step->how % 40 && status == KD_OK; i++) {
        w.len = 0;
        kd_write_int(&w, recorder_number(step->to));
        payload = kd_writer_payload(&w);
        status = kd_proc_send(proc, step->to, RECORDER_TOPIC,
            strlen(RECORDER_TOPIC), 0, &payload, NULL);
    }
    kd_writer_free(&w);
    if (status == KD_EFULL)
        kd_proc_when_room(proc, step->to, NULL);
    return GO_ON;
}

static kd_next
do_monitor(kd_proc *proc, const struct step *step)
{
    kd_proc_monitor(proc, step->to, NULL);
    return GO_ON;
}

static kd_next
do_unmonitor(kd_proc *proc, const struct step *step)
{
    kd_proc_unmonitor(proc, step->to, NULL);
    return GO_ON;
}

static kd_next
do_link(kd_proc *proc, const struct step *step)
{
    kd_proc_link(proc, step->to, NULL);
    return GO_ON;
}

static kd_next
do_unlink(kd_proc *proc, const struct step *step)
{
    kd_proc_unlink(proc, step->to, NULL);
    return GO_ON;
}

static kd_next
do_trap(kd_proc *proc, const struct step *step)
{
    kd_proc_set_trap(proc, step->how % 8 != 0);
    return GO_ON;
}

static kd_next
do_cancel(kd_proc *proc, const struct step *step)
{
    kd_proc_cancel(proc, step->to,
        step->how % 2 == 0 ? KD_NEVER : soon(proc, step->how >> 8), 0, "random",
        NULL);
    return GO_ON;
}

static kd_next
do_terminate(kd_proc *proc, const struct step *step)
{
    kd_proc_terminate(proc, step->to, NULL);
    return kd_pid_equal(step->to, kd_proc_self(proc)) ? KD_NEXT_READY : GO_ON;
}

static kd_next
do_spawn(kd_proc *proc, const struct step *step)
{
    static const uint32_t flags[] = {0, KD_SPAWN_LINK, KD_SPAWN_MONITOR,
        KD_SPAWN_LINK | KD_SPAWN_MONITOR, KD_SPAWN_CALL,
        KD_SPAWN_LINK | KD_SPAWN_CALL | KD_SPAWN_MONITOR, KD_SPAWN_OWN,
        KD_SPAWN_OWN | KD_SPAWN_LINK};
    kd_spawn what = {.size = sizeof(what)};
    char host[32], name[16];
    kd_pid child;

    snprintf(host, sizeof(host), "random:host-%u",
        (unsigned)(step->how >> 8) % NATIVE_HOSTS);
    snprintf(
        name, sizeof(name), "name-%u", (unsigned)(step->how >> 16) % PLAN_KEPT);
    what.flags =
        flags[step->how % 8] | ((step->how >> 12) % 4 == 0 ? 0 : KD_SPAWN_TRAP);
    what.entry = (step->how >> 4) % 2 ? "random:native" : "random:lua";
    what.host = host;
    what.name = (step->how >> 20) % 8 == 0 ? name : NULL;
    what.args = what.context = kd_payload_none();
    kd_proc_spawn(proc, &what, &child, NULL);
    return GO_ON;
}

/* A name that is kept is ours once we have it, and nobody else's before we are
 * gone. */
static kd_next
do_name(kd_proc *proc, const struct step *step)
{
    const unsigned number = step->how % PLAN_NAMES;
    const kd_pid who = number < PLAN_KEPT && step->how >> 16 & 1
                           ? step->to
                           : kd_proc_self(proc);
    const kd_api *api = proc->api;
    char name[16];
    kd_pid holder;

    snprintf(name, sizeof(name), "name-%u", number);
    if (api->name_register(api, name, strlen(name), who, NULL) == KD_OK &&
        number >= PLAN_KEPT &&
        (api->name_find(api, name, strlen(name), &holder) != KD_OK ||
            !kd_pid_equal(holder, who)))
        complain("a name that was just taken is another's");
    return GO_ON;
}

static kd_next
do_unname(kd_proc *proc, const struct step *step)
{
    const kd_api *api = proc->api;
    char name[16];

    snprintf(name, sizeof(name), "name-%u", step->how % PLAN_KEPT);
    api->name_unregister(api, name, strlen(name));
    return GO_ON;
}

static kd_next
do_ask(kd_proc *proc, const struct step *step)
{
    const kd_payload none = kd_payload_none();
    kd_ref ref;

    kd_proc_request(proc, step->to, "@ask", &none,
        soon(proc, step->how) + MS / 10, &ref, NULL);
    return GO_ON;
}

/* Not this one's business. */
static kd_next
do_nothing(kd_proc *proc, const struct step *step)
{
    (void)proc;
    (void)step;
    return GO_ON;
}

static kd_next
do_end(kd_proc *proc, const struct step *step)
{
    (void)proc;
    (void)step;
    return STOP_IT;
}

static kd_next
do_fail(kd_proc *proc, const struct step *step)
{
    (void)proc;
    (void)step;
    return KD_NEXT_FAIL;
}

static kd_next (*const operations[PLAN_OPS])(
    kd_proc *proc, const struct step *step) = {
    [PLAN_SEND] = do_send,
    [PLAN_MONITOR] = do_monitor,
    [PLAN_UNMONITOR] = do_unmonitor,
    [PLAN_LINK] = do_link,
    [PLAN_UNLINK] = do_unlink,
    [PLAN_TRAP] = do_trap,
    [PLAN_CANCEL] = do_cancel,
    [PLAN_TERMINATE] = do_terminate,
    [PLAN_SPAWN] = do_spawn,
    [PLAN_NAME] = do_name,
    [PLAN_UNNAME] = do_unname,
    [PLAN_ASK] = do_ask,
    [PLAN_SUPERVISE] = do_nothing,
    [PLAN_END] = do_end,
    [PLAN_FAIL] = do_fail,
};

static kd_next
do_step(kd_proc *proc, const kd_message *message)
{
    kd_reader reader =
        kd_reader_make(message->payload.data, message->payload.len);
    kd_item op, pid, how;
    struct step step;

    kd_reader_next(&reader, &op); /* The array. */
    kd_reader_next(&reader, &op);
    kd_reader_next(&reader, &pid);
    kd_reader_next(&reader, &how);
    if (how.type != KD_TERM_INT || kd_item_pid(&pid, &step.to) != KD_OK)
        return GO_ON;
    step.how = (uint32_t)how.integer;
    for (unsigned i = 0; i < PLAN_OPS; i++) {
        if (strlen(plan_names[i]) == op.len &&
            memcmp(plan_names[i], op.data, op.len) == 0)
            return operations[i](proc, &step);
    }
    return GO_ON;
}

/* Half the requests are answered, the others time out. */
static kd_next
handle(kd_proc *proc, const kd_message *message)
{
    if ((message->flags & KD_MESSAGE_REQUEST) != 0) {
        if (message->ref % 2 == 0)
            kd_proc_reply(
                proc, message->from, message->ref, &message->payload, NULL);
    } else if (kd_message_is(message, "step")) {
        return do_step(proc, message);
    } else if (kd_message_is(message, "ping")) {
        kd_proc_send(
            proc, message->from, "pong", 4, 0, &message->payload, NULL);
    }
    return GO_ON;
}

static kd_status
native_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    (void)state;
    (void)prepared;
    (void)proc;
    (void)args;
    (void)err;
    *self = NULL;
    return KD_OK;
}

/* Of those that are cancelled, some take no notice. */
static kd_next
take_signals(kd_proc *proc)
{
    kd_signal signal = {.size = sizeof(signal)};
    kd_next next = GO_ON;

    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL &&
            kd_proc_self(proc).serial % 4 != 0)
            next = STOP_IT;
    }
    return next;
}

static kd_next
native_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_next next = take_signals(proc);
    kd_message *message;
    int n = 0;

    (void)self;
    (void)budget;
    while (next == GO_ON && (message = kd_proc_next(proc)) != NULL) {
        next = handle(proc, message);
        if (next == GO_ON && ++n == STEPS_MAX)
            next = KD_NEXT_READY;
        kd_proc_release(proc, message);
    }
    if (next == KD_NEXT_FAIL)
        err->code = KD_EINTERNAL;
    return next;
}

static void
native_destroy(void *self, kd_proc *proc)
{
    (void)self;
    (void)proc;
}

const kd_worker_kind native_worker = {
    .size = sizeof(kd_worker_kind),
    .create = native_create,
    .run = native_run,
    .destroy = native_destroy,
};
