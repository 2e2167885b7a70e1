/* SPDX-License-Identifier: MIT */
/*
 * Reads an entry. Types were checked by the host.
 */

#include "plan.h"

#include "outcome.h"

#include <kindred/api.h>
#include <stdio.h>
#include <stdlib.h>

static void read_command(struct kp_plan *plan, const kd_check *check);
static void read_folder(struct kp_plan *plan, const kd_check *check);
static void read_to(struct kp_plan *plan, const kd_check *check);
static void read_env(struct kp_plan *plan, const kd_check *check);
static void check_variable(const kd_node *variable, const kd_check *check);
static enum kp_framing read_framing(
    const struct kp_plan *plan, const char *option);
static int check_text(
    const kd_node *node, const char *option, const kd_check *check);
static void add_variable(
    struct kp_plan *plan, const char *name, const char *value);

kd_status
kp__plan_new(const kd_api *api, struct kp_keeper *keeper, const kd_entry *entry,
    const kd_check *check, struct kp_plan **made)
{
    const kd_node *limit = api->entry_get(entry, "limits.message_bytes");
    struct kp_plan *plan = calloc(1, sizeof(*plan));

    if (plan == NULL)
        return KD_ENOMEM;
    plan->api = api;
    plan->keeper = keeper;
    plan->entry = entry;
    plan->message_bytes = limit == NULL ? 0 : (uint64_t)limit->integer;
    plan->framing_in = read_framing(plan, "stdin.framing");
    plan->framing_out = read_framing(plan, "stdout.framing");
    plan->kill_signal =
        kp__signal_number(api->entry_get(entry, "kill_signal")->text);
    read_command(plan, check);
    read_folder(plan, check);
    read_to(plan, check);
    read_env(plan, check);
    if (plan->command.status == KD_OK && plan->folder.status == KD_OK &&
        plan->env.status == KD_OK) {
        *made = plan;
        return KD_OK;
    }
    kp__plan_free(plan);
    return KD_ENOMEM;
}

void
kp__plan_free(struct kp_plan *plan)
{
    if (plan == NULL)
        return;
    kd_writer_free(&plan->folder);
    kd_writer_free(&plan->command);
    kd_writer_free(&plan->env);
    free(plan);
}

static void
read_command(struct kp_plan *plan, const kd_check *check)
{
    const kd_node *list = plan->api->entry_get(plan->entry, "command");
    const kd_node *word = list->child;

    if (word == NULL || word->len == 0) {
        check->report(check, word == NULL ? list : word, NULL, 0,
            "command: must begin with a program");
        return;
    }
    plan->program = word->text;
    for (; word != NULL; word = word->next) {
        if (!check_text(word, "command", check))
            continue;
        kd_write_raw(&plan->command, word->text, word->len + 1);
        plan->n_command++;
    }
}

/* Without a folder of the application: from where the host is. */
static void
read_folder(struct kp_plan *plan, const kd_check *check)
{
    const kd_node *cwd = plan->api->entry_get(plan->entry, "cwd");
    const char *folder = plan->api->folder(plan->api);

    if (!check_text(cwd, "cwd", check))
        return;
    if (cwd->text[0] != '/' && folder != NULL) {
        kd_write_raw(&plan->folder, folder, strlen(folder));
        if (strcmp(cwd->text, ".") == 0 || cwd->len == 0) {
            kd_write_raw(&plan->folder, "", 1);
            return;
        }
        kd_write_raw(&plan->folder, "/", 1);
    }
    kd_write_raw(&plan->folder, cwd->text, cwd->len + 1);
}

static void
read_to(struct kp_plan *plan, const kd_check *check)
{
    const kd_node *to = plan->api->entry_get(plan->entry, "to");

    if (to != NULL && to->len == 0)
        check->report(check, to, NULL, 0, "to: a name is due");
    plan->to = to == NULL ? NULL : to->text;
}

/* The host's variables but those that the entry has or removes; then its own.
 */
static void
read_env(struct kp_plan *plan, const kd_check *check)
{
    const kd_api *api = plan->api;
    const kd_node *own = api->entry_get(plan->entry, "env");
    const kd_node *node;
    const char *name, *value;

    for (size_t i = 0; (name = api->env_at(api, i, &value)) != NULL; i++) {
        if (kd_node_find(own, name) == NULL)
            add_variable(plan, name, value);
    }
    for (node = own->child; node != NULL; node = node->next) {
        check_variable(node, check);
        if (node->type == KD_NODE_STRING)
            add_variable(plan, node->key, node->text);
    }
}

static void
check_variable(const kd_node *variable, const kd_check *check)
{
    char text[160];

    if (variable->key[0] == '\0' || strchr(variable->key, '=') != NULL) {
        snprintf(text, sizeof(text), "env: not the name of a variable: '%.60s'",
            variable->key);
        check->report(check, variable, NULL, 0, text);
    } else if (variable->type == KD_NODE_STRING) {
        (void)check_text(variable, "env", check);
    } else if (variable->type != KD_NODE_NULL) {
        snprintf(text, sizeof(text),
            "env.%.60s: a string is due (quote it), or null to remove it",
            variable->key);
        check->report(check, variable, NULL, 0, text);
    }
}

static enum kp_framing
read_framing(const struct kp_plan *plan, const char *option)
{
    const char *word = plan->api->entry_get(plan->entry, option)->text;

    if (strcmp(word, "none") == 0)
        return KP_FRAMING_NONE;
    return strcmp(word, "lines") == 0 ? KP_FRAMING_LINES : KP_FRAMING_MSGPACK;
}

/* What the system is given ends at the first zero byte. */
static int
check_text(const kd_node *node, const char *option, const kd_check *check)
{
    char text[80];

    if (strlen(node->text) == node->len)
        return 1;
    snprintf(text, sizeof(text), "%s: cannot have a zero byte", option);
    check->report(check, node, NULL, 0, text);
    return 0;
}

static void
add_variable(struct kp_plan *plan, const char *name, const char *value)
{
    kd_write_raw(&plan->env, name, strlen(name));
    kd_write_raw(&plan->env, "=", 1);
    kd_write_raw(&plan->env, value, strlen(value) + 1);
    plan->n_env++;
}
