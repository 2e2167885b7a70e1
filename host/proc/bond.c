/* SPDX-License-Identifier: MIT */
/*
 * Adding, undoing and sweeping bonds. The protocol stands in bond.h.
 */

#include "proc/bond.h"

#include "base/clock.h"
#include "proc/wake.h"
#include "term/buf.h"
#include "term/failure.h"

/* What can tie a child from birth. */
static const struct {
    uint32_t flag;
    uint32_t type;
} child_bonds[] = {
    {KD_SPAWN_MONITOR, KD__BOND_MONITOR},
    {KD_SPAWN_CALL, KD__BOND_MONITOR},
    {KD_SPAWN_LINK, KD__BOND_LINK},
    {KD_SPAWN_OWN, KD__BOND_OWN},
    {KD_SPAWN_READY, KD__BOND_READY},
};

#define CHILD_BONDS (sizeof(child_bonds) / sizeof(child_bonds[0]))

/* The number of every call: there is at most one between two processes. */
#define CALL_REF ((kd_ref)1)

static struct kd__bond *bond_new(
    struct kd__proc *proc, struct kd__proc *other, uint32_t type, kd_ref ref);
static kd_status bond_tie(struct kd__bond *bond);
static void bond_untie(struct kd__bond *bond);
static struct kd__bond *bond_between(
    struct kd__proc *proc, struct kd__proc *other, uint32_t type);
static struct kd__bond *list_search(struct kd__list *list,
    const struct kd__proc *other, uint32_t type, kd_ref ref);
static struct kd__end *end_of(struct kd__list *hook);
static struct kd__proc *end_other(const struct kd__end *end);
static void hint_settle(struct kd__proc *proc);
static void hint_clear(struct kd__proc *proc);
static kd_status request_drop(
    struct kd__proc *asker, struct kd__proc *target, kd_ref ref);
static size_t list_sweep(struct kd__proc *proc, struct kd__list *list,
    const struct kd__obituary *obituary);
static int bond_end(struct kd__bond *bond, struct kd__proc *from,
    struct kd__proc *to, const struct kd__obituary *obituary, size_t *told);
static int bond_tell(struct kd__bond *bond, struct kd__proc *from,
    struct kd__proc *to, const struct kd__obituary *obituary);
static int is_wanted(const struct kd__bond *bond, const struct kd__proc *from,
    const struct kd__obituary *obituary);

kd_status
kd__bond_add(struct kd__proc *proc, kd_pid target, uint32_t type)
{
    struct kd__proc *other;
    struct kd__bond *bond;
    kd_status status;

    if (kd_pid_equal(proc->pid, target))
        return KD_OK;
    other = kd__proc_find(proc->system, target);
    if (other == NULL)
        return KD_EGONE;
    bond = bond_new(proc, other, type, 0);
    if (bond == NULL)
        return KD_ENOMEM;
    kd__proc_lock_both(proc, other);
    if (bond_between(proc, other, type) != NULL)
        status = KD_EEXIST;
    else
        status = bond_tie(bond);
    kd__proc_unlock_both(proc, other);
    if (status != KD_OK)
        kd__signal_free(&bond->signal);
    return status;
}

kd_status
kd__bond_child(struct kd__proc *proc, struct kd__proc *child, uint32_t flags)
{
    struct kd__bond *bonds[CHILD_BONDS];
    kd_status status = KD_OK;
    size_t n = 0;

    for (size_t i = 0; i < CHILD_BONDS; i++) {
        if ((flags & child_bonds[i].flag) == 0)
            continue;
        bonds[n] = bond_new(proc, child, child_bonds[i].type,
            child_bonds[i].flag == KD_SPAWN_CALL ? CALL_REF : 0);
        if (bonds[n] == NULL)
            status = KD_ENOMEM;
        else
            n++;
    }
    if (n > 0 && status == KD_OK) {
        kd__proc_lock_both(proc, child);
        for (size_t i = 0; i < n && status == KD_OK; i++)
            status = bond_tie(bonds[i]);
        kd__proc_unlock_both(proc, child);
    }
    while (status != KD_OK && n > 0)
        kd__signal_free(&bonds[--n]->signal);
    return status;
}

kd_status
kd__bond_request(struct kd__proc *proc, kd_pid target, kd_ref ref, kd_time due)
{
    struct kd__proc *other = kd__proc_find(proc->system, target);
    struct kd__bond *bond;
    kd_status status;

    if (other == NULL || other == proc)
        return other == NULL ? KD_EGONE : KD_EINVAL;
    bond = bond_new(proc, other, KD__BOND_REQUEST, ref);
    if (bond == NULL)
        return KD_ENOMEM;
    bond->due = due;
    kd__proc_lock_both(proc, other);
    status = bond_tie(bond);
    kd__proc_unlock_both(proc, other);
    if (status != KD_OK)
        kd__signal_free(&bond->signal);
    else if (due < proc->request_due)
        proc->request_due = due;
    return status;
}

