/* SPDX-License-Identifier: MIT */
/*
 * How a kind declares its options: a constant table.
 *
 * From it the host checks an entry's YAML, reports errors with their place,
 * fills in defaults and prints help, all without asking the plugin. What a
 * kind finds in an entry has the type the table says.
 */
#ifndef KINDRED_OPTION_H
#define KINDRED_OPTION_H

#include <kindred/types.h>

KD_BEGIN_DECLS

#define KD_OPTION_BOOL     ((uint32_t)1)
#define KD_OPTION_INT      ((uint32_t)2) /**< Between `min` and `max`. */
#define KD_OPTION_FLOAT    ((uint32_t)3) /**< Integers are taken too. */
#define KD_OPTION_STRING   ((uint32_t)4)
#define KD_OPTION_DURATION ((uint32_t)5)  /**< `5s`, 0, or a word. */
#define KD_OPTION_SIZE     ((uint32_t)6)  /**< `64 MiB`, `4096`; in bytes. */
#define KD_OPTION_CHOICE   ((uint32_t)7)  /**< One word of `choices`. */
#define KD_OPTION_SOURCE   ((uint32_t)8)  /**< Text, or `file://PATH`. */
#define KD_OPTION_ENTRY    ((uint32_t)9)  /**< Id of an entry in `classes`. */
#define KD_OPTION_LIST     ((uint32_t)10) /**< Of `item`s. */
#define KD_OPTION_MAP      ((uint32_t)11) /**< Any keys, to `item`s. */
#define KD_OPTION_GROUP    ((uint32_t)12) /**< Exactly `fields`. */
#define KD_OPTION_ANY      ((uint32_t)13) /**< Whatever YAML says. */

/** The entry must have it. */
#define KD_OPTION_REQUIRED ((uint32_t)1)
/** Accepted, without effect; the host logs that once at info. */
#define KD_OPTION_IGNORED ((uint32_t)2)
/** An absent ENTRY is found by the host rule, semantics K3. */
#define KD_OPTION_HOST_RULE ((uint32_t)4)

/** Classes of kinds, as bits of kd_option::classes. */
#define KD_CLASS_WORKER   ((uint32_t)1)
#define KD_CLASS_HOST     ((uint32_t)2)
#define KD_CLASS_POLICY   ((uint32_t)4)
#define KD_CLASS_RESOURCE ((uint32_t)8)
#define KD_CLASS_DATA     ((uint32_t)16)

/**
 * One option. Constant for as long as the plugin is loaded.
 *
 * In a table of options the element size is that of the first element, so
 * that tables of older plugins are walked correctly.
 */
typedef struct kd_option {
    uint32_t size;    /**< sizeof(kd_option). */
    uint32_t type;    /**< KD_OPTION_ */
    uint32_t flags;   /**< KD_OPTION_REQUIRED and so on. */
    uint32_t classes; /**< ENTRY: bits of the classes that fit. */
    const char *name; /**< As in YAML; NULL in the description of an item. */
    const char *unit; /**< For help, "ms" say; or NULL. */
    /** Default, written as in YAML; NULL: absent stays absent. */
    const char *def;
    const char *help; /**< One line, without a full stop. */
    int64_t min;      /**< INT, FLOAT, DURATION, SIZE: least value... */
    int64_t max;      /**< ...and largest; both 0: no bounds. */
    /** CHOICE: words with `|` between. DURATION: words that may stand in its
        place, or NULL. */
    const char *choices;
    const struct kd_option *item;   /**< LIST, MAP: what is in it. */
    const struct kd_option *fields; /**< GROUP: its options. */
    size_t n_fields;                /**< How many. */
} kd_option;
KD_ABI_STRUCT(kd_option, 96);

KD_END_DECLS

#endif
