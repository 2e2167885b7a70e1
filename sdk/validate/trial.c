/* SPDX-License-Identifier: MIT */
/*
 * A rule runs in a child with a pipe to tell by: one for each entry, which the
 * child finds by its number. The plugin is never loaded here.
 */

#include "trial.h"

#include "open.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How a child ends. */
#define CHILD_TRIED   0
#define CHILD_NO_MORE 3 /* There is no such entry. */

/* The index-th entry of the plugin's kinds of these classes. */
static int
find_entry(struct subject *subject, uint32_t classes, size_t index)
{
    const kd_api *api = kd_runtime_api(subject->runtime);
    const kd_kind *const *kind;
    const kd_entry *entry;
    const char *id;
    size_t at;

    for (at = 0; (entry = api->entry_at(api, at)) != NULL; at++) {
        for (kind = subject->plugin->kinds; *kind != NULL; kind++) {
            id = api->entry_kind(entry);
            if (!((*kind)->cls & classes) ||
                (strcmp((*kind)->id, id) != 0 &&
                    api->entry_policy(api, entry) != (*kind)->impl))
                continue;
            if (index-- > 0)
                continue;
            subject->kind = *kind;
            subject->entry = entry;
            return 1;
        }
    }
    return 0;
}

/* Kinds that only answer calls have no instance of their own. */
static int
is_callable(const struct subject *subject)
{
    return subject->kind->cls == KD_CLASS_WORKER &&
           (worker_of(subject)->flags & KD_WORKER_NO_SPAWN);
}

static int
try_entry(struct subject *subject, const struct rule *rule, size_t index,
    struct trial_sight *sight)
{
    kd_error err = KD_ERROR_INIT;

    if (open_runtime(subject, &subject->runtime) != KD_OK) {
        skipped(subject, "its application does not open: see load");
        return CHILD_NO_MORE;
    }
    if (!find_entry(subject, rule->classes, index))
        return CHILD_NO_MORE;
    snprintf(sight->kind, sizeof(sight->kind), "%s: ", subject->kind->id);
    if (is_callable(subject)) {
        skipped(subject, "it cannot be spawned");
        return CHILD_TRIED;
    }
    fake_renew(subject);
    if (subject->kind->cls == KD_CLASS_WORKER &&
        kd_fake_prepare(subject->fake, subject->entry, &err) != KD_OK) {
        broken(subject, "prepare: %s", err.text);
        return CHILD_TRIED;
    }
    rule->run(subject);
    fake_renew(subject);
    return CHILD_TRIED;
}

static int
child(const struct trial *trial, const struct rule *rule, size_t index,
    int report)
{
    struct subject subject;
    kd_error err = KD_ERROR_INIT;

    memset(&subject, 0, sizeof(subject));
    subject.path = trial->path;
    subject.app = trial->app;
    subject.report = report;
    subject.args = trial->args;
    subject.beside = trial->beside;
    subject.is_loud = rule->classes == 0;
    /* The stamp's own rule says what is wrong with it; the rest need it. */
    if (rule != &rule_stamp && rule != &rule_symbols &&
        kd_inspect(trial->path, &subject.plugin, &err) != KD_OK) {
        skipped(&subject, "the host refuses the file");
        return CHILD_NO_MORE;
    }
    if (rule->classes != 0)
        return try_entry(&subject, rule, index, trial->sight);
    rule->run(&subject);
    return CHILD_TRIED;
}

static void
add(struct trial *trial, const char *text, size_t len)
{
    size_t room = sizeof(trial->text) - 1 - trial->len;

    if (len > room)
        len = room;
    memcpy(trial->text + trial->len, text, len);
    trial->len += len;
    trial->text[trial->len] = '\0';
}

static int64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Take what the child tells. 0: the time is over. */
static int
listen_to(struct trial *trial, int fd)
{
    struct pollfd poller = {fd, POLLIN, 0};
    int64_t end = now_ms() + (int64_t)trial->timeout_s * 1000, left;
    char text[1024];
    ssize_t got;

    while ((left = end - now_ms()) > 0) {
        if (poll(&poller, 1, (int)left) <= 0)
            continue;
        got = read(fd, text, sizeof(text));
        if (got <= 0)
            return 1;
        add(trial, text, (size_t)got);
    }
    return 0;
}

