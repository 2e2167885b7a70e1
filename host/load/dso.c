/* SPDX-License-Identifier: MIT */
/*
 * dlopen and dlsym.
 *
 * RTLD_NOW: what is missing shows here, with a name, and not in the middle of
 * a run. RTLD_LOCAL: two plugins may each bring their own copy of a library.
 */

#include "load/dso.h"

#include "base/error.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define MAJORS_MAX 9

static kd_status refuse(void *handle, kd_error *err);

/* The linker's own words, which begin with the path; we say that ourselves. */
static const char *
linker_says(const char *path)
{
    const char *text = dlerror();
    size_t len = strlen(path);

    if (text == NULL)
        return "cannot be opened";
    if (strncmp(text, path, len) == 0 && strncmp(text + len, ": ", 2) == 0)
        return text + len + 2;
    return text;
}

kd_status
kd__dso_open(const char *path, kd_plugin_query_fn *query, kd_error *err)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    void *symbol;

    if (handle == NULL)
        return kd__error(
            err, KD_ENOTPLUGIN, "cannot be opened: %s", linker_says(path));
    symbol = dlsym(handle, KD_PLUGIN_QUERY);
    if (symbol == NULL)
        return refuse(handle, err);
    /* ISO C has no conversion from an object pointer to a function's. */
    memcpy(query, &symbol, sizeof(*query));
    return KD_OK;
}

static kd_status
refuse(void *handle, kd_error *err)
{
    char name[sizeof(KD_PLUGIN_QUERY) + 12]; /* Room for any number. */
    int major;

    for (major = 0; major <= MAJORS_MAX; major++) {
        snprintf(name, sizeof(name), "kd_plugin_query_v%d", major);
        if (dlsym(handle, name) != NULL)
            return kd__error(err, KD_EABI, "exports %s, host wants %s", name,
                KD_PLUGIN_QUERY);
    }
    return kd__error(err, KD_ENOTPLUGIN, "not a kindred plugin: exports no %s",
        KD_PLUGIN_QUERY);
}
