/* SPDX-License-Identifier: MIT */
/*
 * The runtime object: ties the other folders together, and holds what they
 * are given.
 *
 * The loader's thread owns all of it but what is marked. What an application
 * consists of is constant from kd_runtime_open on.
 */
#ifndef KD_RUNTIME_RUNTIME_H
#define KD_RUNTIME_RUNTIME_H

#include "base/env.h"
#include "entry/entries.h"
#include "load/plugins.h"
#include "proc/proc.h"
#include "runtime/fd_watch.h"
#include "runtime/input.h"
#include "runtime/log.h"
#include "runtime/output.h"
#include "runtime/step.h"

#include <kindred/embed.h>
#include <kindred/ext/memory.h>
#include <kindred/ext/terminal.h>
#include <kindred/service.h>
#include <signal.h>

/* How far a runtime has got. */
#define KD__STAGE_NEW     0u
#define KD__STAGE_OPEN    1u
#define KD__STAGE_FAILED  2u /* Opened, with errors. */
#define KD__STAGE_STARTED 3u
#define KD__STAGE_STOPPED 4u
#define KD__STAGE_UNDONE  5u /* Its plugins have ended. */

struct kd__ledger;
struct kd__service;

struct kd_runtime {
    kd_api api; /* First: the API is the runtime. */
    kd_config config;
    struct kd__env env; /* Constant. */
    uint32_t stage;     /* KD__STAGE_ */
    struct kd__system system;
    struct kd__log log;
    struct kd__output output;
    struct kd__input input;
    struct kd__fd_watch fd_watch;
    struct kd__ledger *ledger; /* Of buffers; NULL: they are not watched. */
    struct kd__step step;      /* All zero: it has threads. */
    struct kd__plugins *plugins;
    struct kd__entries *entries; /* NULL before open. */
    char *dir;
    struct kd__code *codes;       /* By index of the entry. */
    struct kd__host *hosts;       /* All host entries of the application. */
    struct kd__host **host_list;  /* The same, for the system. */
    struct kd__service *services; /* What starts, in the order of that. */
    size_t n_services;
    struct kd__service **service_of; /* By index of the entry; NULL: none. */
    const kd_service *service_offer; /* Who looks after them, or NULL. */
    int has_signal;                  /* The preemption handler is ours. */
    struct sigaction old_action;     /* What it replaced. */
    int is_interrupted;              /* By lock: the start is to be given up. */
    pthread_mutex_t lock;   /* Guards services' states while they run. */
    pthread_cond_t changed; /* One of them has, or a process has left. */
};

static inline kd_runtime *
kd__runtime_of(const kd_api *api)
{
    return (kd_runtime *)(uintptr_t)api;
}

static inline kd_runtime *
kd__runtime_of_system(struct kd__system *system)
{
    return (kd_runtime *)system->arg;
}

/* The host of an id, or NULL. */
struct kd__host *kd__runtime_host(const kd_runtime *runtime, const char *id);

/* api_calls.c, proc_calls.c */
extern const kd_api kd__api_calls;
extern const kd_proc_calls kd__proc_calls;

/* memory_calls.c */
extern const kd_memory kd__memory_calls;

/* terminal.c */
extern const kd_terminal kd__terminal_calls;

/* open.c: kinds and plugins end. Then, when nothing is logged any more, what
 * the log may name is freed. */
void kd__open_undo(kd_runtime *runtime);
void kd__open_free(kd_runtime *runtime);

/* open.c: have a kind prepare an entry; what is wrong with it is reported. */
kd_status kd__code_prepare(
    kd_runtime *runtime, struct kd__code *code, kd_error *err);

/* stop.c: KD_OK, or KD_EBUSY with whom. */
kd_status kd__stop(kd_runtime *runtime, uint64_t timeout_ns, kd_error *err);

/* breach.c: a plugin has broken a rule of kindred-validate's, its log says; in
 * a process, which may have ended. */
void kd__breach(void *arg, uint32_t level, const struct kd__proc *proc,
    const char *rule, const char *text);
void kd__breach_of(kd_runtime *runtime, uint32_t level, kd_pid pid,
    const kd_entry *entry, const char *rule, const char *text);

/* preempt.c */
void kd__preempt_install(kd_runtime *runtime);
void kd__preempt_remove(kd_runtime *runtime);

#endif
