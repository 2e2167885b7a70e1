/* SPDX-License-Identifier: MIT */
/*
 * The words of a Lua source, one after the other: enough to look for what a
 * program plainly says, of sources that Lua has compiled already.
 */
#ifndef KL_LEXER_H
#define KL_LEXER_H

#include <stddef.h>
#include <stdint.h>

enum kl__token_type {
    KL_TOKEN_END,
    KL_TOKEN_NAME, /* Reserved words, too. */
    KL_TOKEN_NUMBER,
    KL_TOKEN_STRING,
    KL_TOKEN_SYMBOL
};

/* A piece of the source; of a string, what is between its quotes. */
struct kl__token {
    enum kl__token_type type;
    int has_escapes; /* A string is not what it looks like. */
    uint32_t line;
    const char *text;
    size_t len;
};

/* Copying one is looking ahead. */
struct kl__lexer {
    const char *at, *end;
    uint32_t line;
};

/*
 * How much of a source is no Lua: a first line that begins with `#`, such as
 * scripts have for the shell. Its end is left, so that lines keep their
 * numbers.
 */
size_t kl__lexer_skip(const char *text, size_t len);

/* Such a line has no tokens. */
void kl__lexer_init(struct kl__lexer *lexer, const char *text, size_t len);
struct kl__token kl__lexer_next(struct kl__lexer *lexer);

/* Whether it is this reserved word, name or symbol. */
int kl__token_is(const struct kl__token *token, const char *text);

#endif
