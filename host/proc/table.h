/* SPDX-License-Identifier: MIT */
/*
 * From a pid to its process, or to nobody: the table of slots.
 *
 * A serial is a generation above a slot. The slot says where to look, the
 * generation whether it is still the same process. Slots are given out again
 * first-in first-out, so that a generation lasts as long as can be, and one
 * whose generations are spent is retired: a pid is never used again.
 *
 * A process that ends is found until it has told everybody of its end; it has
 * closed by then, so nothing can be done to it. Its slot is given back with its
 * record, since records are freed many at a time: the lock and the list of free
 * slots then pass between threads once for all of them.
 *
 * Looking up takes no lock; the caller has entered the epoch, which keeps the
 * record that it finds. Adding and removing take the table's.
 */
#ifndef KD_PROC_TABLE_H
#define KD_PROC_TABLE_H

#include "base/lock.h"

#include <kindred/types.h>
#include <stdatomic.h>

#define KD__TABLE_SLOT_BITS  28
#define KD__TABLE_CHUNK_BITS 12
#define KD__TABLE_CHUNKS     (1u << (KD__TABLE_SLOT_BITS - KD__TABLE_CHUNK_BITS))

#define KD__TABLE_CHUNK_SLOTS (1u << KD__TABLE_CHUNK_BITS)
#define KD__TABLE_SLOT_MASK   ((1u << KD__TABLE_SLOT_BITS) - 1)

struct kd__proc;

struct kd__slot {
    _Atomic(struct kd__proc *) proc; /* NULL: nobody. */
    uint64_t generation;             /* Of the last one; by the lock. */
    uint32_t next_free;              /* By the lock. */
};

struct kd__table {
    struct kd__lock lock; /* Guards all below but what is atomic. */
    _Atomic(struct kd__slot *) *chunks;
    uint32_t n_slots; /* Ever used. */
    uint32_t free_first;
    uint32_t free_last;
    size_t n_free;
};

kd_status kd__table_init(struct kd__table *table);
void kd__table_fini(struct kd__table *table);

/* Reserve a slot; *serial is its next one. KD_ENOMEM, KD_ELIMIT. */
kd_status kd__table_reserve(struct kd__table *table, uint64_t *serial);
/* The process can be found from now on. */
void kd__table_publish(
    struct kd__table *table, uint64_t serial, struct kd__proc *proc);
/* It cannot be found from now on. */
void kd__table_remove(struct kd__table *table, uint64_t serial);
/* The slot may be reserved again; after removing, if it was published. */
void kd__table_release(struct kd__table *table, uint64_t serial);

/* The process that has this slot, whatever its generation; or NULL. */
static inline struct kd__proc *
kd__table_find(const struct kd__table *table, uint64_t serial)
{
    uint32_t number = (uint32_t)(serial & KD__TABLE_SLOT_MASK);
    struct kd__slot *chunk = atomic_load_explicit(
        &table->chunks[number >> KD__TABLE_CHUNK_BITS], memory_order_acquire);

    if (chunk == NULL)
        return NULL;
    return atomic_load_explicit(
        &chunk[number & (KD__TABLE_CHUNK_SLOTS - 1)].proc,
        memory_order_acquire);
}

/* Its slot will be needed soon: have it come from memory. Only a hint. */
static inline void
kd__table_fetch(const struct kd__table *table, uint64_t serial)
{
    uint32_t number = (uint32_t)(serial & KD__TABLE_SLOT_MASK);

    __builtin_prefetch(
        &atomic_load_explicit(&table->chunks[number >> KD__TABLE_CHUNK_BITS],
            memory_order_relaxed)[number & (KD__TABLE_CHUNK_SLOTS - 1)],
        1);
}

/* Whoever is in the index-th slot now; *more is 0 behind the last. */
struct kd__proc *kd__table_at(struct kd__table *table, size_t index, int *more);

#endif
