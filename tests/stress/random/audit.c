/* SPDX-License-Identifier: MIT */

#include "audit.h"

#include "account.h"
#include "pair.h"
#include "plan.h"

#include <kindred/worker.h>
#include <stdio.h>
#include <string.h>

#define PID(pid) ((unsigned long long)(pid).serial)

static int
is_over(const struct account *account)
{
    return atomic_load(&account->is_over) != 0;
}

/* As far as can be known: one that said it was done may still have been ended
 * by force, unless a watcher was told. */
static int
has_failed(const struct account *account)
{
    const unsigned outcome = atomic_load(&account->outcome);

    if (outcome != OUTCOME_UNKNOWN)
        return outcome == OUTCOME_FAILED;
    return account->last != KD_NEXT_DONE;
}

/* What one that lives has with each of the others. */
static void
audit_ties(const struct account *me)
{
    static const struct tie nothing = {.serial = 0};
    const struct account *other;
    const struct tie *tie;
    const struct tie *back;

    for (other = account_first(); other != NULL; other = other->next) {
        tie = account_look(me, other->pid);
        back = account_look(other, me->pid);
        tie = tie == NULL ? &nothing : tie;
        back = back == NULL ? &nothing : back;
        if (is_over(other) && (tie->watch == WATCH_OWED || tie->is_called))
            complain("process %llx was not told that %llx has ended",
                PID(me->pid), PID(other->pid));
        if (tie->wants_room)
            complain("process %llx was not told that %llx has room",
                PID(me->pid), PID(other->pid));
        if (back->sent != tie->got)
            complain("process %llx has %u of %u messages of %llx", PID(me->pid),
                tie->got, back->sent, PID(other->pid));
    }
}

static void
audit_living(const kd_api *api, const struct account *me)
{
    if (atomic_load(&me->deadline) <= api->now_ns(api))
        complain("process %llx lives after its deadline", PID(me->pid));
    if (me->owner != NULL && is_over(me->owner))
        complain("process %llx has survived its owner", PID(me->pid));
    if (atomic_load(&me->n_asked) > 0)
        complain("process %llx was not told of %u requests", PID(me->pid),
            atomic_load(&me->n_asked));
    if (me->n_told == 0 && atomic_load(&me->n_cancels) > 0)
        complain("process %llx has got no CANCEL", PID(me->pid));
    if (me->n_ended > 0)
        complain("process %llx has not emptied its mailbox", PID(me->pid));
    audit_ties(me);
}

static void
audit_link(kd_pid a, kd_pid b, enum pair_state state)
{
    const struct account *lives = account_find(a);
    const struct account *ended = account_find(b);
    const struct account *swap;
    const struct tie *tie;

    if (lives == NULL || ended == NULL || state != PAIR_LINKED)
        return;
    if (is_over(lives)) {
        swap = lives;
        lives = ended;
        ended = swap;
    }
    if (is_over(lives) || !is_over(ended) || !has_failed(ended))
        return;
    tie = account_look(lives, ended->pid);
    if (tie == NULL || !tie->is_down)
        complain("process %llx has failed, and %llx was not told",
            PID(ended->pid), PID(lives->pid));
}

void
audit(const kd_api *api)
{
    const struct account *account;

    for (account = account_first(); account != NULL; account = account->next) {
        if (is_over(account) == (api->pid_alive(api, account->pid) != 0))
            complain(
                "process %llx is neither alive nor gone", PID(account->pid));
        if (!is_over(account))
            audit_living(api, account);
    }
    pairs_each(audit_link);
}

void
audit_end(const kd_api *api)
{
    const struct account *account;
    char name[16];
    kd_pid holder;

    for (account = account_first(); account != NULL; account = account->next) {
        if (!is_over(account) || api->pid_alive(api, account->pid))
            complain("process %llx lives after all", PID(account->pid));
    }
    for (unsigned i = 0; i < PLAN_NAMES; i++) {
        snprintf(name, sizeof(name), "name-%u", i);
        if (api->name_find(api, name, strlen(name), &holder) == KD_OK)
            complain("name %u is not free", i);
    }
}
