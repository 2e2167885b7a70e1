/* SPDX-License-Identifier: MIT */
/*
 * Checks one kind against the rules of its class.
 *
 * What a class demands is a row of a table: how large its struct is, which
 * flag bits it has, which callbacks must be there. The structs all begin with
 * size and flags, so one function reads them all.
 */

#include "load/kind_check.h"

#include "base/error.h"
#include "load/option_check.h"
#include "load/size_check.h"
#include "load/text_check.h"

#include <string.h>

#define CALLBACKS_MAX    9
#define POLICY_STATE_MAX ((uint32_t)4096)
#define POLICY_PREFIX    "supervisor."

struct callback {
    const char *name;
    size_t at;
};

struct class_rule {
    uint32_t cls;
    const char *word;
    size_t size;
    uint32_t flags;      /* of the class's own struct */
    uint32_t kind_flags; /* of kd_kind */
    struct callback required[CALLBACKS_MAX];
};

#define NEEDS(type, field)                                                     \
    {                                                                          \
#field, offsetof(type, field)                                          \
    }

static const struct class_rule class_rules[] = {
    {KD_CLASS_WORKER, "worker", KD_FIRST_SIZE(kd_worker_kind),
        KD_WORKER_BLOCKING | KD_WORKER_NO_SPAWN | KD_WORKER_SEES_BROKEN,
        KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
        {NEEDS(kd_worker_kind, create), NEEDS(kd_worker_kind, run),
            NEEDS(kd_worker_kind, destroy)}},
    {KD_CLASS_HOST, "host", KD_FIRST_SIZE(kd_host_kind), 0, KD_KIND_LIFECYCLE,
        {NEEDS(kd_host_kind, create), NEEDS(kd_host_kind, start),
            NEEDS(kd_host_kind, ready), NEEDS(kd_host_kind, timer),
            NEEDS(kd_host_kind, enter), NEEDS(kd_host_kind, leave),
            NEEDS(kd_host_kind, stop), NEEDS(kd_host_kind, destroy)}},
    {KD_CLASS_POLICY, "policy", KD_FIRST_SIZE(kd_policy_kind), 0, 0,
        {NEEDS(kd_policy_kind, decide)}},
    {KD_CLASS_RESOURCE, "resource", KD_FIRST_SIZE(kd_resource_kind), 0,
        KD_KIND_LIFECYCLE,
        {NEEDS(kd_resource_kind, start), NEEDS(kd_resource_kind, stop)}},
    {KD_CLASS_DATA, "data", KD_FIRST_SIZE(kd_data_kind), 0, KD_KIND_OPEN,
        {NEEDS(kd_data_kind, check)}},
};

/* The host's own keys of an entry; a kind cannot have options of that name. */
static const char *const own_keys[] = {
    "kind", "lifecycle", "limits", "meta", "name"};

static const char *const reserved_prefixes[] = {"process.", "supervisor.",
    "function.", "library.", "registry.", "kindred."};

static const struct class_rule *find_rule(uint32_t cls);
static kd_status check_head(
    const kd_kind *kind, const struct class_rule **rule, kd_error *err);
static kd_status check_id(
    const char *id, uint32_t cls, int is_ours, kd_error *err);
static kd_status check_options(const kd_kind *kind, kd_error *err);
static kd_status check_impl(
    const struct class_rule *rule, const void *impl, kd_error *err);

const char *
kd__kind_class_word(uint32_t cls)
{
    const struct class_rule *rule = find_rule(cls);

    return rule == NULL ? NULL : rule->word;
}

kd_status
kd__kind_check(const kd_kind *kind, int is_ours, kd_error *err)
{
    const struct class_rule *rule = NULL;
    const char *id = "?";
    kd_status status =
        kd__size_check("kd_kind", kind->size, KD_FIRST_SIZE(kd_kind), err);

    if (status == KD_OK) {
        id = kd__text_or(kind->id, "?");
        status = check_head(kind, &rule, err);
    }
    if (status == KD_OK)
        status = check_id(kind->id, kind->cls, is_ours, err);
    if (status == KD_OK && !kd__text_is_line(kind->help))
        status = kd__error(err, KD_EPLUGIN, "help is not one line of text");
    if (status == KD_OK)
        status = check_options(kind, err);
    if (status == KD_OK)
        status = check_impl(rule, kind->impl, err);
    if (status != KD_OK)
        kd__error_prefix(err, "kind %.*s", KD__NAME_MAX, id);
    return status;
}

static const struct class_rule *
find_rule(uint32_t cls)
{
    size_t i;

    for (i = 0; i < sizeof(class_rules) / sizeof(class_rules[0]); i++) {
        if (class_rules[i].cls == cls)
            return &class_rules[i];
    }
    return NULL;
}

