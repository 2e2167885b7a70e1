/* SPDX-License-Identifier: MIT */
/*
 * What a plugin may ask of the world around its runtime: the environment and
 * the application's folder. The program's own are never looked at.
 */

#include "state.h"

#include <stdlib.h>
#include <string.h>

static struct fake_variable **
place(kd_fake *fake, const char *name)
{
    struct fake_variable **at = &fake->variables;

    while (*at != NULL && strcmp((*at)->name, name) < 0)
        at = &(*at)->next;
    return at;
}

static void
drop(struct fake_variable **at)
{
    struct fake_variable *variable = *at;

    *at = variable->next;
    free(variable->name);
    free(variable->value);
    free(variable);
}

kd_status
kd_fake_set_env(kd_fake *fake, const char *name, const char *value)
{
    struct fake_variable **at = place(fake, name), *variable;

    if (*at != NULL && strcmp((*at)->name, name) == 0)
        drop(at);
    if (value == NULL)
        return KD_OK;
    variable = calloc(1, sizeof(*variable));
    if (variable == NULL)
        return KD_ENOMEM;
    variable->next = *at;
    *at = variable;
    variable->name = strdup(name);
    variable->value = strdup(value);
    if (variable->name != NULL && variable->value != NULL)
        return KD_OK;
    drop(at);
    return KD_ENOMEM;
}

kd_status
kd_fake_set_folder(kd_fake *fake, const char *path)
{
    char *copy = path == NULL ? NULL : strdup(path);

    if (path != NULL && copy == NULL)
        return KD_ENOMEM;
    free(fake->folder);
    fake->folder = copy;
    return KD_OK;
}

static const char *
env_at(const kd_api *api, size_t index, const char **value)
{
    const struct fake_variable *variable = ((const kd_fake *)api)->variables;

    while (variable != NULL && index-- > 0)
        variable = variable->next;
    if (variable == NULL)
        return NULL;
    if (value != NULL)
        *value = variable->value;
    return variable->name;
}

static const char *
env_get(const kd_api *api, const char *name)
{
    const char *value = NULL, *found;
    size_t i;

    for (i = 0; (found = env_at(api, i, &value)) != NULL; i++) {
        if (strcmp(found, name) == 0)
            return value;
    }
    return NULL;
}

static const char *
folder(const kd_api *api)
{
    return ((const kd_fake *)api)->folder;
}

void
fake_world_calls(kd_api *api)
{
    api->env_get = env_get;
    api->env_at = env_at;
    api->folder = folder;
}

void
fake_world_free(kd_fake *fake)
{
    while (fake->variables != NULL)
        drop(&fake->variables);
    free(fake->folder);
}
