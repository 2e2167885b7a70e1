/* SPDX-License-Identifier: MIT */
/*
 * Goes through the words of a source, counting blocks, so as to know which
 * `return` is the chunk's own.
 */

#include "program/outline.h"

#include "modules/builtin.h"
#include "program/lexer.h"
#include "program/program.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Lua's own limit of nested blocks is 200. */
#define BLOCKS_MAX 256

/* Which of the blocks that are open are functions. */
struct blocks {
    unsigned depth, n_functions;
    unsigned char is_function[BLOCKS_MAX];
};

struct outline {
    const struct kl__unit *unit;
    const kd_node *source;
    const char *method;
    const kd_check *check;

    struct blocks blocks;
    unsigned n_returns;         /* Of the chunk, wherever they stand. */
    int has_last_return;        /* One of them is its last statement. */
    struct kl__lexer at_return; /* Behind that one. */
    uint32_t return_line;
    int names_method; /* Anywhere, as whatever. */
    int is_devious;   /* It uses _G or _ENV. */
    int own_require;  /* `require` may be another function. */
    uint32_t last_line;
};

/* The fields of a table constructor. */
struct fields {
    int is_certain;
    int has_method;
    size_t len;
    char names[160];
};

static void gather(struct outline *o);
static void look_at(struct outline *o, const struct kl__lexer *rest,
    const struct kl__token *before, const struct kl__token *token);
static void count_block(struct blocks *blocks, const struct kl__token *token);
static void check_method(const struct outline *o);
static int could_be_global(const struct outline *o);
static void check_returned(const struct outline *o);
static int is_constant(struct kl__lexer lexer, struct kl__token token);
static void read_fields(
    const struct outline *o, struct kl__lexer *lexer, struct fields *fields);
static void read_field(const struct outline *o, struct kl__lexer lexer,
    struct kl__token token, struct fields *fields);
static void add_field(const struct outline *o, const struct kl__token *name,
    struct fields *fields);
static int is_last(struct kl__lexer lexer);
static void check_requires(const struct outline *o);
static int required(
    struct kl__lexer lexer, const struct kl__token *word, struct kl__token *id);
static int is_module(const struct kl__unit *unit, const struct kl__token *name);
static int is_bound(const struct kl__unit *unit, const struct kl__token *name);
static void warn(const struct outline *o, uint32_t line, const char *format,
    ...) KD_PRINTF(3, 4);

void
kl__outline_check(const struct kl__unit *unit, const kd_node *source,
    const char *method, const kd_check *check)
{
    struct outline o = {
        .unit = unit, .source = source, .method = method, .check = check};

    gather(&o);
    if (o.blocks.depth >= BLOCKS_MAX)
        return;
    if (method != NULL)
        check_method(&o);
    if (!o.own_require)
        check_requires(&o);
}

static void
gather(struct outline *o)
{
    struct kl__token before = {KL_TOKEN_END, 0, 0, NULL, 0}, token;
    struct kl__lexer lexer;

    kl__lexer_init(&lexer, o->source->text, o->source->len);
    for (;;) {
        token = kl__lexer_next(&lexer);
        o->last_line = token.line;
        if (token.type == KL_TOKEN_END || o->blocks.depth >= BLOCKS_MAX)
            return;
        look_at(o, &lexer, &before, &token);
        count_block(&o->blocks, &token);
        before = token;
    }
}

static void
look_at(struct outline *o, const struct kl__lexer *rest,
    const struct kl__token *before, const struct kl__token *token)
{
    struct kl__token id;

    if (o->method != NULL && kl__token_is(token, o->method))
        o->names_method = 1;
    if (kl__token_is(token, "_G") || kl__token_is(token, "_ENV"))
        o->is_devious = 1;
    if (kl__token_is(token, "return") && o->blocks.n_functions == 0) {
        o->n_returns++;
        o->has_last_return = o->blocks.depth == 0;
        o->at_return = *rest;
        o->return_line = token->line;
    }
    if (kl__token_is(token, "require") &&
        (kl__token_is(before, "function") || !required(*rest, token, &id)))
        o->own_require = 1;
}

