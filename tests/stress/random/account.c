/* SPDX-License-Identifier: MIT */
/*
 * Accounts are found by a table without locks into which they are only put:
 * a lock would order what the host has to order.
 */

#include "account.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE         ((size_t)1 << 17)
#define RECENT        ((size_t)128)
#define COMPLAINS_MAX 20

struct account_sums account_sums;

static const kd_api *api;
static _Atomic(struct account *) table[TABLE];
static _Atomic(struct account *) recent[RECENT];
static _Atomic(struct account *) first;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long n_complaints;

static size_t
hash(uint64_t serial)
{
    return (size_t)((serial * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

static void *
must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

void
accounts_open(const kd_api *the_api)
{
    api = the_api;
    memset(&account_sums, 0, sizeof(account_sums));
}

void
accounts_close(void)
{
    struct account *next;

    for (struct account *a = atomic_load(&first); a != NULL; a = next) {
        next = a->next;
        free(a->ties);
        free(a->refs);
        free(a->ended);
        free(a);
    }
    for (size_t i = 0; i < TABLE; i++)
        atomic_store_explicit(&table[i], NULL, memory_order_relaxed);
    for (size_t i = 0; i < RECENT; i++)
        atomic_store(&recent[i], NULL);
    atomic_store(&first, NULL);
}

struct account *
account_find(kd_pid pid)
{
    struct account *account;

    for (size_t at = hash(pid.serial);; at++) {
        account = atomic_load(&table[at % TABLE]);
        if (account == NULL || kd_pid_equal(account->pid, pid))
            return account;
    }
}

struct account *
account_new(kd_pid pid, kd_pid parent)
{
    struct account *account = must(calloc(1, sizeof(*account)));
    struct account *none = NULL;
    size_t at = hash(pid.serial);
    const long number = atomic_fetch_add(&account_sums.births, 1);

    if (number > (long)TABLE / 2)
        abort();
    account->pid = pid;
    if (account_find(parent) == NULL)
        account->supervisor = parent;
    atomic_init(&account->deadline, KD_NEVER);
    account->next = atomic_load(&first);
    while (!atomic_compare_exchange_weak(&first, &account->next, account))
        continue;
    while (
        !atomic_compare_exchange_strong(&table[at % TABLE], &none, account)) {
        none = NULL;
        at++;
    }
    return account;
}

void
account_show(struct account *account)
{
    static atomic_size_t n;

    atomic_store(&recent[atomic_fetch_add(&n, 1) % RECENT], account);
}

struct account *
account_first(void)
{
    return atomic_load(&first);
}

struct account *
account_choose(uint32_t chance, int may_be_over)
{
    struct account *account;

    for (size_t i = 0; i < RECENT; i++) {
        account = atomic_load(&recent[(chance + i) % RECENT]);
        if (account != NULL && (may_be_over || !atomic_load(&account->is_over)))
            return account;
    }
    return NULL;
}

const struct tie *
account_look(const struct account *account, kd_pid other)
{
    const struct tie *tie;

    if (account->room == 0)
        return NULL;
    for (size_t at = hash(other.serial);; at++) {
        tie = &account->ties[at % account->room];
        if (tie->serial == other.serial)
            return tie;
        if (tie->serial == 0)
            return NULL;
    }
}

static struct tie *
tie_place(struct tie *ties, size_t room, uint64_t serial)
{
    size_t at = hash(serial);

    while (ties[at % room].serial != 0 && ties[at % room].serial != serial)
        at++;
    return &ties[at % room];
}

static void
grow(struct account *account)
{
    size_t room = account->room == 0 ? 16 : account->room * 2;
    struct tie *ties = must(calloc(room, sizeof(*ties)));

    for (size_t i = 0; i < account->room; i++) {
        if (account->ties[i].serial != 0)
            *tie_place(ties, room, account->ties[i].serial) = account->ties[i];
    }
    free(account->ties);
    account->ties = ties;
    account->room = room;
}

struct tie *
account_tie(struct account *account, kd_pid other)
{
    struct tie *tie;

    if (account->n_ties * 2 >= account->room)
        grow(account);
    tie = tie_place(account->ties, account->room, other.serial);
    if (tie->serial == 0) {
        tie->serial = other.serial;
        account->n_ties++;
    }
    return tie;
}

void
account_add_ref(struct account *account, kd_ref ref, kd_time due)
{
    const unsigned n = atomic_load(&account->n_asked);

    account->refs = must(realloc(account->refs, (n + 1) * sizeof(kd_ref)));
    account->refs[n] = ref;
    if (due > atomic_load(&account->due))
        atomic_store(&account->due, due);
    atomic_store(&account->n_asked, n + 1);
}

int
account_drop_ref(struct account *account, kd_ref ref)
{
    const unsigned n = atomic_load(&account->n_asked);

    for (unsigned i = 0; i < n; i++) {
        if (account->refs[i] == ref) {
            account->refs[i] = account->refs[n - 1];
            atomic_store(&account->n_asked, n - 1);
            return 1;
        }
    }
    return 0;
}

void
account_add_ended(struct account *account, kd_pid pid)
{
    account->ended = must(realloc(
        account->ended, (account->n_ended + 1) * sizeof(*account->ended)));
    account->ended[account->n_ended++] = pid;
}

void
complain(const char *format, ...)
{
    va_list args;

    pthread_mutex_lock(&lock);
    if (n_complaints++ < COMPLAINS_MAX) {
        va_start(args, format);
        vprintf(format, args);
        va_end(args);
        putchar('\n');
    }
    pthread_mutex_unlock(&lock);
}

long
complaints(void)
{
    long n;

    pthread_mutex_lock(&lock);
    n = n_complaints;
    pthread_mutex_unlock(&lock);
    return n;
}
