/* SPDX-License-Identifier: MIT */
/*
 * Spawns the process and waits for its end, which comes on a thread of the
 * library: what it says is copied there, and an eventfd hands it over.
 */

#include "cli/exec.h"

#include "cli/complain.h"
#include "cli/exit_status.h"
#include "cli/put_text.h"

#include <errno.h>
#include <kindred/term.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

int
kd__exec_init(struct kd__exec *exec)
{
    memset(exec, 0, sizeof(*exec));
    exec->fd = eventfd(0, EFD_CLOEXEC);
    return exec->fd < 0 ? -1 : 0;
}

void
kd__exec_fini(struct kd__exec *exec)
{
    free(exec->message);
    free(exec->trace);
    if (exec->fd >= 0)
        close(exec->fd);
    exec->fd = -1;
}

static void
on_end(void *arg, const kd_exit *end)
{
    struct kd__exec *exec = arg;
    uint64_t one = 1;
    ssize_t n;

    if (end->failed) {
        exec->status = KD__STATUS_FAILED;
        exec->message = kd__exit_message(&end->error);
        exec->trace = end->trace != NULL ? strdup(end->trace) : NULL;
    } else {
        exec->status = kd__exit_status(&end->value);
    }
    n = write(exec->fd, &one, sizeof(one));
    (void)n;
}

kd_status
kd__exec_start(struct kd__exec *exec, kd_runtime *runtime,
    const struct kd__settings *settings, kd_error *err)
{
    kd_writer args = {NULL, 0, 0, KD_OK};
    kd_spawn spawn;
    kd_status status = KD_OK;
    kd_pid pid;
    size_t i;

    memset(&spawn, 0, sizeof(spawn));
    spawn.size = (uint32_t)sizeof(spawn);
    spawn.entry = settings->exec;
    spawn.flags = KD_SPAWN_TERMINAL;
    spawn.host = settings->host;
    spawn.context = kd_payload_none();
    if (spawn.host == NULL)
        status = kd_runtime_host(runtime, &spawn.host, err);
    if (status != KD_OK)
        return status;
    kd_write_array(&args, settings->n_args);
    for (i = 0; i < settings->n_args; i++)
        kd_write_text(&args, settings->args[i]);
    spawn.args = kd_payload_make(KD_FORMAT_TERM, args.data, args.len);
    status = args.status;
    if (status == KD_OK)
        status = kd_runtime_spawn(runtime, &spawn, on_end, exec, &pid, err);
    else if (err != NULL)
        snprintf(err->text, sizeof(err->text), "%s", kd_status_text(status));
    kd_writer_free(&args);
    return status;
}

static void
report(const struct kd__exec *exec)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out;

    if (exec->message == NULL)
        return;
    out = open_memstream(&text, &len);
    if (out == NULL)
        return;
    fputs("error: ", out);
    kd__put_text(out, exec->message, "");
    putc('\n', out);
    if (exec->trace != NULL) {
        kd__put_text(out, exec->trace, "");
        putc('\n', out);
    }
    if (fclose(out) == 0)
        (void)kd__write_all(STDERR_FILENO, text, len);
    free(text);
}

int
kd__exec_end(const struct kd__exec *exec)
{
    uint64_t ends;

    /* Read, and not only polled: that is what orders us behind on_end. */
    while (read(exec->fd, &ends, sizeof(ends)) < 0 && errno == EINTR)
        ;
    report(exec);
    return exec->status;
}