static void
count_block(struct blocks *blocks, const struct kl__token *token)
{
    int is_function = kl__token_is(token, "function");

    if (is_function || kl__token_is(token, "do") || kl__token_is(token, "if") ||
        kl__token_is(token, "repeat")) {
        blocks->is_function[blocks->depth++] = (unsigned char)is_function;
        blocks->n_functions += (unsigned)is_function;
    } else if (blocks->depth > 0 &&
               (kl__token_is(token, "end") || kl__token_is(token, "until"))) {
        blocks->n_functions -= blocks->is_function[--blocks->depth];
    }
}

/* Without a return, a variable of that name would do (semantics G3). */
static void
check_method(const struct outline *o)
{
    if (o->n_returns == 0 && !could_be_global(o))
        warn(o, o->last_line,
            "method \"%s\" not found in module: it has neither a variable of "
            "this name nor a final return",
            o->method);
    if (o->n_returns == 1 && o->has_last_return)
        check_returned(o);
}

/* A library can make it, and another file's functions. */
static int
could_be_global(const struct outline *o)
{
    return o->names_method || o->is_devious || o->unit->n_bindings > 0 ||
           kl__builtin_find(o->method, strlen(o->method)) >= 0;
}

static void
check_returned(const struct outline *o)
{
    struct kl__lexer lexer = o->at_return;
    struct kl__token token = kl__lexer_next(&lexer);
    struct fields fields = {1, 0, 0, ""};

    if (is_constant(lexer, token)) {
        warn(o, o->return_line,
            "method \"%s\" not found in module: it returns neither a table nor "
            "a function",
            o->method);
        return;
    }
    if (!kl__token_is(&token, "{"))
        return;
    read_fields(o, &lexer, &fields);
    if (!fields.is_certain || fields.has_method || !is_last(lexer))
        return;
    warn(o, o->return_line, "method \"%s\" not found in module: it returns %s",
        o->method, fields.len == 0 ? "a table without names" : fields.names);
}

static int
is_constant(struct kl__lexer lexer, struct kl__token token)
{
    if (token.type == KL_TOKEN_END || kl__token_is(&token, ";"))
        return 1;
    return (token.type == KL_TOKEN_STRING || token.type == KL_TOKEN_NUMBER ||
               kl__token_is(&token, "nil") || kl__token_is(&token, "true") ||
               kl__token_is(&token, "false")) &&
           is_last(lexer);
}

/* The opening brace has been read; the closing one is, too, afterwards. */
static void
read_fields(
    const struct outline *o, struct kl__lexer *lexer, struct fields *fields)
{
    struct blocks blocks = {0};
    struct kl__token token;
    unsigned nesting = 0;
    int is_start = 1;

    for (;;) {
        token = kl__lexer_next(lexer);
        if (token.type == KL_TOKEN_END || blocks.depth >= BLOCKS_MAX) {
            fields->is_certain = 0;
            return;
        }
        if (nesting == 0 && kl__token_is(&token, "}"))
            return;
        if (is_start)
            read_field(o, *lexer, token, fields);
        count_block(&blocks, &token);
        if (token.type == KL_TOKEN_SYMBOL && token.len == 1) {
            nesting += strchr("([{", *token.text) != NULL;
            nesting -= strchr(")]}", *token.text) != NULL;
        }
        is_start = nesting == 0 && blocks.depth == 0 &&
                   (kl__token_is(&token, ",") || kl__token_is(&token, ";"));
    }
}

/* Numbers as keys, and values without one, are no method's names. */
static void
read_field(const struct outline *o, struct kl__lexer lexer,
    struct kl__token token, struct fields *fields)
{
    struct kl__token next = kl__lexer_next(&lexer);

    if (token.type == KL_TOKEN_NAME && kl__token_is(&next, "=")) {
        add_field(o, &token, fields);
    } else if (kl__token_is(&token, "[")) {
        token = kl__lexer_next(&lexer);
        if (next.type == KL_TOKEN_STRING && !next.has_escapes &&
            kl__token_is(&token, "]"))
            add_field(o, &next, fields);
        else if (next.type != KL_TOKEN_NUMBER || !kl__token_is(&token, "]"))
            fields->is_certain = 0;
    }
}

