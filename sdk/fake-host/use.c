/* SPDX-License-Identifier: MIT */
/*
 * What a kind made of an entry: `prepare` once, before its first process.
 */

#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The check given to `prepare`; the first report is kept. */
struct fake_check {
    kd_check pub; /* First. */
    size_t reports;
    char text[KD_ERROR_TEXT];
};

const kd_kind *
fake_kind(kd_fake *fake, const char *id, struct fake_plugin **plugin)
{
    const kd_kind *const *kind;
    size_t i;

    for (i = 0; i < fake->n_plugins; i++) {
        for (kind = fake->plugins[i].plugin->kinds; *kind != NULL; kind++) {
            if (strcmp((*kind)->id, id) != 0)
                continue;
            if (plugin != NULL)
                *plugin = &fake->plugins[i];
            return *kind;
        }
    }
    return NULL;
}

static void
check_report(const kd_check *pub, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    struct fake_check *check = (struct fake_check *)(uintptr_t)pub;

    (void)where;
    (void)file;
    (void)line;
    if (check->reports++ == 0)
        snprintf(check->text, sizeof(check->text), "%s", text);
}

static void
check_warn(const kd_check *pub, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    (void)pub;
    (void)where;
    (void)file;
    (void)line;
    (void)text;
}

static kd_status
use_prepare(kd_fake *fake, struct fake_use *use, kd_error *err)
{
    struct fake_check check;
    kd_error own = KD_ERROR_INIT;
    kd_status status;

    memset(&check, 0, sizeof(check));
    check.pub.size = (uint32_t)sizeof(check.pub);
    check.pub.report = check_report;
    check.pub.warn = check_warn;
    if (use->worker->prepare == NULL)
        return KD_OK;
    status = use->worker->prepare(use->state, use->entry, &check.pub,
        &use->prepared, err != NULL ? err : &own);
    fake_check_status(
        fake, fake->api.entry_kind(use->entry), "prepare", status);
    if (status == KD_OK && check.reports > 0)
        return fake_error(err, KD_EINVAL, check.text);
    return status;
}

const struct fake_use *
fake_use(kd_fake *fake, const kd_entry *entry, kd_error *err)
{
    const char *id = fake->api.entry_kind(entry);
    struct fake_plugin *plugin = NULL;
    const kd_kind *kind = fake_kind(fake, id, &plugin);
    struct fake_use *use;

    for (use = fake->uses; use != NULL; use = use->next) {
        if (use->entry == entry)
            return use;
    }
    if (kind == NULL || kind->cls != KD_CLASS_WORKER) {
        fake_error(err, KD_EINVAL, "not an entry of a worker kind");
        return NULL;
    }
    use = calloc(1, sizeof(*use));
    if (use == NULL)
        return NULL;
    use->entry = entry;
    use->worker = kind->impl;
    use->state = plugin->state;
    use->next = fake->uses;
    fake->uses = use;
    use->status = use_prepare(fake, use, err);
    return use;
}

kd_status
kd_fake_prepare(kd_fake *fake, const kd_entry *entry, kd_error *err)
{
    const struct fake_use *use = fake_use(fake, entry, err);

    return use == NULL ? KD_EINVAL : use->status;
}

/* As with the host: what was prepared is handed back whatever it returned. */
void
fake_uses_free(kd_fake *fake)
{
    struct fake_use *use;

    while ((use = fake->uses) != NULL) {
        fake->uses = use->next;
        if (use->worker->unprepare != NULL && use->prepared != NULL)
            use->worker->unprepare(use->prepared);
        free(use);
    }
}
