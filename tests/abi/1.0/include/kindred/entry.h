/* SPDX-License-Identifier: MIT */
/*
 * Entries as their kinds see them: an id, and options as a checked tree.
 *
 * The tree is constant from before `prepare` until the runtime is freed, and
 * may be read from any thread. Defaults stand in it like what YAML said.
 */
#ifndef KINDRED_ENTRY_H
#define KINDRED_ENTRY_H

#include <kindred/types.h>
#include <string.h>

KD_BEGIN_DECLS

/* Types of nodes. A later host may have more, of options that have to be asked
 * for; take them for KD_NODE_NULL. */

#define KD_NODE_NULL   ((uint32_t)0)
#define KD_NODE_BOOL   ((uint32_t)1) /**< In `integer`. */
#define KD_NODE_INT    ((uint32_t)2) /**< In `integer`. */
#define KD_NODE_FLOAT  ((uint32_t)3) /**< In `number`. */
#define KD_NODE_STRING ((uint32_t)4) /**< In `text`, `len`. */
#define KD_NODE_LIST   ((uint32_t)5) /**< `count` elements from `child`. */
#define KD_NODE_MAP    ((uint32_t)6) /**< The same, each with its `key`. */

/**
 * One value. Types follow the option: a DURATION is an INT of nanoseconds, or a
 * STRING when it is one of its words; a SIZE an INT of bytes, a CHOICE, SOURCE
 * or ENTRY a STRING. Where the option is ANY, it is what YAML said.
 */
struct kd_node {
    uint32_t size;   /**< sizeof(kd_node). */
    uint32_t type;   /**< KD_NODE_ */
    uint32_t line;   /**< Where it stands in `file`, from 1; 0: a default. */
    uint32_t column; /**< From 1. */
    int64_t integer;
    double number;
    const char *text; /**< Ends in NUL too. SOURCE: the source itself; ENTRY:
                           the whole id. */
    size_t len;
    const char *key;   /**< In a map: its key. Else NULL. */
    const char *file;  /**< As messages name the file it stands in. */
    const char *chunk; /**< SOURCE: what the program's messages call it. */
    /** SOURCE: as our messages name the file it came from; NULL: inline. */
    const char *source_file;
    const kd_entry *entry; /**< ENTRY: the entry meant. Else NULL. */
    size_t count;
    const kd_node *child; /**< First element, or NULL. */
    const kd_node *next;  /**< Next element of the same list or map. */
};
KD_ABI_STRUCT(kd_node, 112);

/** The element of a map with this key, or NULL; also for a NULL `map`. */
static inline const kd_node *
kd_node_find(const kd_node *map, const char *key)
{
    const kd_node *node;

    if (map == NULL || map->type != KD_NODE_MAP)
        return NULL;
    for (node = map->child; node != NULL; node = node->next) {
        if (strcmp(node->key, key) == 0)
            return node;
    }
    return NULL;
}

/**
 * Collects what is wrong with an entry. Given to `prepare`; every error is
 * shown, and one is enough to refuse the application.
 */
typedef struct kd_check {
    uint32_t size; /**< sizeof(kd_check). */
    uint32_t reserved;
    /**
     * Report an error.
     *
     * @param where  the node it is about, or NULL.
     * @param file   when `where` is NULL: the file, as messages name it, or
     *               NULL for the entry itself.
     * @param line   with `file`: from 1, or 0.
     * @param text   what is wrong, and what would be right.
     *
     * [loader]
     */
    void (*report)(const struct kd_check *check, const kd_node *where,
        const char *file, uint32_t line, const char *text);
    /**
     * Warn of what is likely a mistake: shown at the same place and in the
     * same form as an error, but the application runs. Parameters as those of
     * `report`.
     *
     * [loader]
     */
    void (*warn)(const struct kd_check *check, const kd_node *where,
        const char *file, uint32_t line, const char *text);
} kd_check;
KD_ABI_STRUCT(kd_check, 24);

KD_END_DECLS

#endif
