/* SPDX-License-Identifier: MIT */
/*
 * Spawns, by a process or by nobody: the same checks as the host's.
 */

#include "state.h"

#include <string.h>

/* All but the terminal, which no process gives away. */
#define KNOWN_FLAGS                                                            \
    (KD_SPAWN_MONITOR | KD_SPAWN_LINK | KD_SPAWN_CALL | KD_SPAWN_OWN |         \
        KD_SPAWN_READY | KD_SPAWN_FUNCTION | KD_SPAWN_TRAP | KD_SPAWN_NO_MAIL)

static kd_status
check(
    kd_fake *fake, const kd_spawn *spawn, const kd_entry **entry, kd_error *err)
{
    const kd_worker_kind *worker;
    const kd_kind *kind;

    if (spawn->size < KD_FIRST_SIZE(kd_spawn))
        return fake_error(err, KD_EINVAL, "kd_spawn without its size");
    if (spawn->flags & ~KNOWN_FLAGS || spawn->entry == NULL)
        return fake_error(err, KD_EINVAL, "unknown flags, or no entry");
    *entry = fake_entry_find(&fake->api, spawn->entry);
    if (*entry == NULL)
        return fake_error(err, KD_ENOTFOUND, "entry not found");
    kind = fake_kind(fake, fake->api.entry_kind(*entry), NULL);
    if (kind == NULL || kind->cls != KD_CLASS_WORKER)
        return fake_error(err, KD_EINVAL, "not a process");
    worker = kind->impl;
    if (worker->flags & KD_WORKER_NO_SPAWN &&
        !(spawn->flags & KD_SPAWN_FUNCTION))
        return fake_error(err, KD_EINVAL, "not a process");
    return KD_OK;
}

static kd_status
put_mail(struct fake_proc *proc, const kd_spawn *spawn, kd_error *err)
{
    const kd_mail *mail = spawn->mail;
    kd_message message;
    kd_status status = KD_OK;
    size_t i;

    for (i = 0; i < spawn->n_mail && status == KD_OK; i++) {
        if (mail->size != spawn->mail->size ||
            mail->size < KD_FIRST_SIZE(kd_mail))
            return fake_error(err, KD_EINVAL, "kd_mail without its size");
        memset(&message, 0, sizeof(message));
        message.flags = mail->flags;
        message.topic = mail->topic;
        message.topic_len = mail->topic_len;
        message.payload = mail->payload;
        status = fake_mail_put(proc, &message);
        mail = (const kd_mail *)((const char *)mail + spawn->mail->size);
    }
    return status == KD_OK ? KD_OK
                           : fake_error(err, status, kd_status_text(status));
}

/* The child is not told to anybody yet. */
static kd_status
make(kd_fake *fake, struct fake_proc *by, const kd_spawn *spawn,
    struct fake_proc **child, kd_error *err)
{
    struct fake_birth birth = {.context = spawn->context};
    const kd_entry *entry = NULL;
    kd_status status = check(fake, spawn, &entry, err);

    if (status != KD_OK)
        return status;
    if (by != NULL && spawn->flags & KD_SPAWN_LINK)
        birth.parent = by->pid;
    if (by != NULL && !(spawn->flags & KD_SPAWN_NO_MAIL))
        birth.spawner = by->pid;
    *child = fake_proc_new(fake, entry, &spawn->args, &birth, err);
    if (*child == NULL)
        return KD_EINTERNAL;
    (*child)->trap = (spawn->flags & KD_SPAWN_TRAP) != 0;
    return put_mail(*child, spawn, err);
}

kd_status
fake_spawn(kd_fake *fake, struct fake_proc *by, const kd_spawn *spawn,
    kd_pid *pid, kd_error *err)
{
    const char *name = spawn->name;
    struct fake_proc *child = NULL;
    kd_status status;

    if (name != NULL)
        child = fake_name_find(fake, name, strlen(name));
    if (child != NULL) {
        *pid = child->pid;
        return fake_error(err, KD_EEXIST, "name already registered");
    }
    status = make(fake, by, spawn, &child, err);
    if (status == KD_OK && name != NULL)
        status = fake_name_add(child, name, strlen(name));
    if (status != KD_OK && child != NULL)
        fake_proc_end(child, KD_FAKE_KILLED);
    if (status != KD_OK)
        return status;
    *pid = child->pid;
    if (by != NULL)
        fake_bonds_of_birth(by, child, spawn->flags);
    return KD_OK;
}
