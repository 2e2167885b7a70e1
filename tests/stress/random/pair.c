/* SPDX-License-Identifier: MIT */

#include "pair.h"

#include <pthread.h>
#include <stdlib.h>

#define SHARDS 1024u

struct pair {
    kd_pid a, b;
    struct pair *next;
    unsigned n_calls; /* Under way. */
    unsigned effects; /* Of these and all that overlapped them. */
    enum pair_state state;
};

/* A lock for each few pairs: it orders calls for one pair, and hardly others.
 */
static struct shard {
    pthread_mutex_t lock;
    struct pair *first;
} shards[SHARDS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
init(void)
{
    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_init(&shards[i].lock, NULL);
}

static struct shard *
take(kd_pid a, kd_pid b)
{
    const uint64_t mixed = (a.serial + b.serial) * UINT64_C(0x9e3779b97f4a7c15);
    struct shard *shard = &shards[(mixed >> 32) % SHARDS];

    pthread_once(&once, init);
    pthread_mutex_lock(&shard->lock);
    return shard;
}

static struct pair *
find(const struct shard *shard, kd_pid a, kd_pid b)
{
    struct pair *pair = shard->first;

    while (pair != NULL &&
           !(kd_pid_equal(pair->a, a) && kd_pid_equal(pair->b, b)) &&
           !(kd_pid_equal(pair->a, b) && kd_pid_equal(pair->b, a)))
        pair = pair->next;
    return pair;
}

void
pairs_close(void)
{
    struct pair *next;

    for (size_t i = 0; i < SHARDS; i++) {
        for (struct pair *pair = shards[i].first; pair != NULL; pair = next) {
            next = pair->next;
            free(pair);
        }
        shards[i].first = NULL;
    }
}

void
pair_begin(kd_pid a, kd_pid b)
{
    struct shard *shard = take(a, b);
    struct pair *pair = find(shard, a, b);

    if (pair == NULL) {
        pair = calloc(1, sizeof(*pair));
        if (pair == NULL)
            abort();
        pair->a = a;
        pair->b = b;
        pair->next = shard->first;
        shard->first = pair;
    }
    pair->n_calls++;
    pthread_mutex_unlock(&shard->lock);
}

void
pair_end(kd_pid a, kd_pid b, unsigned effect)
{
    static const enum pair_state after[] = {[PAIR_LINK] = PAIR_LINKED,
        [PAIR_UNLINK] = PAIR_LOOSE,
        [PAIR_LINK | PAIR_UNLINK] = PAIR_DOUBT};
    struct shard *shard = take(a, b);
    struct pair *pair = find(shard, a, b);

    pair->effects |= effect;
    if (--pair->n_calls == 0) {
        if (pair->effects != 0)
            pair->state = after[pair->effects];
        pair->effects = 0;
    }
    pthread_mutex_unlock(&shard->lock);
}

enum pair_state
pair_look(kd_pid a, kd_pid b)
{
    struct shard *shard = take(a, b);
    const struct pair *pair = find(shard, a, b);
    enum pair_state state = PAIR_LOOSE;

    /* A call that goes on may be done already. */
    if (pair != NULL)
        state = pair->n_calls > 0 ? PAIR_DOUBT : pair->state;
    pthread_mutex_unlock(&shard->lock);
    return state;
}

void
pairs_each(void (*each)(kd_pid a, kd_pid b, enum pair_state state))
{
    for (size_t i = 0; i < SHARDS; i++) {
        for (struct pair *pair = shards[i].first; pair != NULL;
             pair = pair->next)
            each(pair->a, pair->b, pair->state);
    }
}
