/* SPDX-License-Identifier: MIT */
/*
 * Ports: processes in the hands of foreign threads. A port knows a pid and
 * nothing else, so it cannot keep a process, or be kept by one.
 */
#ifndef KD_RUNTIME_PORT_H
#define KD_RUNTIME_PORT_H

#include "proc/proc.h"

#include <kindred/port.h>

/* A port of this process, with one reference; NULL without memory. */
kd_port *kd__port_get(const struct kd__proc *proc);

#endif
