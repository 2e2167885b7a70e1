/* SPDX-License-Identifier: MIT */
/*
 * start_child (semantics S19): a whole record for a supervisor with children in
 * an order, and for a dynamic one an id and further arguments.
 */

#include "record.h"
#include "request_change.h"

#include "options.h"

#include <stdio.h>
#include <stdlib.h>

#define ID_MAX 200

static const kd_option input_item = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_ANY,
};

static const kd_option dynamic_fields[] = {
    {.size = sizeof(kd_option), .type = KD_OPTION_STRING, .name = "id"},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_LIST,
        .name = "input",
        .item = &input_item},
};

static const kd_option dynamic_group = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_GROUP,
    .fields = dynamic_fields,
    .n_fields = sizeof(dynamic_fields) / sizeof(dynamic_fields[0]),
};

/* Where ks__spec_check() says what is wrong. */
struct complaint {
    kd_check check; /* First. */
    char text[KD_ERROR_TEXT];
};

static int read_record(const kd_message *message, kd_payload *record);
static kd_status add_fixed(struct supervisor *s, const kd_node *record,
    struct child **child, kd_error *err);
static kd_status add_dynamic(struct supervisor *s, const kd_node *record,
    struct child **child, kd_error *err);
static kd_status check_free(
    struct supervisor *s, const char *id, kd_error *err);
static const char *choose_id(struct supervisor *s, char text[ID_MAX]);
static void write_args(
    kd_writer *to, const kd_payload *first, const kd_node *input);
static void refuse(
    struct supervisor *s, kd_message *message, const kd_error *err);

void
ks__start_child(struct supervisor *s, kd_message *message)
{
    const int is_dynamic = s->plan->is_dynamic;
    kd_error err = KD_ERROR_INIT;
    struct record *record = NULL;
    struct child *child = NULL;
    kd_status status = KD_EINVAL;
    kd_payload term;

    if (read_record(message, &term))
        record = ks__record_make(s->api,
            is_dynamic ? &dynamic_group : &ks__child_option,
            is_dynamic ? NULL : "count", &term, &err);
    if (record != NULL)
        status = is_dynamic
                     ? add_dynamic(s, ks__record_node(record), &child, &err)
                     : add_fixed(s, ks__record_node(record), &child, &err);
    ks__record_free(record);
    if (status != KD_OK) {
        refuse(s, message, &err);
        return;
    }
    ks__operate(s, message, FOR_ADD);
    if (ks__list_add(&s->op.start, child) != KD_OK)
        ks__close_memory(s);
}

/* The first argument; without one, an empty record. */
static int
read_record(const kd_message *message, kd_payload *record)
{
    static const unsigned char empty[] = {0x80};
    kd_reader r = kd_reader_make(message->payload.data, message->payload.len);
    kd_item item;

    *record = kd_payload_make(KD_FORMAT_TERM, empty, sizeof(empty));
    if (kd_reader_next(&r, &item) != KD_TERM_ARRAY)
        return 0;
    if (item.len > 0)
        *record = kd_payload_make(KD_FORMAT_TERM, r.at, (size_t)(r.end - r.at));
    return 1;
}

static void
complain(const kd_check *check, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    struct complaint *complaint = (struct complaint *)(uintptr_t)check;

    (void)where;
    (void)file;
    (void)line;
    if (complaint->text[0] == '\0')
        snprintf(complaint->text, sizeof(complaint->text), "%s", text);
}

static kd_status
add_fixed(struct supervisor *s, const kd_node *record, struct child **child,
    kd_error *err)
{
    struct complaint complaint = {
        .check = {.size = (uint32_t)sizeof(kd_check), .report = complain},
    };
    const struct spec_place place = {
        s->api, &complaint.check, s->plan->auto_shutdown, 0, ""};
    const kd_node *id;
    struct spec *spec;
    kd_status status;

    if (ks__spec_check(record, &place) == 0)
        return kd_error_set(err, KD_EINVAL, "%s", complaint.text);
    id = kd_node_find(record, "id");
    status = id == NULL ? KD_EINVAL : check_free(s, id->text, err);
    if (status != KD_OK)
        return status;
    spec = ks__spec_read(record, s->api, 0);
    if (spec == NULL)
        return kd_error_set(err, KD_ENOMEM, "out of memory");
    if (ks__children_add(&s->children, spec, NULL, NULL, child) != KD_OK) {
        free(spec);
        return kd_error_set(err, KD_ENOMEM, "out of memory");
    }
    (*child)->own_spec = spec;
    return KD_OK;
}

static kd_status
add_dynamic(struct supervisor *s, const kd_node *record, struct child **child,
    kd_error *err)
{
    const struct spec *spec = s->plan->specs[0];
    const kd_node *id = kd_node_find(record, "id");
    const kd_node *input = kd_node_find(record, "input");
    char text[ID_MAX];
    kd_writer args = {NULL, 0, 0, KD_OK};
    kd_payload payload;
    kd_status status = KD_OK;

    if (id != NULL && id->len == 0)
        status = kd_error_set(err, KD_EINVAL, "id cannot be empty");
    else if (id != NULL)
        status = check_free(s, id->text, err);
    if (status != KD_OK)
        return status;
    if (input != NULL && input->count > 0)
        write_args(&args, &spec->args, input);
    payload = kd_payload_make(KD_FORMAT_TERM, args.data, args.len);
    if (args.status != KD_OK || ks__children_add(&s->children, spec,
                                    id != NULL ? id->text : choose_id(s, text),
                                    &payload, child) != KD_OK)
        status = kd_error_set(err, KD_ENOMEM, "out of memory");
    kd_writer_free(&args);
    return status;
}

static kd_status
check_free(struct supervisor *s, const char *id, kd_error *err)
{
    const struct child *child = ks__children_find(&s->children, id, strlen(id));
    char pid[KD_PID_TEXT];

    if (child == NULL)
        return KD_OK;
    if (!ks__child_runs(child))
        return kd_error_set(
            err, KD_EEXIST, "child already present: %.100s", id);
    s->api->pid_text(s->api, child->pid, pid);
    return kd_error_set(
        err, KD_EEXIST, "child already started: %.50s %.160s", id, pid);
}

/* "<template id>-<n>", passing over those that somebody has chosen. */
static const char *
choose_id(struct supervisor *s, char text[ID_MAX])
{
    do {
        snprintf(text, ID_MAX, "%.150s-%llu", s->plan->specs[0]->id,
            (unsigned long long)++s->serial);
    } while (ks__children_find(&s->children, text, strlen(text)) != NULL);
    return text;
}

/* The template's arguments, and then these. */
static void
write_args(kd_writer *to, const kd_payload *first, const kd_node *input)
{
    kd_reader r = kd_reader_make(first->data, first->len);
    kd_item item = {0};
    const kd_node *node;

    if (first->len > 0)
        kd_reader_next(&r, &item);
    kd_write_array(to, item.len + input->count);
    kd_write_raw(to, r.at, (size_t)(r.end - r.at));
    for (node = input->child; node != NULL; node = node->next)
        kd_write_raw(to, node->text, node->len);
}

static void
refuse(struct supervisor *s, kd_message *message, const kd_error *err)
{
    if (err->code == KD_OK)
        ks__answer_error(s, message, "Invalid", "a child record is needed");
    else
        ks__answer_error(
            s, message, kd_status_kind(err->code), "%s", err->text);
}
