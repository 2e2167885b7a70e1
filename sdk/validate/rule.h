/* SPDX-License-Identifier: MIT */
/*
 * A rule that plugins keep, and how its file says that one does not.
 *
 * Each rule runs in a process of its own, once for the plugin or once for each
 * entry of the class it is about: a plugin that crashes or hangs breaks the
 * rule and nothing else. The process has the plugin in a real runtime, whose
 * entries it takes, and in a fake host, which the rule drives.
 */
#ifndef VALIDATE_RULE_H
#define VALIDATE_RULE_H

#include "../fake-host/fake.h"

#include <kindred/embed.h>

/* What a rule is run on. */
struct subject {
    const char *path;        /* The file of the plugin. */
    const char *app;         /* Folder of the application. */
    const kd_plugin *plugin; /* NULL while it has not been loaded. */
    const kd_kind *kind;     /* Of the entry; NULL for a plugin's rule. */
    const kd_entry *entry;
    const kd_payload *args;    /* For its processes; NULL: none. */
    const char *const *beside; /* Further plugins; ends in NULL. */
    kd_runtime *runtime;
    kd_fake *fake;
    int is_loud;    /* Whether an application that does not open is told. */
    int report;     /* Where broken rules are told. */
    int is_refused; /* Whether it was told that a spawn wants arguments. */
};

struct rule {
    const char *name;
    const char *about; /* One line for --list. */
    uint32_t classes;  /* 0: of the plugin; else KD_CLASS_ of its entries. */
    void (*run)(struct subject *subject);
};

extern const struct rule *const rules[];

extern const struct rule rule_stamp, rule_symbols, rule_help, rule_load,
    rule_orders, rule_idle, rule_arguments, rule_mail, rule_cancel,
    rule_refusals, rule_gone, rule_threads, rule_signals, rule_prompt,
    rule_slice, rule_leaks, rule_describe, rule_resource, rule_policy,
    rule_host, rule_data;

/* Tell that the rule is broken, and how. The text is one line. */
KD_PRINTF(2, 3)
void broken(struct subject *subject, const char *format, ...);
/* Tell that it could not be tried, and why. */
KD_PRINTF(2, 3)
void skipped(struct subject *subject, const char *format, ...);

/*
 * A process of the entry. NULL: it was refused, and that is told. Refusing the
 * arguments is its right.
 */
kd_proc *spawn(struct subject *subject);
/* What the fake complained of breaks the rule; then a new fake is there. */
void fake_renew(struct subject *subject);
/* The worker behind the entry's kind. */
const kd_worker_kind *worker_of(const struct subject *subject);
/* Whether its runs may block: then nobody waits for them with a watch. */
int is_blocking(const struct subject *subject);
/* Put the index-th of some messages in, odd ones too; 0: there is none. */
int odd_mail(kd_proc *proc, size_t index);

#endif