void
kd__bond_remove(struct kd__proc *proc, kd_pid target, uint32_t type)
{
    struct kd__proc *other = kd__proc_find(proc->system, target);
    struct kd__bond *bond = NULL;

    if (other == proc)
        return;
    if (other != NULL) {
        kd__proc_lock_both(proc, other);
        bond = bond_between(proc, other, type);
        if (bond != NULL)
            bond_untie(bond);
        kd__proc_unlock_both(proc, other);
    }
    if (bond != NULL)
        kd__signal_free(&bond->signal);
    else
        kd__signals_void(&proc->signals, type, target, 0);
    if (bond == NULL && type == KD__BOND_LINK)
        hint_settle(proc);
}

void
kd__bond_fetch(struct kd__proc *proc)
{
    kd__signals_fetch(&proc->signals);
    if ((atomic_load(&proc->hints) & KD__HINT_LINK) == 0)
        return;
    kd__lock_take(&proc->lock);
    kd__signals_fetch(&proc->signals);
    hint_clear(proc);
    kd__lock_drop(&proc->lock);
}

void
kd__bond_unask(struct kd__proc *proc, kd_pid target, kd_ref ref)
{
    struct kd__proc *other = kd__proc_find(proc->system, target);

    if (other == NULL || request_drop(proc, other, ref) != KD_OK)
        kd__signals_void(&proc->signals, KD__BOND_REQUEST, target, ref);
}

kd_status
kd__bond_answer(struct kd__proc *proc, kd_pid asker, kd_ref ref)
{
    struct kd__proc *other = kd__proc_find(proc->system, asker);

    if (other == NULL || other == proc)
        return KD_ENOTFOUND;
    return request_drop(other, proc, ref);
}

/* One pass finds the due ones and the earliest of the rest; a due one is found
 * again under both locks, since its target may be answering or ending. */
kd_time
kd__bond_expire(struct kd__proc *proc, kd_time now)
{
    struct kd__list *hook;
    struct kd__bond *bond;
    struct kd__proc *other;
    kd_time next;
    kd_ref ref;

again:
    next = KD_NEVER;
    other = NULL;
    ref = 0;
    kd__lock_take(&proc->lock);
    KD_LIST_FOREACH (hook, &proc->watching) {
        bond = end_of(hook)->bond;
        if (bond->signal.type != KD__BOND_REQUEST)
            continue;
        if (bond->due > now) {
            next = bond->due < next ? bond->due : next;
            continue;
        }
        other = bond->end[1].proc;
        ref = bond->signal.ref;
        break;
    }
    kd__lock_drop(&proc->lock);
    if (other == NULL)
        return next;
    kd__proc_lock_both(proc, other);
    bond = list_search(&proc->watching, other, KD__BOND_REQUEST, ref);
    if (bond != NULL)
        bond_untie(bond);
    kd__proc_unlock_both(proc, other);
    if (bond != NULL) {
        bond->signal.from = other->pid;
        bond->signal.error =
            kd__failure_buf("Timeout", "no answer in time", KD_ERROR_RETRYABLE);
        kd__signals_deliver(&proc->signals, &bond->signal);
    }
    goto again;
}

void
kd__bond_signal(struct kd__proc *proc, uint32_t type)
{
    struct kd__list *hook;
    struct kd__bond *bond;
    struct kd__proc *other;

    for (;;) {
        bond = NULL;
        kd__lock_take(&proc->lock);
        KD_LIST_FOREACH (hook, &proc->watchers) {
            bond = end_of(hook)->bond;
            if (bond->signal.type == type)
                break;
            bond = NULL;
        }
        other = bond == NULL ? NULL : bond->end[0].proc;
        kd__lock_drop(&proc->lock);
        if (other == NULL)
            return;
        kd__proc_lock_both(proc, other);
        bond = list_search(&proc->watchers, other, type, 0);
        if (bond != NULL) {
            bond_untie(bond);
            bond->signal.from = proc->pid;
            bond->signal.at_ns = kd__system_unix(proc->system);
            kd__signals_push(&other->signals, &bond->signal);
        }
        kd__proc_unlock_both(proc, other);
        if (bond != NULL)
            kd__wake_at_once(other);
    }
}

