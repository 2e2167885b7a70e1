/* SPDX-License-Identifier: MIT */
/*
 * The one file that knows libyaml. Its parser gives events; its loader, which
 * knows no bounds and forgets what was quoted, is not used.
 */

#include "entry/yaml.h"

#include "entry/tree.h"

#include <yaml.h>

struct reader {
    yaml_parser_t parser;
    struct kd__tree tree;
    const char *text;
    size_t len;
    size_t documents;
};

static kd_status read_all(struct reader *reader);
static kd_status read_event(struct reader *reader, const yaml_event_t *event);
static kd_status explain(struct reader *reader);

static uint32_t
from_one(size_t from_zero)
{
    return from_zero < UINT32_MAX ? (uint32_t)from_zero + 1 : UINT32_MAX;
}

kd_status
kd__yaml_parse(const char *text, size_t len, const char *file,
    struct kd__arena *arena, struct kd__report *report, struct kd__node **root)
{
    struct reader reader;
    kd_status status;

    *root = NULL;
    reader.text = text;
    reader.len = len;
    reader.documents = 0;
    kd__tree_init(&reader.tree, arena, report, file);
    if (len > KD__YAML_BYTES_MAX) {
        kd__tree_report(&reader.tree, 1, 1, "larger than 16 MiB");
        return KD_OK;
    }
    if (!yaml_parser_initialize(&reader.parser))
        return KD_ENOMEM;
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &reader.parser, (const unsigned char *)text, len);
    status = read_all(&reader);
    yaml_parser_delete(&reader.parser);
    if (status == KD_OK && reader.tree.root == NULL)
        status = kd__tree_scalar(
            &reader.tree, &(struct kd__tree_scalar){"", 0, NULL, 1, 1, 1});
    if (status == KD_OK)
        *root = reader.tree.root;
    kd__tree_fini(&reader.tree);
    return status == KD_EFORMAT ? KD_OK : status;
}

static kd_status
read_all(struct reader *reader)
{
    kd_status status = KD_OK;
    int is_end = 0;

    while (status == KD_OK && !is_end) {
        yaml_event_t event;

        if (!yaml_parser_parse(&reader->parser, &event))
            return explain(reader);
        is_end = event.type == YAML_STREAM_END_EVENT;
        status = read_event(reader, &event);
        yaml_event_delete(&event);
    }
    return status;
}

static void
check_tag(
    struct reader *reader, const unsigned char *tag, const yaml_event_t *event)
{
    if (tag != NULL)
        kd__tree_report(&reader->tree, from_one(event->start_mark.line),
            from_one(event->start_mark.column),
            "tags (!) are not supported; quote a value to make it a string");
}

static kd_status
read_scalar(struct reader *reader, const yaml_event_t *event)
{
    const int is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    const struct kd__tree_scalar scalar = {
        (const char *)event->data.scalar.value,
        event->data.scalar.length,
        (const char *)event->data.scalar.anchor,
        (uint32_t)is_plain,
        from_one(event->start_mark.line),
        from_one(event->start_mark.column),
    };

    check_tag(reader, event->data.scalar.tag, event);
    return kd__tree_scalar(&reader->tree, &scalar);
}

static kd_status
start_document(struct reader *reader, const yaml_event_t *event)
{
    if (reader->documents++ == 0)
        return KD_OK;
    kd__tree_report(&reader->tree, from_one(event->start_mark.line),
        from_one(event->start_mark.column),
        "a second document; a file has one only");
    return KD_EFORMAT;
}

static kd_status
read_event(struct reader *reader, const yaml_event_t *event)
{
    const uint32_t line = from_one(event->start_mark.line);
    const uint32_t column = from_one(event->start_mark.column);

    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return start_document(reader, event);
    case YAML_ALIAS_EVENT:
        return kd__tree_alias(&reader->tree,
            (const char *)event->data.alias.anchor, line, column);
    case YAML_SCALAR_EVENT:
        return read_scalar(reader, event);
    case YAML_SEQUENCE_START_EVENT:
        check_tag(reader, event->data.sequence_start.tag, event);
        return kd__tree_open(&reader->tree, KD_NODE_LIST,
            (const char *)event->data.sequence_start.anchor, line, column);
    case YAML_MAPPING_START_EVENT:
        check_tag(reader, event->data.mapping_start.tag, event);
        return kd__tree_open(&reader->tree, KD_NODE_MAP,
            (const char *)event->data.mapping_start.anchor, line, column);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return kd__tree_close(&reader->tree);
    default:
        return KD_OK;
    }
}

/* Bytes that are no text: libyaml knows only their offset. */
static void
explain_bytes(struct reader *reader)
{
    const char *problem = reader->parser.problem;
    size_t end = reader->parser.problem_offset;
    uint32_t line = 1, column = 1;
    size_t i;

    for (i = 0; i < end && i < reader->len; i++) {
        if (reader->text[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)reader->text[i] & 0xc0) != 0x80) {
            column++;
        }
    }
    kd__report_add(reader->tree.report, KD_LOG_ERROR,
        &(struct kd__place){reader->tree.file, NULL, line, column},
        "not UTF-8 text: %s", problem == NULL ? "" : problem);
}

/* Of marks, the index counts characters. */
static int
is_tab(const struct reader *reader, size_t index)
{
    size_t i = 0;

    if (reader->parser.error != YAML_SCANNER_ERROR)
        return 0;
    for (; i < reader->len; i++) {
        if (((unsigned char)reader->text[i] & 0xc0) != 0x80 && index-- == 0)
            return reader->text[i] == '\t';
    }
    return 0;
}

static kd_status
explain(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const struct kd__place place = {reader->tree.file, NULL,
        from_one(parser->problem_mark.line),
        from_one(parser->problem_mark.column)};
    const char *problem =
        parser->problem == NULL ? "not YAML" : parser->problem;

    if (parser->error == YAML_MEMORY_ERROR)
        return KD_ENOMEM;
    if (is_tab(reader, parser->problem_mark.index)) {
        kd__report_add(reader->tree.report, KD_LOG_ERROR, &place,
            "YAML syntax: a tab where lines are indented by spaces");
        return KD_EFORMAT;
    }
    if (parser->error == YAML_READER_ERROR)
        explain_bytes(reader);
    else if (parser->context != NULL)
        kd__report_add(reader->tree.report, KD_LOG_ERROR, &place,
            "YAML syntax: %s, %s that begins at line %u", problem,
            parser->context, from_one(parser->context_mark.line));
    else
        kd__report_add(reader->tree.report, KD_LOG_ERROR, &place,
            "YAML syntax: %s", problem);
    return KD_EFORMAT;
}
