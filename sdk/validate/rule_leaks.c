/* SPDX-License-Identifier: MIT */
/*
 * An instance leaves nothing: after many lives the program has no more memory,
 * descriptors or threads than after a few. The first lives may fill caches.
 */

#include "rule.h"

#include <dirent.h>
#include <malloc.h>

#define WARM_UP 50
#define LIVES   400

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

static void
run(struct subject *subject)
{
    size_t memory, fds, threads, grown;

    generation(subject, WARM_UP);
    generation(subject, WARM_UP);
    memory = mallinfo2().uordblks;
    fds = entries_of("/proc/self/fd");
    threads = entries_of("/proc/self/task");
    generation(subject, LIVES);
    grown = mallinfo2().uordblks;
    grown = grown > memory ? grown - memory : 0;
    if (grown >= LIVES * 8)
        broken(subject, "%d lives leave %zu bytes allocated", LIVES, grown);
    if (entries_of("/proc/self/fd") > fds)
        broken(subject, "%d lives leave %zu descriptors open", LIVES,
            entries_of("/proc/self/fd") - fds);
    if (entries_of("/proc/self/task") > threads)
        broken(subject, "%d lives leave %zu threads", LIVES,
            entries_of("/proc/self/task") - threads);
}

const struct rule rule_leaks = {"leaks",
    "lives leave no memory, descriptors or threads behind", KD_CLASS_WORKER,
    run};
