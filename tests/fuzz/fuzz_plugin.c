/* SPDX-License-Identifier: MIT */
/*
 * Descriptors of plugins, made from bytes: each number is taken from the input,
 * each pointer is NULL, a text of the input or a table that was made so itself.
 * A descriptor is accepted or refused with a sentence; nothing else happens.
 */

#include "fuzz.h"

#include "load/plugin_check.h"

#include <kindred/kindred.h>
#include <string.h>

#define OPTIONS 6
#define KINDS   3
#define TEXTS   8
#define TEXT    24

struct input {
    const uint8_t *at;
    size_t left;
};

struct made {
    kd_plugin plugin;
    kd_kind kinds[KINDS];
    const kd_kind *kind_list[KINDS + 1];
    kd_option options[OPTIONS];
    kd_worker_kind worker;
    char texts[TEXTS][TEXT];
    unsigned n_texts;
};

static const char *const good_texts[] = {"acme.thing", "Does a thing", "1.0",
    "main", "5s", "[]", "a|b", "process.lua"};

static uint8_t
next_byte(struct input *in)
{
    if (in->left == 0)
        return 0;
    in->left--;
    return *in->at++;
}

/* Mostly what would be right: else nothing but the first check is reached. */
static uint64_t
next_number(struct input *in, uint64_t right)
{
    uint8_t how = next_byte(in);
    uint64_t number = 0;

    if (how < 200)
        return right;
    if (how < 230)
        return next_byte(in);
    for (int i = 0; i < 8; i++)
        number = number << 8 | next_byte(in);
    return number;
}

static const char *
next_text(struct input *in, struct made *made)
{
    uint8_t how = next_byte(in);
    char *text;
    size_t i;

    if (how < 160)
        return good_texts[how % (sizeof(good_texts) / sizeof(*good_texts))];
    if (how < 180 || made->n_texts == TEXTS)
        return NULL;
    text = made->texts[made->n_texts++];
    for (i = 0; i < TEXT - 1; i++)
        text[i] = (char)next_byte(in);
    text[TEXT - 1] = '\0';
    return text;
}

static const kd_option *
next_options(struct input *in, const struct made *made)
{
    uint8_t how = next_byte(in);

    return how < 40 ? NULL : &made->options[how % OPTIONS];
}

static void
make_option(struct input *in, struct made *made, kd_option *option)
{
    option->size = (uint32_t)next_number(in, sizeof(*option));
    option->type = (uint32_t)next_number(in, next_byte(in) % 16);
    option->flags = (uint32_t)next_number(in, 0);
    option->classes = (uint32_t)next_number(in, KD_CLASS_WORKER);
    option->name = next_text(in, made);
    option->unit = next_text(in, made);
    option->def = next_text(in, made);
    option->help = next_text(in, made);
    option->min = (int64_t)next_number(in, 0);
    option->max = (int64_t)next_number(in, 0);
    option->choices = next_text(in, made);
    option->item = next_options(in, made);
    option->fields = next_options(in, made);
    option->n_fields = next_byte(in) % 3;
}

static void
make_kind(struct input *in, struct made *made, kd_kind *kind)
{
    kind->size = (uint32_t)next_number(in, sizeof(*kind));
    kind->flags = (uint32_t)next_number(in, 0);
    kind->cls = (uint32_t)next_number(in, KD_CLASS_WORKER);
    kind->reserved = (uint32_t)next_number(in, 0);
    kind->id = next_text(in, made);
    kind->help = next_text(in, made);
    kind->options = made->options;
    kind->n_options = next_byte(in) % (OPTIONS + 1);
    kind->impl = next_byte(in) < 20 ? NULL : &made->worker;
}

static void
make_plugin(struct input *in, struct made *made)
{
    static const kd_stamp stamp = KD_STAMP_INIT;
    size_t n = next_byte(in) % (KINDS + 1);
    unsigned char *bytes = (unsigned char *)&made->plugin.stamp;

    for (size_t i = 0; i < OPTIONS; i++)
        make_option(in, made, &made->options[i]);
    for (size_t i = 0; i < n; i++) {
        make_kind(in, made, &made->kinds[i]);
        made->kind_list[i] = &made->kinds[i];
    }
    made->worker.size = (uint32_t)next_number(in, sizeof(made->worker));
    made->plugin.stamp = stamp;
    if (next_byte(in) >= 230)
        bytes[next_byte(in) % sizeof(stamp)] ^= next_byte(in);
    made->plugin.name = next_text(in, made);
    made->plugin.version = next_text(in, made);
    made->plugin.help = next_text(in, made);
    made->plugin.kinds = next_byte(in) < 20 ? NULL : made->kind_list;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct made made;
    kd_error err = KD_ERROR_INIT;

    memset(&made, 0, sizeof(made));
    make_plugin(&in, &made);
    if (kd__plugin_check(&made.plugin, &err) != KD_OK)
        FUZZ_REQUIRE(err.text[0] != '\0');
    return 0;
}
