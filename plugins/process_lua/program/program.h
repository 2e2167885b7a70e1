/* SPDX-License-Identifier: MIT */
/*
 * What all processes of an entry share: its program and the libraries that it
 * imports, compiled. Made by prepare, read-only from then on.
 */
#ifndef KL_PROGRAM_H
#define KL_PROGRAM_H

#include <kindred/kindred.h>
#include <lua.h>

#include "modules/builtin.h"
#include "program/extension.h"

#define KL_MESSAGE_BYTES_DEFAULT ((size_t)16 << 20)

/* An import: its name for the program, and the unit it stands for. */
struct kl__binding {
    const char *alias; /* The entry's, which lives longer. */
    size_t unit;
};

/* One compiled source: a library, or the program itself. */
struct kl__unit {
    const kd_entry *entry;
    unsigned char *code; /* From lua_dump, with line information. */
    size_t code_len;
    char *chunk; /* As lua_load wants it, "@workers/pool.lua". */
    struct kl__binding *bindings;
    size_t n_bindings;
    uint64_t modules; /* Declared ones: bits of builtin.h, */
    uint64_t foreign; /* and of extension.h. */
    const struct kl__extensions *extensions; /* The program's. */
};

struct kl__image;
struct kl__spares;

struct kl__program {
    const kd_api *api;
    const kd_entry *entry;
    const char *method;
    size_t memory;          /* limits.memory */
    size_t message_bytes;   /* limits.message_bytes */
    struct kl__unit *units; /* Each behind what it imports; itself last. */
    size_t n_units, cap_units;
    uint64_t modules; /* Declared ones, by any unit: bits of builtin.h, */
    uint64_t foreign; /* and of extension.h. */
    struct kl__extensions extensions;
    struct kl__builtins builtins;
    unsigned operators;        /* Of strings, that its code may use: bits. */
    struct kl__image *image;   /* What processes are copies of, or NULL. */
    struct kl__spares *spares; /* Of all states; NULL: malloc. */
};

/* As kd_worker_kind::prepare and unprepare. */
kd_status kl__program_new(const kd_api *api, const kd_entry *entry,
    const kd_check *check, struct kl__program **program, kd_error *err);
void kl__program_free(struct kl__program *program);

/*
 * Build the state that processes are copied from. Only of a program without
 * errors; one that cannot be had is a warning. KD_OK or KD_ENOMEM.
 */
kd_status kl__program_build(struct kl__program *program, kd_error *err);

/* Read a library as if it were imported, report what is wrong, and drop it. */
kd_status kl__program_check(const kd_api *api, const kd_entry *library,
    const kd_check *check, kd_error *err);

#endif
