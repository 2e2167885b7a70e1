/* SPDX-License-Identifier: MIT */
/*
 * Writes and reads the text form of pids. The form is strict: what is written
 * is the only way to write it, so equal texts are equal pids.
 */

#include "runtime/pid_text.h"

#include "entry/id.h"

#include <stdio.h>
#include <string.h>

/* The longest node with its sign, and the longest serial with all that a pid
 * has beside it and its host's id. */
#define NODE_TEXT   12
#define SERIAL_TEXT 22

KD_STATIC_ASSERT(NODE_TEXT + KD__ID_HOST_MAX + SERIAL_TEXT <= KD_PID_TEXT,
    "the text form of any pid has room");

static char *serial_write(uint64_t serial, char *text);
static const char *host_id(const struct kd__system *system, uint32_t number);
static kd_status serial_parse(const char *text, size_t len, uint64_t *serial);
static kd_status host_parse(
    const struct kd__system *system, const char *text, size_t len, kd_pid *pid);

size_t
kd__pid_text(
    const struct kd__system *system, kd_pid pid, char text[KD_PID_TEXT])
{
    const char *id = host_id(system, pid.host);
    char *at = text;

    *at++ = '{';
    if (!kd_pid_is_none(pid)) {
        if (pid.node != 0)
            at += snprintf(at, NODE_TEXT, "%lu@", (unsigned long)pid.node);
        at = stpcpy(at, id);
    }
    *at++ = '|';
    if (!kd_pid_is_none(pid))
        at = serial_write(pid.serial, at);
    *at++ = '}';
    *at = '\0';
    return (size_t)(at - text);
}

kd_status
kd__pid_parse(
    const struct kd__system *system, const char *text, size_t len, kd_pid *pid)
{
    const char *bar;

    memset(pid, 0, sizeof(*pid));
    if (len < 3 || text[0] != '{' || text[len - 1] != '}')
        return KD_EINVAL;
    if (len == 3)
        return text[1] == '|' ? KD_OK : KD_EINVAL;
    bar = memchr(text, '|', len);
    if (bar == NULL || bar == text + 1)
        return KD_EINVAL;
    if (serial_parse(bar + 1, (size_t)(text + len - 1 - (bar + 1)),
            &pid->serial) != KD_OK)
        return KD_EINVAL;
    return host_parse(system, text + 1, (size_t)(bar - (text + 1)), pid);
}

/* Lower-case hex without leading zeros. By hand: each process that a cascade
 * of links ends writes the pid of the one before. */
static char *
serial_write(uint64_t serial, char *text)
{
    unsigned digits = (67u - (unsigned)__builtin_clzll(serial | 1)) / 4;
    char *end = text + 2 + digits;

    *text++ = '0';
    *text++ = 'x';
    for (char *at = end; at > text; serial >>= 4)
        *--at = "0123456789abcdef"[serial & 15];
    return end;
}

static const char *
host_id(const struct kd__system *system, uint32_t number)
{
    if (number == 0 || number > system->n_hosts)
        return "?";
    return system->hosts[number - 1]->id;
}

/* Lower-case hexadecimal with 0x and without leading zeros. */
static kd_status
serial_parse(const char *text, size_t len, uint64_t *serial)
{
    unsigned digit;

    if (len < 3 || len > 18 || memcmp(text, "0x", 2) != 0 || text[2] == '0')
        return KD_EINVAL;
    *serial = 0;
    for (size_t i = 2; i < len; i++) {
        if (text[i] >= '0' && text[i] <= '9')
            digit = (unsigned)(text[i] - '0');
        else if (text[i] >= 'a' && text[i] <= 'f')
            digit = (unsigned)(text[i] - 'a') + 10;
        else
            return KD_EINVAL;
        *serial = *serial << 4 | digit;
    }
    return KD_OK;
}

static kd_status
host_parse(
    const struct kd__system *system, const char *text, size_t len, kd_pid *pid)
{
    const char *id;

    if (memchr(text, '@', len) != NULL)
        return KD_ENONODE;
    if (memchr(text, ':', len) == NULL)
        return KD_EINVAL;
    for (uint32_t number = 1; number <= system->n_hosts; number++) {
        id = host_id(system, number);
        if (strlen(id) == len && memcmp(id, text, len) == 0) {
            pid->host = number;
            return KD_OK;
        }
    }
    return KD_ENOHOST;
}
