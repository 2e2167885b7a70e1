/* SPDX-License-Identifier: MIT */
/*
 * The life of a supervisor as the host sees it: what signals and messages mean
 * is said here, what follows from them in engine.c.
 */

#include "worker.h"

#include "fault.h"
#include "outline.h"
#include "supervisor.h"

#include <stdio.h>
#include <stdlib.h>

static void boot(struct supervisor *s);
static void listen(struct supervisor *s);
static void take_signal(struct supervisor *s, const kd_signal *signal);
static void take_end(struct supervisor *s, const kd_signal *signal);
static void take_due(struct supervisor *s);
static kd_next end(struct supervisor *s, kd_error *err);

static kd_status
prepare(void *state, const kd_entry *entry, const kd_check *check,
    void **prepared, kd_error *err)
{
    struct blueprint *blueprint = NULL;
    kd_status status = ks__blueprint_make(state, entry, check, &blueprint, err);

    *prepared = blueprint;
    return status;
}

static void
unprepare(void *prepared)
{
    ks__blueprint_free(prepared);
}

static kd_status
create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    const struct blueprint *plan = prepared;
    struct supervisor *s = calloc(1, sizeof(*s));
    kd_status status = s == NULL ? KD_ENOMEM : KD_OK;

    (void)args;
    (void)err;
    if (status == KD_OK)
        status = ks__intensity_init(&s->intensity, plan->max, plan->within_ns);
    if (status == KD_OK && plan->policy->state_size > 0) {
        s->policy_state = calloc(1, plan->policy->state_size);
        status = s->policy_state == NULL ? KD_ENOMEM : KD_OK;
    }
    if (status != KD_OK) {
        if (s != NULL)
            ks__intensity_fini(&s->intensity);
        free(s);
        return status;
    }
    s->plan = plan;
    s->api = state;
    s->proc = proc;
    s->op.due = KD_NEVER;
    s->state = N_STATES;
    *self = s;
    return KD_OK;
}

/* The slice was over before the operation was. */
static kd_next
be_busy(struct supervisor *s)
{
    s->is_busy = 1;
    return KD_NEXT_READY;
}

/*
 * Who cancels it and then asks it for something is to find it cancelled.
 * Signals arrive between slices only, mail at any time: so what is asked is
 * done in the next slice, behind all signals of that, and what was signalled
 * before it was asked is among them.
 */
static kd_next
run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct supervisor *s = self;
    kd_signal signal = {.size = sizeof(signal)};
    const size_t lined_up = s->n_requests;
    kd_message *message;

    (void)budget;
    s->n_due = 0;
    s->now = s->api->now_ns(s->api);
    if (s->state == N_STATES)
        boot(s);
    if (s->is_busy)
        listen(s);
    s->is_busy = 0;
    if (ks__go_on(s))
        return be_busy(s);
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        take_signal(s, &signal);
        if (ks__go_on(s))
            return be_busy(s);
        if (kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    s->n_due = lined_up;
    if (ks__go_on(s))
        return be_busy(s);
    while ((message = kd_proc_next(proc)) != NULL) {
        ks__request(s, message);
        if (kd_proc_should_yield(proc))
            return be_busy(s);
    }
    take_due(s);
    if (ks__go_on(s) || ks__request_waits(s))
        return be_busy(s);
    if (s->state == GONE)
        return end(s, err);
    kd_proc_wake_at(proc, ks__next_due(s));
    return KD_NEXT_WAIT;
}

static void
destroy(void *self, kd_proc *proc)
{
    struct supervisor *s = self;
    kd_message *message;

    while ((message = ks__request_take(s)) != NULL)
        kd_proc_release(proc, message);
    kd_proc_release(proc, s->op.request);
    while (s->ended_first != NULL)
        ks__end_drop(s, s->ended_first);
    ks__waiting_fini(&s->waiting);
    ks__children_fini(&s->children);
    ks__intensity_fini(&s->intensity);
    ks__decision_fini(&s->decision);
    kd_writer_free(&s->failure);
    kd_writer_free(&s->scratch);
    free(s->op.stop.items);
    free(s->op.drop.items);
    free(s->op.start.items);
    free(s->policy_state);
    free(s);
}

static void
describe(void *self, char *text, size_t len)
{
    static const char *const words[] = {
        [IDLE] = "supervises",
        [STOPPING] = "waits for a child to stop",
        [STARTING] = "waits for a child to be ready",
        [EXPIRING] = "ends a child that was not ready in time",
        [NAMING] = "waits for a child's name to be free",
        [CLOSING] = "stops its children",
        [GONE] = "has stopped its children",
        [N_STATES] = "has not begun",
    };
    const struct supervisor *s = self;

    snprintf(text, len, "%s; children: %lu, running: %lu", words[s->state],
        (unsigned long)s->children.count, (unsigned long)s->children.active);
}

