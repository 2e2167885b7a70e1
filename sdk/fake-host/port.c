/* SPDX-License-Identifier: MIT */
/*
 * Ports, which outlive their process: the record of a process stays until the
 * fake is freed.
 */

#include "state.h"

#include <stdlib.h>
#include <string.h>

static kd_port *
port_retain(kd_port *pub)
{
    struct fake_port *port = (struct fake_port *)pub;

    pthread_mutex_lock(&port->proc->fake->lock);
    port->refs++;
    pthread_mutex_unlock(&port->proc->fake->lock);
    return pub;
}

static void
port_release(kd_port *pub)
{
    struct fake_port *port = (struct fake_port *)pub;
    long left;

    pthread_mutex_lock(&port->proc->fake->lock);
    left = --port->refs;
    pthread_mutex_unlock(&port->proc->fake->lock);
    if (left < 0)
        fake_complain(port->proc->fake, "a port is released once too often");
}

static kd_status
port_wake(kd_port *pub)
{
    struct fake_proc *proc = ((struct fake_port *)pub)->proc;

    if (proc->ended != KD_FAKE_LIVES)
        return KD_EGONE;
    pthread_mutex_lock(&proc->fake->lock);
    proc->again = 1;
    pthread_mutex_unlock(&proc->fake->lock);
    return KD_OK;
}

static kd_status
port_send(kd_port *pub, const char *topic, size_t topic_len, uint32_t flags,
    const kd_payload *payload, kd_error *err)
{
    struct fake_proc *proc = ((struct fake_port *)pub)->proc;

    return proc->fake->api.send(
        &proc->fake->api, proc->pid, topic, topic_len, flags, payload, err);
}

static const kd_port_calls port_calls = {
    .size = sizeof(kd_port_calls),
    .retain = port_retain,
    .release = port_release,
    .wake = port_wake,
    .send = port_send,
};

kd_port *
fake_port_new(struct fake_proc *proc)
{
    struct fake_port *port;

    if (fake_refused(proc->fake, KD_FAKE_PORT) != KD_OK)
        return NULL;
    port = calloc(1, sizeof(*port));
    if (port == NULL)
        return NULL;
    port->pub.calls = &port_calls;
    port->proc = proc;
    port->refs = 1;
    pthread_mutex_lock(&proc->fake->lock);
    port->next = proc->fake->ports;
    proc->fake->ports = port;
    pthread_mutex_unlock(&proc->fake->lock);
    return &port->pub;
}

void
fake_ports_free(kd_fake *fake)
{
    struct fake_port *port;

    while ((port = fake->ports) != NULL) {
        fake->ports = port->next;
        if (port->refs > 0)
            fake_complain(fake, "a port of a process is never released");
        free(port);
    }
}
