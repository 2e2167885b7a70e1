/* SPDX-License-Identifier: MIT */
/*
 * What a foreign thread may do with a process.
 */

#include "runtime/port.h"

#include "base/scope.h"
#include "proc/send.h"
#include "proc/wake.h"

struct port {
    kd_port pub;
    struct kd__system *system;
    const kd_allocator *memory; /* It may outlive the system. */
    kd_pid pid;
    atomic_size_t refs;
};

static kd_port *
call_retain(kd_port *pub)
{
    struct port *port = (struct port *)(void *)pub;

    atomic_fetch_add_explicit(&port->refs, 1, memory_order_relaxed);
    return pub;
}

static void
call_release(kd_port *pub)
{
    struct port *port = (struct port *)(void *)pub;
    KD__SCOPE(port->memory);

    if (atomic_fetch_sub_explicit(&port->refs, 1, memory_order_acq_rel) == 1)
        kd__free(port);
}

static kd_status
call_wake(kd_port *pub)
{
    struct port *port = (struct port *)(void *)pub;
    struct kd__guest *guest = kd__epoch_visit(&port->system->epoch);
    struct kd__proc *proc = kd__proc_find(port->system, port->pid);
    kd_status status = KD_EGONE;

    if (proc != NULL && kd__proc_is_alive(proc)) {
        kd__wake(proc);
        status = KD_OK;
    }
    kd__epoch_depart(guest);
    return status;
}

static kd_status
call_send(kd_port *pub, const char *topic, size_t topic_len, uint32_t flags,
    const kd_payload *payload, kd_error *err)
{
    struct port *port = (struct port *)(void *)pub;

    return port->system->api->send(
        port->system->api, port->pid, topic, topic_len, flags, payload, err);
}

static const kd_port_calls port_calls = {
    .size = sizeof(kd_port_calls),
    .retain = call_retain,
    .release = call_release,
    .wake = call_wake,
    .send = call_send,
};

kd_port *
kd__port_get(const struct kd__proc *proc)
{
    struct port *port = kd__calloc(1, sizeof(*port));

    if (port == NULL)
        return NULL;
    port->pub.calls = &port_calls;
    port->system = proc->system;
    port->memory = proc->system->allocator;
    port->pid = proc->pid;
    atomic_init(&port->refs, 1);
    return &port->pub;
}