static void
add_field(const struct outline *o, const struct kl__token *name,
    struct fields *fields)
{
    size_t room = sizeof(fields->names) - fields->len;
    int written;

    if (name->len == strlen(o->method) &&
        memcmp(name->text, o->method, name->len) == 0)
        fields->has_method = 1;
    written = snprintf(fields->names + fields->len, room, "%s'%.*s'",
        fields->len == 0 ? "only " : ", ",
        (int)(name->len < 40 ? name->len : 40), name->text);
    if (written > 0 && (size_t)written < room)
        fields->len += (size_t)written;
    else
        fields->names[fields->len] = '\0';
}

static int
is_last(struct kl__lexer lexer)
{
    struct kl__token token = kl__lexer_next(&lexer);

    if (kl__token_is(&token, ";"))
        token = kl__lexer_next(&lexer);
    return token.type == KL_TOKEN_END;
}

static void
check_requires(const struct outline *o)
{
    struct kl__token before = {KL_TOKEN_END, 0, 0, NULL, 0}, token, name;
    struct kl__lexer lexer;

    kl__lexer_init(&lexer, o->source->text, o->source->len);
    for (;;) {
        token = kl__lexer_next(&lexer);
        if (token.type == KL_TOKEN_END)
            return;
        if (kl__token_is(&token, "require") && !kl__token_is(&before, ".") &&
            !kl__token_is(&before, ":") && required(lexer, &token, &name) &&
            name.type == KL_TOKEN_STRING && !is_bound(o->unit, &name))
            warn(o, token.line,
                "module '%.*s' not found: it is neither in modules nor in "
                "imports",
                (int)(name.len < 80 ? name.len : 80), name.text);
        before = token;
    }
}

/*
 * Whether the word is followed by an argument. That is stored if it is a
 * literal that is all of it; otherwise its type is END.
 */
static int
required(
    struct kl__lexer lexer, const struct kl__token *word, struct kl__token *id)
{
    struct kl__token next = kl__lexer_next(&lexer);

    *id = *word;
    id->type = KL_TOKEN_END;
    if (next.type == KL_TOKEN_STRING) {
        if (!next.has_escapes)
            *id = next;
        return 1;
    }
    if (!kl__token_is(&next, "("))
        return 0;
    next = kl__lexer_next(&lexer);
    if (next.type == KL_TOKEN_STRING && !next.has_escapes) {
        struct kl__token close = kl__lexer_next(&lexer);

        if (kl__token_is(&close, ")"))
            *id = next;
    }
    return 1;
}

/* No module has a name as long as that. */
static int
is_module(const struct kl__unit *unit, const struct kl__token *name)
{
    char text[32] = "";
    int index;

    if (name->len >= sizeof(text))
        return 0;
    memcpy(text, name->text, name->len);
    index = kl__extension_find(unit->extensions, text, name->len);
    if (index >= 0 && (unit->foreign >> index & 1) != 0)
        return 1;
    index = kl__builtin_find_module(text, name->len);
    return index >= 0 && (!kl__builtin_is_declared(index) ||
                             (unit->modules >> index & 1) != 0);
}

static int
is_bound(const struct kl__unit *unit, const struct kl__token *name)
{
    if (is_module(unit, name))
        return 1;
    for (size_t i = 0; i < unit->n_bindings; i++) {
        if (strlen(unit->bindings[i].alias) == name->len &&
            memcmp(unit->bindings[i].alias, name->text, name->len) == 0)
            return 1;
    }
    return 0;
}

static void
warn(const struct outline *o, uint32_t line, const char *format, ...)
{
    const kd_node *source = o->source;
    char text[400];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (source->source_file != NULL)
        o->check->warn(o->check, NULL, source->source_file, line, text);
    else
        o->check->warn(o->check, source, NULL, 0, text);
}
