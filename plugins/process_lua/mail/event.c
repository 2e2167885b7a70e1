/* SPDX-License-Identifier: MIT */
/*
 * Events: from a signal, which the host takes back at the end of the slice, to
 * the table that a program reads.
 */

#include "mail/event.h"

#include "process/process.h"
#include "value/payload.h"

#include <stdlib.h>
#include <string.h>

static void push_result(lua_State *L, const struct kl__event *event);
static void push_cancel(
    lua_State *L, const struct kl__process *p, const struct kl__event *event);
static const char *kind_of(const struct kl__event *event);

struct kl__event *
kl__event_new(const struct kl__process *p, const kd_signal *signal)
{
    int is_failure = signal->error.format != KD_FORMAT_NONE;
    const kd_payload *content = is_failure ? &signal->error : &signal->value;
    size_t copied = content->buf == NULL ? content->len : 0;
    size_t reason_len = signal->reason == NULL ? 0 : strlen(signal->reason);
    struct kl__event *event =
        (struct kl__event *)malloc(sizeof(*event) + copied + reason_len);

    if (event == NULL)
        return NULL;
    event->next = NULL;
    event->type = signal->type;
    event->is_failure = is_failure;
    event->from = signal->from;
    event->at = (double)signal->unix_ns / 1e9;
    event->deadline_ns = signal->deadline_ns;
    event->content = *content;
    event->reason_len = reason_len;
    if (reason_len > 0)
        memcpy(event->bytes + copied, signal->reason, reason_len);
    if (content->buf != NULL)
        p->api->buf_retain(content->buf);
    else if (copied > 0)
        event->content.data = memcpy(event->bytes, content->data, copied);
    return event;
}

void
kl__event_free(const struct kl__process *p, struct kl__event *event)
{
    p->api->buf_release(event->content.buf);
    free(event);
}

void
kl__event_push(
    lua_State *L, const struct kl__process *p, const struct kl__event *event)
{
    char text[KD_PID_TEXT];

    lua_createtable(L, 0, event->type == KD_SIGNAL_CANCEL ? 5 : 4);
    lua_pushstring(L, kind_of(event));
    lua_setfield(L, -2, "kind");
    if (kd_pid_is_none(event->from))
        lua_pushliteral(L, "{|}");
    else
        lua_pushlstring(L, text, p->api->pid_text(p->api, event->from, text));
    lua_setfield(L, -2, "from");
    lua_pushnumber(L, event->at);
    lua_setfield(L, -2, "at");
    if (event->type == KD_SIGNAL_CANCEL)
        push_cancel(L, p, event);
    else
        push_result(L, event);
}

/* `result` is always a table, if an empty one. */
static void
push_result(lua_State *L, const struct kl__event *event)
{
    int has_content = event->content.format != KD_FORMAT_NONE;

    lua_createtable(L, 0, has_content);
    if (has_content) {
        kl__payload_read(L, &event->content);
        lua_setfield(L, -2, event->is_failure ? "error" : "value");
    }
    lua_setfield(L, -2, "result");
}

static void
push_cancel(
    lua_State *L, const struct kl__process *p, const struct kl__event *event)
{
    const kd_api *api = p->api;
    double left;

    lua_pushlstring(L,
        (const char *)event->bytes +
            (event->content.buf == NULL ? event->content.len : 0),
        event->reason_len);
    lua_setfield(L, -2, "reason");
    if (event->deadline_ns == KD_NEVER)
        return;
    left = (double)(int64_t)(event->deadline_ns - api->now_ns(api));
    lua_pushnumber(L, ((double)api->unix_ns(api) + left) / 1e9);
    lua_setfield(L, -2, "deadline");
}

static const char *
kind_of(const struct kl__event *event)
{
    switch (event->type) {
    case KD_SIGNAL_EXIT:
        return "pid.exit";
    case KD_SIGNAL_LINK_DOWN:
        return "pid.link.down";
    default:
        return "pid.cancel";
    }
}
