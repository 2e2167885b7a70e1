/* SPDX-License-Identifier: MIT */
/*
 * An instance leaves nothing: after many lives the program has no more memory,
 * descriptors or threads than after a few. The first lives may fill caches.
 */

#include "rule.h"

#include <dirent.h>
#include <malloc.h>
#include <time.h>

#define LIVES       400
#define GENERATIONS 3

static size_t
entries_of(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t count = 0;

    while (dir != NULL && readdir(dir) != NULL)
        count++;
    if (dir != NULL)
        closedir(dir);
    return count;
}

static void
lives(struct subject *subject, size_t count)
{
    kd_proc *proc;

    while (count-- > 0) {
        proc = spawn(subject);
        if (proc == NULL)
            return;
        odd_mail(proc, count % 10);
        if (!is_blocking(subject))
            kd_fake_run(proc, 1000);
        kd_fake_end(proc);
        kd_fake_forget(subject->fake);
    }
}

/* The fake keeps a record of each process until it is freed. */
static void
generation(struct subject *subject, size_t count)
{
    lives(subject, count);
    fake_renew(subject);
}

/* How much a generation adds to the memory that is allocated. */
static size_t
growth(struct subject *subject)
{
    size_t before = mallinfo2().uordblks, after;

    generation(subject, LIVES);
    after = mallinfo2().uordblks;
    return after > before ? after - before : 0;
}

/*
 * Chunks that malloc keeps for a thread count as allocated, and come and go. A
 * leak grows with each generation, so the least growth of several is its.
 */
static size_t
least_growth(struct subject *subject)
{
    size_t least = growth(subject), next, i;

    for (i = 1; i < GENERATIONS; i++) {
        next = growth(subject);
        if (next < least)
            least = next;
    }
    return least;
}

/* Threads that were told to end may need a moment: two seconds. */
static size_t
threads_left(size_t before)
{
    const struct timespec moment = {0, 10000000};
    size_t i, now = entries_of("/proc/self/task");

    for (i = 0; i < 200 && now > before; i++) {
        nanosleep(&moment, NULL);
        now = entries_of("/proc/self/task");
    }
    return now > before ? now - before : 0;
}

static void
run(struct subject *subject)
{
    size_t fds, threads, grown;

    if (spawn(subject) == NULL)
        return;
    fake_renew(subject);

    generation(subject, LIVES);
    fds = entries_of("/proc/self/fd");
    threads = entries_of("/proc/self/task");
    grown = least_growth(subject);
    if (grown >= LIVES * 8)
        broken(subject, "%d lives leave %zu bytes allocated", LIVES, grown);
    if (entries_of("/proc/self/fd") > fds)
        broken(subject, "%d lives leave %zu descriptors open",
            LIVES * GENERATIONS, entries_of("/proc/self/fd") - fds);
    threads = threads_left(threads);
    if (threads > 0)
        broken(subject, "%d lives leave %zu threads", LIVES * GENERATIONS,
            threads);
}

const struct rule rule_leaks = {"leaks",
    "lives leave no memory, descriptors or threads behind", KD_CLASS_WORKER,
    run};
