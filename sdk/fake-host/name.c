/* SPDX-License-Identifier: MIT */
/*
 * Names of processes.
 */

#include "state.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_LEN 1024

static kd_fake *
of(const kd_api *api)
{
    return (kd_fake *)(uintptr_t)api;
}

static struct fake_name **
find(struct fake_proc *proc, const char *name, size_t len)
{
    struct fake_name **at = &proc->names;

    while (*at != NULL &&
           !((*at)->len == len && memcmp((*at)->text, name, len) == 0))
        at = &(*at)->next;
    return at;
}

struct fake_proc *
fake_name_find(kd_fake *fake, const char *name, size_t len)
{
    struct fake_proc *proc;

    for (proc = fake->procs; proc != NULL; proc = proc->next) {
        if (proc->ended == KD_FAKE_LIVES && *find(proc, name, len) != NULL)
            return proc;
    }
    return NULL;
}

kd_status
fake_name_add(struct fake_proc *proc, const char *name, size_t len)
{
    struct fake_name *record = calloc(1, sizeof(*record));

    if (record == NULL)
        return KD_ENOMEM;
    record->text = malloc(len);
    if (record->text == NULL) {
        free(record);
        return KD_ENOMEM;
    }
    memcpy(record->text, name, len);
    record->len = len;
    record->next = proc->names;
    proc->names = record;
    return KD_OK;
}

static kd_status
name_register(
    const kd_api *api, const char *name, size_t len, kd_pid pid, kd_error *err)
{
    struct fake_proc *proc = fake_proc_living(of(api), pid);
    const struct fake_proc *holder;
    kd_pid other;

    if (len == 0)
        return fake_error(err, KD_EINVAL, "name cannot be empty");
    if (len > NAME_MAX_LEN)
        return fake_error(err, KD_EINVAL, "name is too long");
    if (api->pid_parse(api, name, len, &other) != KD_EINVAL)
        return fake_error(err, KD_EINVAL, "name has the form of a pid");
    if (proc == NULL)
        return fake_error(err, KD_EGONE, kd_status_text(KD_EGONE));
    holder = fake_name_find(of(api), name, len);
    if (holder == proc)
        return KD_OK;
    if (holder != NULL)
        return fake_error(err, KD_EEXIST, "name already registered");
    return fake_name_add(proc, name, len);
}

static void
drop(struct fake_name **at)
{
    struct fake_name *name = *at;

    *at = name->next;
    free(name->text);
    free(name);
}

static kd_status
name_unregister(const kd_api *api, const char *name, size_t len)
{
    struct fake_proc *proc = fake_name_find(of(api), name, len);

    if (proc == NULL)
        return KD_ENOTFOUND;
    drop(find(proc, name, len));
    return KD_OK;
}

static kd_status
name_find(const kd_api *api, const char *name, size_t len, kd_pid *pid)
{
    const struct fake_proc *proc = fake_name_find(of(api), name, len);

    if (proc == NULL)
        return KD_ENOTFOUND;
    *pid = proc->pid;
    return KD_OK;
}

void
fake_names_free(struct fake_proc *proc)
{
    while (proc->names != NULL)
        drop(&proc->names);
}

void
fake_name_calls(kd_api *api)
{
    api->name_register = name_register;
    api->name_unregister = name_unregister;
    api->name_find = name_find;
}
