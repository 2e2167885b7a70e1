/* SPDX-License-Identifier: MIT */
/*
 * The fake itself: its complaints, its clock, the list of what was done and
 * the refusals that a test ordered.
 */

#include "state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

kd_fake *
kd_fake_new(void)
{
    kd_fake *fake = calloc(1, sizeof(*fake));

    if (fake == NULL)
        return NULL;
    pthread_mutex_init(&fake->lock, NULL);
    fake->acts_end = &fake->acts;
    /* Zero would be in the past of every deadline that a kind adds up. */
    fake->now = 1000000000;
    fake_api_init(&fake->api);
    return fake;
}

size_t
kd_fake_free(kd_fake *fake)
{
    struct fake_proc *proc;
    size_t complaints, i;

    if (fake == NULL)
        return 0;
    for (proc = fake->procs; proc != NULL; proc = proc->next)
        fake_proc_kill(proc, KD_ECANCELED, "process terminated");
    fake_uses_free(fake);
    for (i = fake->n_plugins; i-- > 0;) {
        if (fake->plugins[i].plugin->fini != NULL)
            fake->plugins[i].plugin->fini(fake->plugins[i].state);
    }
    fake_ports_free(fake);
    fake_bufs_free(fake);
    kd_fake_forget(fake);
    while ((proc = fake->procs) != NULL) {
        fake->procs = proc->next;
        fake_proc_free(proc);
    }
    fake_entries_free(fake);
    fake_world_free(fake);
    complaints = fake->n_complaints;
    for (i = 0; i < complaints; i++) {
        fprintf(stderr, "fake host: %s\n", fake->complaints[i]);
        free(fake->complaints[i]);
    }
    free(fake->complaints);
    pthread_mutex_destroy(&fake->lock);
    free(fake);
    return complaints;
}

size_t
kd_fake_complaints(const kd_fake *fake)
{
    return fake->n_complaints;
}

const char *
kd_fake_complaint(const kd_fake *fake, size_t index)
{
    return index < fake->n_complaints ? fake->complaints[index] : NULL;
}

const kd_api *
kd_fake_api(kd_fake *fake)
{
    return &fake->api;
}

kd_status
kd_fake_add(kd_fake *fake, const kd_plugin *plugin, kd_error *err)
{
    struct fake_plugin *place = &fake->plugins[fake->n_plugins];
    kd_error own = KD_ERROR_INIT;
    kd_status status;

    if (fake->n_plugins == FAKE_MAX_PLUGINS)
        return fake_error(err, KD_ELIMIT, "the fake has plugins enough");
    place->plugin = plugin;
    place->state = NULL;
    if (plugin->init != NULL) {
        status =
            plugin->init(&fake->api, &place->state, err != NULL ? err : &own);
        fake_check_status(fake, plugin->name, "init", status);
        if (status != KD_OK)
            return status;
    }
    fake->n_plugins++;
    return KD_OK;
}

void *
kd_fake_state(const kd_fake *fake, const kd_plugin *plugin)
{
    size_t i;

    for (i = 0; i < fake->n_plugins; i++) {
        if (fake->plugins[i].plugin == plugin)
            return fake->plugins[i].state;
    }
    return NULL;
}

void
kd_fake_advance(kd_fake *fake, uint64_t ns)
{
    struct fake_proc *proc;

    fake->now += ns;
    for (proc = fake->procs; proc != NULL; proc = proc->next) {
        if (proc->ended != KD_FAKE_LIVES)
            continue;
        fake_requests_due(proc);
        if (proc->force <= fake->now)
            fake_proc_kill(proc, KD_ECANCELED, "process terminated");
    }
}

const kd_fake_act *
kd_fake_act_at(const kd_fake *fake, size_t index)
{
    const struct fake_act *act = fake->acts;

    while (act != NULL && index-- > 0)
        act = act->next;
    return act == NULL ? NULL : &act->pub;
}

void
kd_fake_forget(kd_fake *fake)
{
    struct fake_act *act;

    while ((act = fake->acts) != NULL) {
        fake->acts = act->next;
        free(act->topic);
        free(act->bytes.data);
        free(act);
    }
    fake->acts_end = &fake->acts;
}

void
kd_fake_refuse(kd_fake *fake, uint32_t what, kd_status code, size_t after)
{
    if (what > KD_FAKE_ANY)
        return;
    fake->refusals[what].code = code;
    fake->refusals[what].after = after;
    fake_waits_look(fake);
}

/* Whether the next call of a service will be told that there is no room. */
int
fake_is_full(const kd_fake *fake, uint32_t what)
{
    const struct fake_refusal *refusal = &fake->refusals[what];
    const struct fake_refusal *any = &fake->refusals[KD_FAKE_ANY];

    return (refusal->code == KD_EFULL && refusal->after == 0) ||
           (any->code == KD_EFULL && any->after == 0);
}

void
fake_complain(kd_fake *fake, const char *format, ...)
{
    char text[512];
    char **grown;
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    pthread_mutex_lock(&fake->lock);
    grown =
        realloc(fake->complaints, (fake->n_complaints + 1) * sizeof(*grown));
    if (grown != NULL) {
        fake->complaints = grown;
        grown[fake->n_complaints] = strdup(text);
        if (grown[fake->n_complaints] != NULL)
            fake->n_complaints++;
    }
    pthread_mutex_unlock(&fake->lock);
}

static kd_status
refusal_next(struct fake_refusal *refusal)
{
    if (refusal->code == KD_OK)
        return KD_OK;
    if (refusal->after > 0) {
        refusal->after--;
        return KD_OK;
    }
    return refusal->code;
}

kd_status
fake_refused(kd_fake *fake, uint32_t what)
{
    kd_status status;

    pthread_mutex_lock(&fake->lock);
    status = refusal_next(&fake->refusals[what]);
    if (status == KD_OK)
        status = refusal_next(&fake->refusals[KD_FAKE_ANY]);
    pthread_mutex_unlock(&fake->lock);
    return status;
}

kd_status
fake_bytes_set(struct fake_bytes *bytes, const kd_payload *payload)
{
    kd_payload none = kd_payload_none();

    if (payload == NULL)
        payload = &none;
    free(bytes->data);
    bytes->data = malloc(payload->len + 1);
    if (bytes->data == NULL)
        return KD_ENOMEM;
    if (payload->len > 0)
        memcpy(bytes->data, payload->data, payload->len);
    bytes->data[payload->len] = '\0';
    bytes->len = payload->len;
    bytes->format = payload->format;
    return KD_OK;
}

kd_payload
fake_bytes_payload(const struct fake_bytes *bytes)
{
    return kd_payload_make(bytes->format, bytes->data, bytes->len);
}

/* A list that a test reads: one that lacks memory lacks the act. */
void
fake_did(kd_fake *fake, const kd_fake_act *act)
{
    struct fake_act *copy = calloc(1, sizeof(*copy));

    if (copy == NULL)
        return;
    copy->pub = *act;
    copy->topic = act->topic == NULL ? NULL : strdup(act->topic);
    copy->pub.topic = copy->topic;
    if (fake_bytes_set(&copy->bytes, &act->payload) == KD_OK)
        copy->pub.payload = fake_bytes_payload(&copy->bytes);
    pthread_mutex_lock(&fake->lock);
    *fake->acts_end = copy;
    fake->acts_end = &copy->next;
    pthread_mutex_unlock(&fake->lock);
}
