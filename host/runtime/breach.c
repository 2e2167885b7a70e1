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
    kd_runtime *runtime = arg;
    const struct kd__code *code = kd__proc_code(proc);
    const char *kind = kd__entry_kind(code->entry);
    struct kd__plugin *plugin = NULL;

    kd__plugins_find_kind(runtime->plugins, kind, &plugin);
    kd__log_text(&runtime->log, level, proc->pid, code->id,
        "%s (plugin %s, kind %s: rule %s of kindred-validate)", text,
        plugin == NULL ? "?" : plugin->descriptor->name, kind, rule);
}
