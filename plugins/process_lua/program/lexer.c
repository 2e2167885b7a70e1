/* SPDX-License-Identifier: MIT */
/*
 * Lua's tokens. Symbols are single, but for those that would be mistaken for
 * an assignment.
 */

#include "program/lexer.h"

#include <ctype.h>
#include <string.h>

static void skip_blanks(struct kl__lexer *lexer);
static int long_level(const struct kl__lexer *lexer);
static void read_long(
    struct kl__lexer *lexer, int level, struct kl__token *token);
static void read_short(struct kl__lexer *lexer, struct kl__token *token);
static void read_word(struct kl__lexer *lexer, struct kl__token *token);
static int is_at(const struct kl__lexer *lexer, size_t offset, char c);

size_t
kl__lexer_skip(const char *text, size_t len)
{
    const char *end;

    if (len == 0 || *text != '#')
        return 0;
    end = memchr(text, '\n', len);
    return end == NULL ? len : (size_t)(end - text);
}

void
kl__lexer_init(struct kl__lexer *lexer, const char *text, size_t len)
{
    lexer->at = text + kl__lexer_skip(text, len);
    lexer->end = text + len;
    lexer->line = 1;
}

struct kl__token
kl__lexer_next(struct kl__lexer *lexer)
{
    struct kl__token token = {KL_TOKEN_END, 0, 0, NULL, 0};
    int level;

    skip_blanks(lexer);
    token.line = lexer->line;
    token.text = lexer->at;
    if (lexer->at == lexer->end)
        return token;
    level = long_level(lexer);
    if (level >= 0) {
        read_long(lexer, level, &token);
    } else if (*lexer->at == '"' || *lexer->at == '\'') {
        read_short(lexer, &token);
    } else if (isalnum((unsigned char)*lexer->at) || *lexer->at == '_') {
        read_word(lexer, &token);
    } else {
        token.type = KL_TOKEN_SYMBOL;
        token.len =
            strchr("=~<>", *lexer->at) != NULL && is_at(lexer, 1, '=') ? 2 : 1;
        lexer->at += token.len;
    }
    return token;
}

int
kl__token_is(const struct kl__token *token, const char *text)
{
    return (token->type == KL_TOKEN_NAME || token->type == KL_TOKEN_SYMBOL) &&
           token->len == strlen(text) &&
           memcmp(token->text, text, token->len) == 0;
}

static void
skip_blanks(struct kl__lexer *lexer)
{
    struct kl__token comment;
    int level;

    while (lexer->at < lexer->end) {
        if (isspace((unsigned char)*lexer->at)) {
            lexer->line += *lexer->at++ == '\n';
        } else if (*lexer->at == '-' && is_at(lexer, 1, '-')) {
            lexer->at += 2;
            level = long_level(lexer);
            if (level >= 0)
                read_long(lexer, level, &comment);
            while (level < 0 && lexer->at < lexer->end && *lexer->at != '\n')
                lexer->at++;
        } else {
            return;
        }
    }
}

/* The number of `=` in `[==[`, or -1 if no long bracket opens here. */
static int
long_level(const struct kl__lexer *lexer)
{
    size_t n = 1;

    if (!is_at(lexer, 0, '['))
        return -1;
    while (is_at(lexer, n, '='))
        n++;
    return is_at(lexer, n, '[') ? (int)n - 1 : -1;
}

static void
read_long(struct kl__lexer *lexer, int level, struct kl__token *token)
{
    size_t n = 1;

    lexer->at += level + 2;
    token->type = KL_TOKEN_STRING;
    token->text = lexer->at;
    for (; lexer->at < lexer->end; lexer->at++) {
        if (*lexer->at == '\n')
            lexer->line++;
        if (*lexer->at != ']')
            continue;
        for (n = 1; is_at(lexer, n, '=');)
            n++;
        if ((int)n - 1 == level && is_at(lexer, n, ']'))
            break;
    }
    token->len = (size_t)(lexer->at - token->text);
    if (lexer->at < lexer->end)
        lexer->at += n + 1;
}

static void
read_short(struct kl__lexer *lexer, struct kl__token *token)
{
    char quote = *lexer->at++;

    token->type = KL_TOKEN_STRING;
    token->text = lexer->at;
    while (lexer->at < lexer->end && *lexer->at != quote) {
        if (*lexer->at == '\\' && lexer->at + 1 < lexer->end) {
            token->has_escapes = 1;
            lexer->at++;
        }
        lexer->line += *lexer->at++ == '\n';
    }
    token->len = (size_t)(lexer->at - token->text);
    if (lexer->at < lexer->end)
        lexer->at++;
}

/* Of a number, as far as it is one piece; its sign and point do not matter. */
static void
read_word(struct kl__lexer *lexer, struct kl__token *token)
{
    token->type =
        isdigit((unsigned char)*lexer->at) ? KL_TOKEN_NUMBER : KL_TOKEN_NAME;
    while (lexer->at < lexer->end &&
           (isalnum((unsigned char)*lexer->at) || *lexer->at == '_'))
        lexer->at++;
    token->len = (size_t)(lexer->at - token->text);
}

static int
is_at(const struct kl__lexer *lexer, size_t offset, char c)
{
    return (size_t)(lexer->end - lexer->at) > offset && lexer->at[offset] == c;
}
