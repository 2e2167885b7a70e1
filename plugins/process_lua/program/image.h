/* SPDX-License-Identifier: MIT */
/*
 * The prepared state of a program: a struct kl__process and its Lua state,
 * loaded and collected, in one piece of memory. A new process is a copy of it
 * in which every pointer into the piece has been moved by the distance. What
 * nobody ever writes, functions' prototypes, strings and the tables of modules,
 * is not copied: all share the one of the image.
 *
 * Rules for what may be in it, so that a copy is as good as a state that was
 * built where it lies:
 *
 * - A word that is no pointer and looks like one because only its lowest byte
 *   was ever overwritten is known as such (image_scan.c).
 * - No table has a key that is hashed by an address in the piece: no tables,
 *   functions, coroutines or userdata as keys. Addresses of C statics are fine.
 * - Nothing in it owns anything outside, and nothing of the program has run.
 *
 * - What copies share leans on the layout of Lua's objects (image_share.c).
 *
 * An image is built twice, at two places. If any word of one points into the
 * other, or they differ in how many words point into themselves, a number was
 * taken for a pointer or a pointer for a number, and there is no image: each
 * process is then built on its own, which is slow but needs no luck.
 */
#ifndef KL_IMAGE_H
#define KL_IMAGE_H

#include <kindred/status.h>
#include <stddef.h>
#include <stdint.h>

#include "memory/arena.h"
#include "memory/interned.h"

struct kl__process;
struct kl__program;
struct kl__pool;

struct kl__image {
    struct kl__arena arena; /* Begins with the struct kl__process. */
    size_t copied;          /* Bytes that are; what is behind is shared. */
    uint32_t *words;        /* Which of them are pointers to others of them. */
    size_t n_words, cap_words;
    size_t list; /* While it is built: the word that heads Lua's objects. */
    struct kl__interned interned; /* Short strings that copies share. */
    struct kl__spares *spares;    /* Of the program. */
    struct kl__pool *pool;        /* Of slots for copies, with room by guess; */
    _Atomic(struct kl__pool *) fitted; /* and once known, by need, or NULL. */
};

/*
 * Returns KD_OK, KD_ENOMEM, or KD_EINTERNAL when what was built could not be
 * verified. *image stays NULL without an error if the entry's memory limit is
 * too small for any state.
 */
kd_status kl__image_new(
    const struct kl__program *program, struct kl__image **image);
/* There are no copies left. */
void kl__image_free(struct kl__image *image);

/* A process with nothing of its own yet, or NULL without memory. */
struct kl__process *kl__image_copy(struct kl__image *image);
/*
 * A copy that waits for the first time has taken so much of the heap: later
 * ones will have slots of that length. The first to say so counts; any thread.
 */
void kl__image_fit(struct kl__image *image, size_t taken);

/*
 * For kl__image_new(): find all pointers into the image; put its blocks close
 * together, in another arena, first those that are copied. Both return 0, or -1
 * without memory. And whether two images of one program agree.
 */
int kl__image_scan(struct kl__image *image);
int kl__image_pack(struct kl__image *image);
int kl__image_agrees(
    const struct kl__image *image, const struct kl__image *other);

/*
 * Between these two: what copies can share. First, with the state still to be
 * collected, where Lua's list of objects begins; then what is shared, and that
 * the list does without it. Return 0, or -1 if this Lua is none that we know.
 */
int kl__image_find_list(struct kl__image *image);
int kl__image_share(struct kl__image *image);

#endif