static kd_status
check_head(const kd_kind *kind, const struct class_rule **rule, kd_error *err)
{
    uint32_t unknown;

    if (kind->reserved != 0)
        return kd__error(err, KD_EPLUGIN, "its reserved field is not 0");
    *rule = find_rule(kind->cls);
    if (*rule == NULL)
        return kd__error(
            err, KD_EPLUGIN, "unknown class %lu", (unsigned long)kind->cls);
    unknown =
        kind->flags & ~(KD_KIND_LIFECYCLE | KD_KIND_LIMITS | KD_KIND_OPEN);
    if (unknown != 0)
        return kd__error(
            err, KD_EPLUGIN, "unknown flag bits 0x%lx", (unsigned long)unknown);
    unknown = kind->flags & ~(*rule)->kind_flags;
    if (unknown != 0)
        return kd__error(err, KD_EPLUGIN, "a %s kind has no %s", (*rule)->word,
            unknown & KD_KIND_LIMITS      ? "limits"
            : unknown & KD_KIND_LIFECYCLE ? "lifecycle"
                                          : "open keys");
    return KD_OK;
}

/* Semantics S22: a third party's policies stand among the supervisors. */
static kd_status
check_policy_id(const char *id, kd_error *err)
{
    const char *vendor, *name;

    if (id != NULL && kd__text_is_name(id, "_.-") &&
        strncmp(id, POLICY_PREFIX, strlen(POLICY_PREFIX)) == 0) {
        vendor = id + strlen(POLICY_PREFIX);
        name = strchr(vendor, '_');
        if (name != NULL && name != vendor && name[1] != '\0')
            return KD_OK;
    }
    return kd__error(err, KD_EPLUGIN,
        "the id of a policy must be like " POLICY_PREFIX "vendor_name");
}

static kd_status
check_id(const char *id, uint32_t cls, int is_ours, kd_error *err)
{
    size_t i;

    if (is_ours && kd__text_is_name(id, "_.-"))
        return KD_OK;
    if (cls == KD_CLASS_POLICY)
        return check_policy_id(id, err);
    if (!kd__text_is_dotted(id))
        return kd__error(
            err, KD_EPLUGIN, "the id of a kind must be like vendor.name");
    for (i = 0; i < sizeof(reserved_prefixes) / sizeof(reserved_prefixes[0]);
         i++) {
        const char *prefix = reserved_prefixes[i];

        if (strncmp(id, prefix, strlen(prefix)) == 0)
            return kd__error(
                err, KD_EPLUGIN, "ids with '%s' are reserved", prefix);
    }
    return KD_OK;
}

static kd_status
check_options(const kd_kind *kind, kd_error *err)
{
    kd_status status = kd__option_check(kind->options, kind->n_options, err);
    size_t i, k;

    if (status != KD_OK)
        return status;
    for (i = 0; i < kind->n_options; i++) {
        const char *name = kd__option_at(kind->options, i)->name;

        for (k = 0; k < sizeof(own_keys) / sizeof(own_keys[0]); k++) {
            if (strcmp(name, own_keys[k]) == 0)
                return kd__error(
                    err, KD_EPLUGIN, "option %s is the host's own", name);
        }
    }
    return KD_OK;
}

/* Function pointers are read as bytes: their types differ from row to row. */
static int
has_callback(const void *impl, size_t at)
{
    void (*callback)(void) = NULL;

    memcpy(&callback, (const char *)impl + at, sizeof(callback));
    return callback != NULL;
}

static kd_status
check_policy(const kd_policy_kind *policy, kd_error *err)
{
    if (policy->state_size > POLICY_STATE_MAX || policy->reserved != 0)
        return kd__error(err, KD_EPLUGIN,
            "state_size of a policy is %lu, at most %lu are given",
            (unsigned long)policy->state_size, (unsigned long)POLICY_STATE_MAX);
    return KD_OK;
}

/* A host is driven by threads of its own or by all three of these. */
static kd_status
check_host(const kd_host_kind *host, kd_error *err)
{
    int parts =
        (host->step != NULL) + (host->fd != NULL) + (host->next_due != NULL);

    if (parts != 0 && parts != 3)
        return kd__error(
            err, KD_EPLUGIN, "step, fd and next_due of a host go together");
    return KD_OK;
}

static kd_status
check_impl(const struct class_rule *rule, const void *impl, kd_error *err)
{
    const struct callback *callback;
    uint32_t head[2]; /* size and flags */
    kd_status status;

    if (impl == NULL && rule->cls == KD_CLASS_DATA)
        return KD_OK;
    if (impl == NULL)
        return kd__error(
            err, KD_EPLUGIN, "impl of a %s kind is missing", rule->word);
    memcpy(head, impl, sizeof(head));
    status = kd__size_check("impl", head[0], rule->size, err);
    if (status != KD_OK)
        return status;
    if ((head[1] & ~rule->flags) != 0)
        return kd__error(err, KD_EPLUGIN, "unknown flag bits 0x%lx of its impl",
            (unsigned long)(head[1] & ~rule->flags));
    for (callback = rule->required; callback->name != NULL; callback++) {
        if (!has_callback(impl, callback->at))
            return kd__error(
                err, KD_EPLUGIN, "callback %s is missing", callback->name);
    }
    if (rule->cls == KD_CLASS_POLICY)
        return check_policy(impl, err);
    if (rule->cls == KD_CLASS_HOST)
        return check_host(impl, err);
    return KD_OK;
}
