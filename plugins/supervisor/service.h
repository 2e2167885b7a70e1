/* SPDX-License-Identifier: MIT */
/*
 * Services (semantics K5, L): a process that looks after one other process. It
 * starts it, starts it again after a failure, and stops it when it is itself
 * asked to end.
 *
 *     service.c        the kind: its options and callbacks
 *     service_plan.c   what an entry says
 *     service_rule.c   whether to run again, and when
 *     service_life.c   states, events, and what is done
 *     service_log.c    what the log says about it
 */
#ifndef KS_SERVICE_H
#define KS_SERVICE_H

#include "service_plan.h"

#include <kindred/kind.h>
#include <kindred/service.h>

enum service_state {
    SERVICE_PAUSED,   /* No process; the next run is due some time. */
    SERVICE_STARTING, /* There is one, which will say that it is up. */
    SERVICE_RUNNING,
    SERVICE_KILLING,  /* It took too long to start: ended by force. */
    SERVICE_STOPPING, /* It was asked to end. */
    SERVICE_OVER,     /* The service itself ends. */
    SERVICE_STATES
};

struct service {
    const struct service_plan *plan;
    kd_proc *proc;
    kd_writer args; /* Of the process. */
    enum service_state state;
    kd_pid process;      /* From STARTING to STOPPING. */
    kd_time began;       /* When it was spawned. */
    kd_time due;         /* Of PAUSED and STARTING; else KD_NEVER. */
    kd_time stop_due;    /* When stopping takes too long. */
    uint64_t failures;   /* In a row. */
    uint64_t chance;     /* State of the random numbers. */
    uint32_t is_settled; /* How the first start went is known. */
    kd_next end;         /* Of OVER: how `run` ends. */
};

/* The kind process.service, and what the plugin offers. */
extern const kd_kind ks__service_kind;
extern const kd_service ks__service_offer;

/* service_life.c: an event and what belongs to it. */
enum service_event {
    SERVICE_READY,  /* The process is up. */
    SERVICE_END,    /* It has ended; the signal says how. */
    SERVICE_CANCEL, /* The service is asked to end; the signal says by when. */
    SERVICE_DUE,    /* The time is over. */
    SERVICE_EVENTS
};

void ks__service_handle(
    struct service *service, enum service_event event, const kd_signal *signal);

#endif
