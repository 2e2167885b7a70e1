/* SPDX-License-Identifier: MIT */
/*
 * The ring of moments.
 */

#include "intensity.h"

#include <stdlib.h>
#include <string.h>

static void forget(struct intensity *intensity, kd_time now_ns);
static struct moment *newest(struct intensity *intensity);

kd_status
ks__intensity_init(
    struct intensity *intensity, uint64_t max, uint64_t within_ns)
{
    memset(intensity, 0, sizeof(*intensity));
    intensity->max = max;
    intensity->within_ns = within_ns;
    intensity->size = KS_INTENSITY_MOMENTS;
    if (max < KS_INTENSITY_MOMENTS - 1)
        intensity->size = (uint32_t)max + 1;
    else
        intensity->grain_ns = within_ns / (KS_INTENSITY_MOMENTS - 2) + 1;
    intensity->ring = calloc(intensity->size, sizeof(*intensity->ring));
    return intensity->ring == NULL ? KD_ENOMEM : KD_OK;
}

void
ks__intensity_fini(struct intensity *intensity)
{
    free(intensity->ring);
    intensity->ring = NULL;
}

/* There is room: without a grain for max + 1, and the last one is too many;
 * with one, all moments that are not forgotten lie a grain apart. */
int
ks__intensity_add(struct intensity *intensity, kd_time now_ns)
{
    struct moment *last;

    forget(intensity, now_ns);
    last = newest(intensity);
    if (last != NULL && now_ns - last->at_ns < intensity->grain_ns) {
        last->count++;
    } else if (intensity->used < intensity->size) {
        intensity->used++;
        last = newest(intensity);
        last->at_ns = now_ns;
        last->count = 1;
    }
    intensity->count++;
    return intensity->count > intensity->max;
}

/* One that is exactly as old as the stretch still falls within it. */
static void
forget(struct intensity *intensity, kd_time now_ns)
{
    while (intensity->used > 0) {
        struct moment *oldest = &intensity->ring[intensity->first];

        if (now_ns - oldest->at_ns <= intensity->within_ns)
            return;
        intensity->count -= oldest->count;
        intensity->first = (intensity->first + 1) % intensity->size;
        intensity->used--;
    }
}

static struct moment *
newest(struct intensity *intensity)
{
    if (intensity->used == 0)
        return NULL;
    return &intensity->ring[(intensity->first + intensity->used - 1) %
                            intensity->size];
}
