/* SPDX-License-Identifier: MIT */
/*
 * A process as a foreign thread may hold it: to wake it, or to send to it.
 *
 * A port outlives its process without harm: what is sent then is KD_EGONE. It
 * must be released before the runtime is freed.
 */
#ifndef KINDRED_PORT_H
#define KINDRED_PORT_H

#include <kindred/payload.h>

KD_BEGIN_DECLS

/** The services, by kd_port::calls. Use the functions below. */
typedef struct kd_port_calls {
    uint32_t size; /**< sizeof(kd_port_calls) as the host has it. */
    uint32_t reserved;
    /** See kd_port_retain(). [any & !may-block] */
    kd_port *(*retain)(kd_port *port);
    /** See kd_port_release(). [any & !may-block] */
    void (*release)(kd_port *port);
    /** See kd_port_wake(). [any & !may-block] */
    kd_status (*wake)(kd_port *port);
    /** See kd_port_send(). [any & !may-block] */
    kd_status (*send)(kd_port *port, const char *topic, size_t topic_len,
        uint32_t flags, const kd_payload *payload, kd_error *err);
} kd_port_calls;
KD_ABI_STRUCT(kd_port_calls, 40);

/** The part of a port that its holders see. Frozen. */
struct kd_port {
    const kd_port_calls *calls;
};

/** One more reference. @return the port. */
static inline kd_port *
kd_port_retain(kd_port *port)
{
    return port->calls->retain(port);
}

/** One reference less. NULL is allowed. */
static inline void
kd_port_release(kd_port *port)
{
    if (port != NULL)
        port->calls->release(port);
}

/** Have `run` called soon. @return KD_OK, KD_EGONE. */
static inline kd_status
kd_port_wake(kd_port *port)
{
    return port->calls->wake(port);
}

/** As kd_proc_send(), to the port's process and from the runtime's pid. */
static inline kd_status
kd_port_send(kd_port *port, const char *topic, size_t topic_len, uint32_t flags,
    const kd_payload *payload, kd_error *err)
{
    return port->calls->send(port, topic, topic_len, flags, payload, err);
}

KD_END_DECLS

#endif
