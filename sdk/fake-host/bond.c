/* SPDX-License-Identifier: MIT */
/*
 * Monitors, links and what else ties the end of a process to another one. A
 * bond is with the process whose end it is about; a link is two of them.
 */

#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

kd_status
fake_bond_add(
    struct fake_proc *proc, kd_pid to, enum fake_bond_type type, kd_ref ref)
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

int
fake_bond_find(
    const struct fake_proc *proc, kd_pid to, enum fake_bond_type type)
{
    const struct fake_bond *bond = proc->bonds;

    while (bond != NULL && !(bond->type == type && kd_pid_equal(bond->to, to)))
        bond = bond->next;
    return bond != NULL;
}

void
fake_bond_remove(struct fake_proc *proc, kd_pid to, enum fake_bond_type type)
{
    struct fake_bond **at = &proc->bonds, *found;

    while (*at != NULL && !((*at)->type == type && kd_pid_equal((*at)->to, to)))
        at = &(*at)->next;
    found = *at;
    if (found == NULL)
        return;
    *at = found->next;
    free(found);
}

/* What a spawn's flags ask for. A bond that lacks memory is a bond less. */
void
fake_bonds_of_birth(
    struct fake_proc *proc, struct fake_proc *child, uint32_t flags)
{
    if (flags & KD_SPAWN_MONITOR)
        fake_bond_add(child, proc->pid, FAKE_BOND_MONITOR, 0);
    if (flags & KD_SPAWN_CALL)
        fake_bond_add(child, proc->pid, FAKE_BOND_CALL, ++proc->fake->ref);
    if (flags & KD_SPAWN_READY)
        fake_bond_add(child, proc->pid, FAKE_BOND_READY, 0);
    if (flags & KD_SPAWN_OWN)
        fake_bond_add(proc, child->pid, FAKE_BOND_OWN, 0);
    if (flags & KD_SPAWN_LINK) {
        fake_bond_add(child, proc->pid, FAKE_BOND_LINK, 0);
        fake_bond_add(proc, child->pid, FAKE_BOND_LINK, 0);
    }
}

void
fake_bonds_ready(struct fake_proc *proc)
{
    struct fake_bond *bond = proc->bonds;
    struct fake_proc *to;
    kd_signal signal;

    for (; bond != NULL; bond = bond->next) {
        to = fake_proc_living(proc->fake, bond->to);
        if (bond->type != FAKE_BOND_READY || to == NULL)
            continue;
        fake_signal_init(&signal, KD_SIGNAL_READY, proc->pid);
        fake_signal_put(to, &signal);
    }
}

static void
fail_linked(struct fake_proc *proc, struct fake_proc *to)
{
    const kd_api *api = &proc->fake->api;
    char pid[KD_PID_TEXT], text[KD_ERROR_TEXT];
    kd_signal signal;

    if (to->trap) {
        fake_signal_init(&signal, KD_SIGNAL_LINK_DOWN, proc->pid);
        signal.error = kd_fake_value(&proc->pub);
        fake_signal_put(to, &signal);
        return;
    }
    api->pid_text(api, proc->pid, pid);
    snprintf(text, sizeof(text), "linked process failed: %s", pid);
    fake_proc_kill(to, KD_EINTERNAL, text);
}

static void
tell_exit(struct fake_proc *proc, struct fake_proc *to, kd_ref ref)
{
    kd_signal signal;

    fake_signal_init(&signal, KD_SIGNAL_EXIT, proc->pid);
    signal.ref = ref;
    if (proc->ended == KD_FAKE_DONE)
        signal.value = kd_fake_value(&proc->pub);
    else
        signal.error = kd_fake_value(&proc->pub);
    fake_signal_put(to, &signal);
}

static void
act(struct fake_proc *proc, const struct fake_bond *bond)
{
    struct fake_proc *to = fake_proc_living(proc->fake, bond->to);

    if (to == NULL)
        return;
    if (bond->type == FAKE_BOND_MONITOR || bond->type == FAKE_BOND_CALL)
        tell_exit(proc, to, bond->ref);
    else if (bond->type == FAKE_BOND_OWN)
        fake_proc_kill(to, KD_ECANCELED, "process terminated");
    else if (bond->type == FAKE_BOND_LINK && proc->ended != KD_FAKE_DONE)
        fail_linked(proc, to);
}

/* As semantics X4 says: those who monitor it first, then those linked to it. */
static void
act_all(struct fake_proc *proc, int is_link)
{
    struct fake_bond **at = &proc->bonds, *bond;

    while ((bond = *at) != NULL) {
        if ((bond->type == FAKE_BOND_LINK) != is_link) {
            at = &bond->next;
            continue;
        }
        *at = bond->next;
        act(proc, bond);
        free(bond);
        /* What happened then may have changed the list. */
        at = &proc->bonds;
    }
}

void
fake_bonds_end(struct fake_proc *proc)
{
    act_all(proc, 0);
    act_all(proc, 1);
}