const kd_worker_kind ks__worker = {
    .size = sizeof(kd_worker_kind),
    .prepare = prepare,
    .unprepare = unprepare,
    .create = create,
    .run = run,
    .destroy = destroy,
    .describe = describe,
    .outline = ks__outline,
};

/* The first slice: records, and the operation that starts them. */
static void
boot(struct supervisor *s)
{
    const struct blueprint *plan = s->plan;
    kd_status status = KD_OK;
    struct child *child;
    size_t i;

    s->state = STOPPING;
    s->op.why = FOR_BOOT;
    s->chance = s->now ^ kd_proc_self(s->proc).serial << 20 ^ 1;
    kd_proc_set_trap(s->proc, 1);
    if (plan->policy->setup != NULL)
        plan->policy->setup(plan->options, s->policy_state);
    for (i = 0; i < plan->n_specs && !plan->is_dynamic && status == KD_OK;
         i++) {
        status =
            ks__children_add(&s->children, plan->specs[i], NULL, NULL, &child);
        if (status == KD_OK)
            status = ks__list_add(&s->op.start, child);
    }
    if (status != KD_OK)
        ks__close_memory(s);
}

/*
 * In the middle of an operation of many steps: a cancel counts at once, those
 * who only read are answered (semantics S12, S21), and the rest gets in line.
 * The operation takes a step in each slice all the same.
 */
static void
listen(struct supervisor *s)
{
    kd_signal signal = {.size = sizeof(signal)};
    kd_message *message;

    while (!kd_proc_should_yield(s->proc) &&
           kd_proc_signal(s->proc, &signal) == KD_OK)
        take_signal(s, &signal);
    while (!kd_proc_should_yield(s->proc) &&
           (message = kd_proc_next(s->proc)) != NULL)
        ks__request(s, message);
}

static void
take_signal(struct supervisor *s, const kd_signal *signal)
{
    struct happening happening = {.from = signal->from};

    /* Each child that fails brings one of these too: see that they are cheap.
     */
    if (signal->type == KD_SIGNAL_LINK_DOWN &&
        !kd_pid_equal(kd_proc_parent(s->proc), signal->from))
        return;
    s->now = s->api->now_ns(s->api);
    switch (signal->type) {
    case KD_SIGNAL_EXIT:
        take_end(s, signal);
        return;
    case KD_SIGNAL_READY:
        if (s->op.child == NULL ||
            !kd_pid_equal(s->op.child->pid, signal->from))
            return;
        happening.type = READY;
        break;
    case KD_SIGNAL_CANCEL:
        happening.type = CANCEL;
        break;
    case KD_SIGNAL_LINK_DOWN:
        happening.type = ORPHAN;
        break;
    default:
        return;
    }
    ks__happen(s, &happening);
}

/* Of a child; or of the holder of a name, which is worth another try. */
static void
take_end(struct supervisor *s, const kd_signal *signal)
{
    struct happening happening = {.type = END_OTHER};
    struct child *child = ks__children_find_pid(&s->children, signal->from);
    uint64_t ran_ns;

    if (child == NULL) {
        happening.type = DUE;
        if (s->state == NAMING)
            ks__happen(s, &happening);
        return;
    }
    ks__child_clear_pid(&s->children, child);
    ran_ns = s->now - child->pub.started_ns;
    if (ran_ns >= (uint64_t)child->spec->backoff.reset_ns)
        child->in_a_row = 0;
    if (child->is_asked || child == s->op.child)
        happening.type = END_OURS;
    s->op.n_asked -= child->is_asked;
    child->is_asked = 0;
    happening.child = child;
    happening.failed = signal->error.format != KD_FORMAT_NONE;
    happening.error = happening.failed ? &signal->error : NULL;
    ks__happen(s, &happening);
}

static void
take_due(struct supervisor *s)
{
    const struct happening happening = {.type = DUE};

    s->now = s->api->now_ns(s->api);
    ks__report_flush(s, 0);
    if (s->op.due <= s->now)
        ks__happen(s, &happening);
}

static kd_next
end(struct supervisor *s, kd_error *err)
{
    static const unsigned char value[] = "\xa8shutdown";
    const kd_payload payload =
        kd_payload_make(KD_FORMAT_TERM, value, sizeof(value) - 1);
    const kd_payload failure = ks__fault_payload(&s->failure);

    ks__report_flush(s, 1);
    if (s->failure.status == KD_OK && s->failure.len == 0)
        return kd_proc_finish(s->proc, &payload) == KD_OK ? KD_NEXT_DONE
                                                          : KD_NEXT_FAIL;
    if (s->failure.status != KD_OK ||
        kd_proc_fail(s->proc, &failure, NULL) != KD_OK)
        err->code = KD_ENOMEM;
    return KD_NEXT_FAIL;
}