size_t
kd__bond_sweep(struct kd__proc *proc, const struct kd__obituary *obituary)
{
    size_t told;

    kd__lock_take(&proc->lock);
    told = list_sweep(proc, &proc->watchers, obituary);
    told += list_sweep(proc, &proc->links, obituary);
    list_sweep(proc, &proc->watching, obituary);
    kd__lock_drop(&proc->lock);
    return told;
}

size_t
kd__bond_owned(struct kd__proc *proc, kd_pid *pids, size_t room)
{
    struct kd__list *hook;
    size_t n = 0;

    kd__lock_take(&proc->lock);
    KD_LIST_FOREACH (hook, &proc->watching) {
        if (end_of(hook)->bond->signal.type != KD__BOND_OWN)
            continue;
        if (n < room)
            pids[n] = end_other(end_of(hook))->pid;
        n++;
    }
    kd__lock_drop(&proc->lock);
    return n;
}

size_t
kd__bond_linked(struct kd__proc *proc, kd_pid *pids, size_t room)
{
    struct kd__list *hook;
    size_t n = 0;

    kd__lock_take(&proc->lock);
    KD_LIST_FOREACH (hook, &proc->links) {
        if (n == room)
            break;
        pids[n++] = end_other(end_of(hook))->pid;
    }
    n = proc->n_links;
    kd__lock_drop(&proc->lock);
    return n;
}

static struct kd__bond *
bond_new(
    struct kd__proc *proc, struct kd__proc *other, uint32_t type, kd_ref ref)
{
    struct kd__bond *bond =
        (struct kd__bond *)(void *)kd__signal_new(type, sizeof(*bond));

    if (bond == NULL)
        return NULL;
    bond->signal.ref = ref;
    bond->end[0].proc = proc;
    bond->end[1].proc = other;
    bond->end[0].bond = bond->end[1].bond = bond;
    bond->due = KD_NEVER;
    return bond;
}

/* Both locks are held. */
static kd_status
bond_tie(struct kd__bond *bond)
{
    struct kd__proc *from = bond->end[0].proc;
    struct kd__proc *to = bond->end[1].proc;

    if (from->closed || to->closed)
        return KD_EGONE;
    if (bond->signal.type == KD__BOND_LINK) {
        kd__list_add(&from->links, &bond->end[0].hook);
        kd__list_add(&to->links, &bond->end[1].hook);
        from->n_links++;
        to->n_links++;
    } else {
        kd__list_add(&from->watching, &bond->end[0].hook);
        kd__list_add(&to->watchers, &bond->end[1].hook);
        from->n_watching++;
        to->n_watchers++;
    }
    return KD_OK;
}

/* Both locks are held. */
static void
bond_untie(struct kd__bond *bond)
{
    struct kd__proc *from = bond->end[0].proc;
    struct kd__proc *to = bond->end[1].proc;

    kd__list_remove(&bond->end[0].hook);
    kd__list_remove(&bond->end[1].hook);
    if (bond->signal.type == KD__BOND_LINK) {
        from->n_links--;
        to->n_links--;
    } else {
        from->n_watching--;
        to->n_watchers--;
    }
}

/*
 * The bond of this type from `proc` to `other`, for links in either direction.
 * Searches the shorter of the two lists it must be on: a hub of a star pays
 * for its leaves' lists and not for its own. Both locks are held.
 */
static struct kd__bond *
bond_between(struct kd__proc *proc, struct kd__proc *other, uint32_t type)
{
    struct kd__list *list;

    if (type == KD__BOND_LINK)
        list = proc->n_links <= other->n_links ? &proc->links : NULL;
    else
        list = proc->n_watching <= other->n_watchers ? &proc->watching : NULL;
    if (list != NULL)
        return list_search(list, other, type, 0);
    list = type == KD__BOND_LINK ? &other->links : &other->watchers;
    return list_search(list, proc, type, 0);
}

static struct kd__bond *
list_search(struct kd__list *list, const struct kd__proc *other, uint32_t type,
    kd_ref ref)
{
    struct kd__list *hook;
    struct kd__bond *bond;

    KD_LIST_FOREACH (hook, list) {
        bond = end_of(hook)->bond;
        if (bond->signal.type == type && bond->signal.ref == ref &&
            end_other(end_of(hook)) == other)
            return bond;
    }
    return NULL;
}

static struct kd__end *
end_of(struct kd__list *hook)
{
    return KD_CONTAINER_OF(hook, struct kd__end, hook);
}

static struct kd__proc *
end_other(const struct kd__end *end)
{
    const struct kd__bond *bond = end->bond;

    return end == &bond->end[0] ? bond->end[1].proc : bond->end[0].proc;
}

