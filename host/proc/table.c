/* SPDX-License-Identifier: MIT */
/*
 * Slots lie in chunks that are made when first needed and stay where they are.
 */

#include "proc/table.h"

#include "base/memory.h"

#define NO_SLOT UINT32_MAX

/* A slot that has had this many processes is not used again. */
#define LAST_GENERATION (((uint64_t)1 << (64 - KD__TABLE_SLOT_BITS)) - 1)

/* Freed slots rest until there are so many of them. */
#define REST 1024

static struct kd__slot *slot_get(const struct kd__table *table, uint32_t slot);
static kd_status slot_new(struct kd__table *table, uint32_t *slot);
static uint32_t free_pop(struct kd__table *table);

kd_status
kd__table_init(struct kd__table *table)
{
    table->chunks = kd__calloc(KD__TABLE_CHUNKS, sizeof(table->chunks[0]));
    if (table->chunks == NULL)
        return KD_ENOMEM;
    kd__lock_init(&table->lock);
    table->n_slots = 0;
    table->free_first = table->free_last = NO_SLOT;
    table->n_free = 0;
    return KD_OK;
}

void
kd__table_fini(struct kd__table *table)
{
    for (size_t i = 0; i < KD__TABLE_CHUNKS; i++)
        kd__free(atomic_load(&table->chunks[i]));
    kd__free(table->chunks);
    kd__lock_fini(&table->lock);
}

kd_status
kd__table_reserve(struct kd__table *table, uint64_t *serial)
{
    struct kd__slot *place;
    uint32_t slot;
    kd_status status = KD_OK;

    kd__lock_take(&table->lock);
    slot = free_pop(table);
    if (slot == NO_SLOT)
        status = slot_new(table, &slot);
    if (status == KD_OK) {
        place = slot_get(table, slot);
        place->generation++;
        *serial = place->generation << KD__TABLE_SLOT_BITS | slot;
    }
    kd__lock_drop(&table->lock);
    return status;
}

void
kd__table_publish(
    struct kd__table *table, uint64_t serial, struct kd__proc *proc)
{
    struct kd__slot *slot =
        slot_get(table, (uint32_t)(serial & KD__TABLE_SLOT_MASK));

    /* Sequentially consistent, and so is kd__table_at: see
     * kd__proc_publish. */
    atomic_store(&slot->proc, proc);
}

void
kd__table_remove(struct kd__table *table, uint64_t serial)
{
    struct kd__slot *slot =
        slot_get(table, (uint32_t)(serial & KD__TABLE_SLOT_MASK));

    atomic_store_explicit(&slot->proc, NULL, memory_order_release);
}

void
kd__table_release(struct kd__table *table, uint64_t serial)
{
    uint32_t number = (uint32_t)(serial & KD__TABLE_SLOT_MASK);
    struct kd__slot *slot = slot_get(table, number);

    kd__lock_take(&table->lock);
    if (slot->generation < LAST_GENERATION) {
        slot->next_free = NO_SLOT;
        if (table->free_last == NO_SLOT)
            table->free_first = number;
        else
            slot_get(table, table->free_last)->next_free = number;
        table->free_last = number;
        table->n_free++;
    }
    kd__lock_drop(&table->lock);
}

struct kd__proc *
kd__table_at(struct kd__table *table, size_t index, int *more)
{
    kd__lock_take(&table->lock);
    *more = index < table->n_slots;
    kd__lock_drop(&table->lock);
    return *more ? atomic_load(&slot_get(table, (uint32_t)index)->proc) : NULL;
}

static struct kd__slot *
slot_get(const struct kd__table *table, uint32_t slot)
{
    struct kd__slot *chunk = atomic_load_explicit(
        &table->chunks[slot >> KD__TABLE_CHUNK_BITS], memory_order_acquire);

    return &chunk[slot & (KD__TABLE_CHUNK_SLOTS - 1)];
}

static kd_status
slot_new(struct kd__table *table, uint32_t *slot)
{
    uint32_t at = table->n_slots >> KD__TABLE_CHUNK_BITS;
    struct kd__slot *chunk;

    if (table->n_slots == KD__TABLE_SLOT_MASK) {
        *slot = NO_SLOT;
        return KD_ELIMIT;
    }
    if (atomic_load(&table->chunks[at]) == NULL) {
        chunk = kd__calloc(KD__TABLE_CHUNK_SLOTS, sizeof(*chunk));
        if (chunk == NULL)
            return KD_ENOMEM;
        atomic_store_explicit(&table->chunks[at], chunk, memory_order_release);
    }
    *slot = table->n_slots++;
    return KD_OK;
}

static uint32_t
free_pop(struct kd__table *table)
{
    uint32_t slot = table->free_first;

    if (slot == NO_SLOT ||
        (table->n_free < REST && table->n_slots < KD__TABLE_SLOT_MASK))
        return NO_SLOT;
    table->free_first = slot_get(table, slot)->next_free;
    if (table->free_first == NO_SLOT)
        table->free_last = NO_SLOT;
    table->n_free--;
    return slot;
}
