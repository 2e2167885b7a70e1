/* SPDX-License-Identifier: MIT */
/*
 * Requests that change something; each is an operation, or none is needed.
 */
#ifndef KS_REQUEST_CHANGE_H
#define KS_REQUEST_CHANGE_H

#include "supervisor.h"

/* Begin an operation, without anybody in it, and answer when it is done. */
void ks__operate(struct supervisor *s, kd_message *message, enum why why);

void ks__start_child(struct supervisor *s, kd_message *message);
void ks__terminate_child(struct supervisor *s, kd_message *message);
void ks__restart_child(struct supervisor *s, kd_message *message);
void ks__delete_child(struct supervisor *s, kd_message *message);

#endif