/* After a failure was made void: the first of those that are left counts. */
static void
hint_settle(struct kd__proc *proc)
{
    const struct kd__signal *signal;

    if ((atomic_load(&proc->hints) & KD__HINT_LINK) == 0)
        return;
    kd__lock_take(&proc->lock);
    kd__signals_fetch(&proc->signals);
    signal = kd__signals_find(&proc->signals, KD_SIGNAL_LINK_DOWN);
    if (signal == NULL)
        hint_clear(proc);
    else
        proc->end_from = signal->from;
    kd__lock_drop(&proc->lock);
}

/* The lock is held. */
static void
hint_clear(struct kd__proc *proc)
{
    const kd_pid nobody = KD_PID_NONE_INIT;

    proc->end_from = nobody;
    atomic_fetch_and(&proc->hints, (uint8_t)~KD__HINT_LINK);
}

static kd_status
request_drop(struct kd__proc *asker, struct kd__proc *target, kd_ref ref)
{
    struct kd__bond *bond;

    kd__proc_lock_both(asker, target);
    if (target->n_watchers <= asker->n_watching)
        bond = list_search(&target->watchers, asker, KD__BOND_REQUEST, ref);
    else
        bond = list_search(&asker->watching, target, KD__BOND_REQUEST, ref);
    if (bond != NULL)
        bond_untie(bond);
    kd__proc_unlock_both(asker, target);
    if (bond == NULL)
        return KD_ENOTFOUND;
    kd__signal_free(&bond->signal);
    return KD_OK;
}

/*
 * The lock is held, and kept from bond to bond, but while somebody is woken.
 * Where it had to be given up for the other's, the other side may have undone
 * the bond: hence the second look. Nothing is added to a list that has closed,
 * so the same address is the same bond.
 */
static size_t
list_sweep(struct kd__proc *proc, struct kd__list *list,
    const struct kd__obituary *obituary)
{
    struct kd__list *first;
    struct kd__proc *other;
    size_t told = 0;
    int woken;

    while ((first = list->next) != list) {
        other = end_other(end_of(first));
        woken = 0;
        if (kd__proc_lock_other(proc, other) || list->next == first) {
            bond_untie(end_of(first)->bond);
            woken = bond_end(end_of(first)->bond, proc, other, obituary, &told);
        }
        kd__lock_drop(&other->lock);
        if (!woken)
            continue;
        kd__lock_drop(&proc->lock);
        kd__wake_at_once(other);
        kd__lock_take(&proc->lock);
    }
    return told;
}

/*
 * What the end of `from` does to the other end of a bond, which is used up by
 * it. Returns whether the other is to be woken; counts in *told what tells of
 * the end itself. Both locks are held.
 */
static int
bond_end(struct kd__bond *bond, struct kd__proc *from, struct kd__proc *to,
    const struct kd__obituary *obituary, size_t *told)
{
    uint32_t type = bond->signal.type;

    if (type == KD__BOND_OWN && bond->end[0].proc == from) {
        kd__signal_free(&bond->signal);
        kd__proc_terminate(to);
        return 1;
    }
    if (!is_wanted(bond, from, obituary)) {
        kd__signal_free(&bond->signal);
        return 0;
    }
    if (!bond_tell(bond, from, to, obituary))
        return 0;
    *told += type == KD__BOND_MONITOR || type == KD__BOND_LINK;
    return 1;
}

/* Whether the end of `from` is told by this bond. */
static int
is_wanted(const struct kd__bond *bond, const struct kd__proc *from,
    const struct kd__obituary *obituary)
{
    switch (bond->signal.type) {
    case KD__BOND_LINK:
        return obituary->error != NULL;
    case KD__BOND_READY:
    case KD__BOND_OWN:
        return 0;
    default:
        return bond->end[1].proc == from;
    }
}

/* Push the bond's signal; 0 when the other end hears nothing any more. Both
 * locks are held. */
static int
bond_tell(struct kd__bond *bond, struct kd__proc *from, struct kd__proc *to,
    const struct kd__obituary *obituary)
{
    struct kd__signal *signal = &bond->signal;
    kd_buf *error =
        signal->type == KD__BOND_REQUEST ? obituary->gone : obituary->error;

    signal->from = from->pid;
    signal->at_ns = obituary->at_ns;
    if (signal->type == KD__BOND_MONITOR && obituary->value != NULL)
        signal->value = kd__buf_retain(obituary->value);
    if (signal->type != KD__BOND_ROOM && error != NULL)
        signal->error = kd__buf_retain(error);
    if (signal->type == KD__BOND_LINK) {
        if (kd_pid_is_none(to->end_from))
            to->end_from = from->pid;
        atomic_fetch_or(&to->hints, KD__HINT_LINK);
    }
    return kd__signals_push(&to->signals, signal) == KD_OK;
}