/* Say how a child ended that did not end by itself. */
static void
explain(struct trial *trial, int is_late, int status)
{
    const char *kind = trial->sight->kind;
    char line[300];
    int len = 0;

    if (is_late)
        len = snprintf(line, sizeof(line),
            "!%snot done after %d s: a call into the plugin does not return, "
            "or "
            "all of them are slow\n",
            kind, trial->timeout_s);
    else if (WIFSIGNALED(status))
        len = snprintf(line, sizeof(line), "!%sit crashes: %s\n", kind,
            strsignal(WTERMSIG(status)));
    else if (!trial->sight->is_done)
        len = snprintf(line, sizeof(line),
            "!%sit ends the program, with status %d\n", kind,
            WEXITSTATUS(status));
    add(trial, line, (size_t)len);
}

/* 0: there is no entry of this number. */
static int
try_one(struct trial *trial, const struct rule *rule, size_t index)
{
    int ends[2], status = 0, is_late;
    pid_t pid;

    if (pipe(ends) != 0)
        return 0;
    fflush(stdout);
    memset(trial->sight, 0, sizeof(*trial->sight));
    pid = fork();
    if (pid == 0) {
        close(ends[0]);
        /* What a plugin says by itself is no part of the report. */
        if (freopen("/dev/null", "w", stdout) == NULL ||
            freopen("/dev/null", "w", stderr) == NULL)
            _exit(1);
        status = child(trial, rule, index, ends[1]);
        trial->sight->is_done = 1;
        _exit(status);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return 0;
    }
    is_late = !listen_to(trial, ends[0]);
    close(ends[0]);
    if (is_late)
        kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    if (!is_late && trial->sight->is_done &&
        WEXITSTATUS(status) == CHILD_NO_MORE)
        return 0;
    explain(trial, is_late, status);
    return 1;
}

/* The report has its bound: a line that does not fit is left out. */
static void
trim(struct trial *trial)
{
    char *end = strrchr(trial->text, '\n');

    if (end != NULL)
        end[1] = '\0';
}

static enum verdict
judge(const char *line)
{
    enum verdict verdict = TRIAL_KEPT;

    for (; line != NULL && *line != '\0';
         line = (line = strchr(line, '\n')) == NULL ? NULL : line + 1) {
        if (*line == '!')
            return TRIAL_BROKEN;
        verdict = TRIAL_SKIPPED;
    }
    return verdict;
}

int
trial_begin(struct trial *trial)
{
    const char *tmp = getenv("TMPDIR");

    trial->sight = mmap(NULL, sizeof(*trial->sight), PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (trial->sight == MAP_FAILED)
        return 0;
    if (trial->app != NULL)
        return 1;
    snprintf(trial->made, sizeof(trial->made), "%s/kindred-validate.XXXXXX",
        tmp != NULL && strlen(tmp) < 32 ? tmp : "/tmp");
    trial->app = mkdtemp(trial->made);
    return trial->app != NULL;
}

/* A child writes it, since the plugin has to be looked into. */
static void
make_app(struct trial *trial)
{
    const kd_plugin *plugin;
    kd_error err = KD_ERROR_INIT;
    int ends[2], status;
    pid_t pid;
    ssize_t got;

    trial->is_written = 1;
    if (pipe(ends) != 0)
        return;
    pid = fork();
    if (pid == 0) {
        if (kd_inspect(trial->path, &plugin, &err) != KD_OK ||
            write_app(plugin, trial->app, trial->left_out,
                sizeof(trial->left_out)) != 0)
            _exit(1);
        _exit(write(ends[1], trial->left_out, strlen(trial->left_out)) < 0);
    }
    close(ends[1]);
    got = read(ends[0], trial->left_out, sizeof(trial->left_out) - 1);
    trial->left_out[got > 0 ? got : 0] = '\0';
    close(ends[0]);
    if (pid > 0)
        waitpid(pid, &status, 0);
}

int
trial_run(struct trial *trial, const struct rule *rule)
{
    size_t tried = 0;

    trial->len = 0;
    trial->text[0] = '\0';
    if (trial->made[0] != '\0' && !trial->is_written && rule != &rule_stamp &&
        rule != &rule_symbols)
        make_app(trial);
    if (rule->classes == 0)
        tried = (size_t)try_one(trial, rule, 0);
    else
        while (try_one(trial, rule, tried) && tried < 64 &&
               judge(trial->text) != TRIAL_BROKEN)
            tried++;
    trim(trial);
    trial->verdict = judge(trial->text);
    return tried > 0 || trial->len > 0;
}

void
trial_end(struct trial *trial)
{
    char path[96];

    munmap(trial->sight, sizeof(*trial->sight));
    if (trial->made[0] == '\0')
        return;
    snprintf(path, sizeof(path), "%s/_index.yaml", trial->made);
    unlink(path);
    rmdir(trial->made);
}
