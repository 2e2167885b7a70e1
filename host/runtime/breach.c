/* SPDX-License-Identifier: MIT */
/*
 * What is said when a plugin breaks its contract while it runs: of which
 * plugin, which kind, and which of the rules that kindred-validate tries.
 */

#include "runtime/runtime.h"

void
kd__breach(void *arg, uint32_t level, const struct kd__proc *proc,
    const char *rule, const char *text)
{
    kd__breach_of(
        arg, level, proc->pid, kd__proc_code(proc)->entry, rule, text);
}

void
kd__breach_of(kd_runtime *runtime, uint32_t level, kd_pid pid,
    const kd_entry *entry, const char *rule, const char *text)
{
    const char *kind = kd__entry_kind(entry);
    struct kd__plugin *plugin = NULL;

    kd__plugins_find_kind(runtime->plugins, kind, &plugin);
    kd__log_text(&runtime->log, level, pid, kd__entry_id(entry),
        "%s (plugin %s, kind %s: rule %s of kindred-validate)", text,
        plugin == NULL ? "?" : plugin->descriptor->name, kind, rule);
}
