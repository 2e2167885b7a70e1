/* SPDX-License-Identifier: MIT */
/*
 * Mail and events: taken from the host, sorted, and handed to channels.
 *
 * What is taken stays in our lists until the program has it: pushing a value
 * may leave the process by a long jump, and then the lists are what finds it.
 */

#include "mail/mail.h"

#include "calls/call.h"
#include "channel/channel_core.h"
#include "mail/ask.h"
#include "mail/event.h"
#include "modules/lib_print.h"
#include "process/process.h"

#include <string.h>

/* Messages taken at once: so few that they are still in the processor's cache
 * when the program receives them, and a flood does not hold the thread. */
#define FETCH_MAX 64

static void take_signal(struct kl__process *p, const kd_signal *signal);
static void merge_cancel(struct kl__event *first, const kd_signal *signal);
/* Not inlined: who looks for messages often finds none. */
static void take_message(struct kl__process *p, kd_message *message)
    __attribute__((noinline));
static void sort(struct kl__process *p, kd_message *message);
static int is_for_program(const kd_message *message);
static int is_event(const kd_message *message);
static void free_letters(struct kl__process *p, struct kl__letters *letters);

void
kl__mail_signals(struct kl__process *p)
{
    struct kl__mail *mail = &p->mail;
    kd_signal signal; /* Filled in by whoever finds one. */

    signal.size = (uint32_t)sizeof(signal);
    while (kd_proc_signal(p->proc, &signal) == KD_OK)
        take_signal(p, &signal);
    if (mail->events != NULL && mail->event_channel != NULL)
        kl__channel_notify(p, mail->event_channel);
}

int
kl__mail_fetch(struct kl__process *p)
{
    kd_message *message = kd_proc_next(p->proc);

    for (int i = 1; message != NULL; i++) {
        take_message(p, message);
        if (i == FETCH_MAX)
            break;
        message = kd_proc_next(p->proc);
    }
    p->mail.has_more = message != NULL;
    return p->mail.has_more;
}

void
kl__mail_detach(struct kl__process *p)
{
    struct kl__mail *mail = &p->mail;

    kl__routes_drain(&mail->routes, &mail->rest);
    free_letters(p, &mail->replies);
    mail->inbox = NULL;
    mail->event_channel = NULL;
    mail->recent = NULL;
}

void
kl__mail_fini(struct kl__process *p)
{
    struct kl__mail *mail = &p->mail;
    struct kl__route *route;
    struct kl__event *event;
    size_t at = 0;

    free_letters(p, &mail->rest);
    free_letters(p, &mail->replies);
    while ((route = kl__routes_next(&mail->routes, &at)) != NULL) {
        free_letters(p, &route->letters);
        kl__routes_remove(&mail->routes, route);
    }
    kl__routes_fini(&mail->routes);
    while ((event = mail->events) != NULL) {
        mail->events = event->next;
        kl__event_free(p, event);
    }
}

static void
take_signal(struct kl__process *p, const kd_signal *signal)
{
    struct kl__mail *mail = &p->mail;
    struct kl__event *event;

    switch (signal->type) {
    case KD_SIGNAL_ROOM:
        if (kd_pid_is_none(signal->from))
            kl__print_room(p);
        return;
    case KD_SIGNAL_CANCEL:
        if (mail->cancel != NULL) {
            merge_cancel(mail->cancel, signal);
            return;
        }
        break;
    case KD_SIGNAL_EXIT:
        if (signal->ref != 0) {
            kl__calls_signal(p, signal);
            return;
        }
        break;
    case KD_SIGNAL_LINK_DOWN:
        break;
    case KD_SIGNAL_REPLY_FAILED:
        kl__ask_failed(p, signal);
        return;
    default:
        return;
    }
    event = kl__event_new(p, signal);
    if (event == NULL) {
        /* One that cannot be told what it waits for must not wait for ever. */
        kd_proc_terminate(p->proc, kd_proc_self(p->proc), NULL);
        return;
    }
    if (event->type == KD_SIGNAL_CANCEL)
        mail->cancel = event;
    if (mail->events == NULL)
        mail->events = event;
    else
        mail->events_last->next = event;
    mail->events_last = event;
}

/* C9: one that was not read yet only comes to an earlier deadline. */
static void
merge_cancel(struct kl__event *first, const kd_signal *signal)
{
    if (signal->deadline_ns < first->deadline_ns)
        first->deadline_ns = signal->deadline_ns;
}

static void
take_message(struct kl__process *p, kd_message *message)
{
    if (is_for_program(message))
        sort(p, message);
    else if (message->flags & KD_MESSAGE_REPLY)
        kl__ask_reply(p, message);
    else if (is_event(message))
        kl__subscriptions_sort(p, message);
    else
        kd_proc_release(p->proc, message);
}

/* Topics beginning with @ are between the host and the kind. */
static int
is_for_program(const kd_message *message)
{
    if (message->flags & (KD_MESSAGE_REPLY | KD_MESSAGE_REQUEST))
        return 0;
    return message->topic_len == 0 || message->topic[0] != '@';
}

static int
is_event(const kd_message *message)
{
    return message->topic_len == sizeof(KL_BUS_TOPIC) - 1 &&
           memcmp(message->topic, KL_BUS_TOPIC, message->topic_len) == 0;
}

/*
 * The message is ours now, and `ref` has no meaning in plain mail: it keeps
 * the number by which mail of several channels is compared.
 */
static void
sort(struct kl__process *p, kd_message *message)
{
    struct kl__mail *mail = &p->mail;
    struct kl__route *route =
        kl__routes_find(&mail->routes, message->topic, message->topic_len);

    message->ref = ++mail->arrived;
    if (route != NULL && route->channel != NULL) {
        kl__letters_append(&route->letters, message);
        kl__channel_arrived(p, route->channel);
    } else {
        kl__letters_append(&mail->rest, message);
        if (mail->inbox != NULL)
            kl__channel_arrived(p, mail->inbox);
    }
}

static void
free_letters(struct kl__process *p, struct kl__letters *letters)
{
    kd_message *message;

    while ((message = kl__letters_shift(letters)) != NULL)
        kd_proc_release(p->proc, message);
}
