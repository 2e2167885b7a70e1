/* SPDX-License-Identifier: MIT */
/*
 * A kind says what its instance waits for only while nobody runs it. So the
 * run token is taken for that moment, as if for a slice; who comes with
 * something meanwhile finds the process active, and it is queued afterwards.
 */

#include "proc/sight.h"

#include "proc/bond.h"

static const char *state_word(const struct kd__proc *proc);
static void describe(struct kd__proc *proc, char *text, size_t len);

void
kd__sight_take(struct kd__proc *proc, struct kd__sight *sight)
{
    sight->pid = proc->pid;
    sight->id = kd__proc_code(proc)->id;
    sight->state = state_word(proc);
    sight->messages = kd__mailbox_messages(kd__mailbox_used(&proc->mailbox));
    sight->n_links = kd__bond_linked(proc, sight->links, KD__SIGHT_LINKS);
    sight->waits[0] = '\0';
    describe(proc, sight->waits, sizeof(sight->waits));
}

static const char *
state_word(const struct kd__proc *proc)
{
    static const char *const words[] = {
        [KD__RUN_IDLE] = "waits",
        [KD__RUN_QUEUED] = "is ready",
        [KD__RUN_ACTIVE] = "runs",
        [KD__RUN_WOKEN] = "runs",
        [KD__RUN_OVER] = "ends",
    };

    if (!kd__proc_is_alive(proc))
        return words[KD__RUN_OVER];
    return words[atomic_load(&proc->run)];
}

static void
describe(struct kd__proc *proc, char *text, size_t len)
{
    const struct kd_worker_kind *kind = kd__proc_code(proc)->kind;
    struct kd__host *host = proc->host;
    uint8_t state = KD__RUN_IDLE;

    if (kind->describe == NULL ||
        !atomic_compare_exchange_strong(&proc->run, &state, KD__RUN_ACTIVE))
        return;
    kind->describe(proc->self, text, len);
    text[len - 1] = '\0';
    state = KD__RUN_ACTIVE;
    if (atomic_compare_exchange_strong(&proc->run, &state, KD__RUN_IDLE))
        return;
    atomic_store(&proc->run, KD__RUN_QUEUED);
    host->kind->ready(host->self, kd__proc_node(proc), 0);
}
