/* SPDX-License-Identifier: MIT */
/*
 * Topics by name, and messages by topic.
 *
 * Programs listen to few topics, but some make one for each question they ask
 * and forget to unlisten: so it is a hash table, which grows.
 */

#include "mail/route.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash_of(const char *topic, size_t len);
static int grow(struct kl__routes *routes);

void
kl__letters_merge(struct kl__letters *to, struct kl__letters *from)
{
    struct kl__letters all = {NULL, NULL};

    while (to->first != NULL || from->first != NULL) {
        struct kl__letters *oldest = to;

        if (to->first == NULL ||
            (from->first != NULL && from->first->ref < to->first->ref))
            oldest = from;
        kl__letters_append(&all, kl__letters_shift(oldest));
    }
    *to = all;
}

struct kl__route *
kl__routes_search(struct kl__routes *routes, const char *topic, size_t len)
{
    struct kl__route *route;
    uint64_t hash;

    if (routes->count == 0)
        return NULL;
    hash = hash_of(topic, len);
    route = routes->buckets[hash & (routes->n_buckets - 1)];
    while (route != NULL && !kl__route_is(route, topic, len))
        route = route->next;
    if (route != NULL)
        routes->recent = route;
    return route;
}

struct kl__route *
kl__routes_add(struct kl__routes *routes, const char *topic, size_t len)
{
    struct kl__route **bucket;
    struct kl__route *route;

    if (routes->count >= routes->n_buckets && grow(routes) != 0)
        return NULL;
    route = (struct kl__route *)calloc(1, sizeof(*route) + len);
    if (route == NULL)
        return NULL;
    route->hash = hash_of(topic, len);
    route->len = len;
    memcpy(route->topic, topic, len);
    bucket = &routes->buckets[route->hash & (routes->n_buckets - 1)];
    route->next = *bucket;
    *bucket = route;
    routes->count++;
    return route;
}

void
kl__routes_remove(struct kl__routes *routes, struct kl__route *route)
{
    struct kl__route **at =
        &routes->buckets[route->hash & (routes->n_buckets - 1)];

    while (*at != route)
        at = &(*at)->next;
    *at = route->next;
    routes->recent = NULL;
    routes->count--;
    free(route);
}

struct kl__route *
kl__routes_next(const struct kl__routes *routes, size_t *at)
{
    for (; *at < routes->n_buckets; (*at)++) {
        if (routes->buckets[*at] != NULL)
            return routes->buckets[*at];
    }
    return NULL;
}

/*
 * Lists of like length are merged first, as by a sort: the list at i has been
 * made of 2^i of them.
 */
void
kl__routes_drain(struct kl__routes *routes, struct kl__letters *to)
{
    struct kl__letters merged[64] = {{NULL, NULL}};
    struct kl__letters all;
    struct kl__route *route;
    size_t i, at = 0;

    while ((route = kl__routes_next(routes, &at)) != NULL) {
        all = route->letters;
        kl__routes_remove(routes, route);
        if (all.first == NULL)
            continue;
        for (i = 0; merged[i].first != NULL; i++)
            kl__letters_merge(&all, &merged[i]);
        merged[i] = all;
    }
    for (i = 0; i < sizeof(merged) / sizeof(merged[0]); i++)
        kl__letters_merge(to, &merged[i]);
    kl__routes_fini(routes);
}

void
kl__routes_fini(struct kl__routes *routes)
{
    free(routes->buckets);
    memset(routes, 0, sizeof(*routes));
}

void
kl__route_claim(struct kl__route *route, struct kl__letters *from)
{
    struct kl__letters rest = {NULL, NULL};
    kd_message *message;

    while ((message = kl__letters_shift(from)) != NULL) {
        if (kl__route_is(route, message->topic, message->topic_len))
            kl__letters_append(&route->letters, message);
        else
            kl__letters_append(&rest, message);
    }
    *from = rest;
}

/* FNV-1a: topics are short. */
static uint64_t
hash_of(const char *topic, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)topic[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

static int
grow(struct kl__routes *routes)
{
    size_t wanted = routes->n_buckets == 0 ? 4 : routes->n_buckets * 2;
    struct kl__route **buckets =
        (struct kl__route **)calloc(wanted, sizeof(struct kl__route *));

    if (buckets == NULL)
        return -1;
    for (size_t i = 0; i < routes->n_buckets; i++) {
        struct kl__route *route = routes->buckets[i];

        while (route != NULL) {
            struct kl__route *next = route->next;

            route->next = buckets[route->hash & (wanted - 1)];
            buckets[route->hash & (wanted - 1)] = route;
            route = next;
        }
    }
    free(routes->buckets);
    routes->buckets = buckets;
    routes->n_buckets = wanted;
    return 0;
}
