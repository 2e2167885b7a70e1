/* SPDX-License-Identifier: MIT */
/*
 * What systemd, or whoever else started the command, wants to know of it: the
 * protocol of sd_notify(3), which is a datagram to the socket in NOTIFY_SOCKET.
 * Without one, nothing is sent.
 */
#ifndef KD_CLI_NOTIFY_H
#define KD_CLI_NOTIFY_H

#include <sys/socket.h>
#include <sys/un.h>

struct kd__notify {
    int fd; /* -1: nobody wants to know. */
    struct sockaddr_un to;
    socklen_t to_len;
    int watchdog_ms; /* How often to send WATCHDOG=1; -1: never. */
};

/*
 * Read what the environment says, and remove it: no program that we run is
 * meant. Before any thread is made.
 */
void kd__notify_init(struct kd__notify *notify);
void kd__notify_fini(struct kd__notify *notify);

/* Send a line such as "READY=1". Any thread. Never waits. */
void kd__notify_send(const struct kd__notify *notify, const char *line);

#endif
