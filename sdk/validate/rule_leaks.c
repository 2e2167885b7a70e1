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
#define GENERATIONS 8
#define BOUND       (LIVES * 8) /* The least leak: eight bytes a life. */

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

/* How much a generation adds to the memory that is allocated. */
static size_t
growth(struct subject *subject)
{
    size_t before = mallinfo2().uordblks, after;
    size_t threads = entries_of("/proc/self/task");

    generation(subject, LIVES);
    threads_left(threads);
    after = mallinfo2().uordblks;
    return after > before ? after - before : 0;
}

/*
 * What malloc and the C library keep for threads counts as allocated, and comes
 * and goes. A leak is there in each generation, so one without it will do.
 */
static size_t
least_growth(struct subject *subject)
{
    size_t least = growth(subject), next, i;

    for (i = 1; i < GENERATIONS && least >= BOUND; i++) {
        next = growth(subject);
        if (next < least)
            least = next;
    }
    return least;
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
    if (grown >= BOUND)
        broken(subject, "%d lives leave %zu bytes allocated", LIVES, grown);
    if (entries_of("/proc/self/fd") > fds)
        broken(subject, "some %d lives leave %zu descriptors open", LIVES,
            entries_of("/proc/self/fd") - fds);
    threads = threads_left(threads);
    if (threads > 0)
        broken(subject, "some %d lives leave %zu threads", LIVES, threads);
}

const struct rule rule_leaks = {"leaks",
    "lives leave no memory, descriptors or threads behind", KD_CLASS_WORKER,
    run};
