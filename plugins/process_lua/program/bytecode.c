/* SPDX-License-Identifier: MIT */
/*
 * Follows the format of Lua 5.4's ldump.c and the instructions of its
 * lopcodes.h, neither of which is public, and both of which are the same for
 * all of 5.4: the header says so. A few of 83 instructions are looked at.
 *
 * The code is our own compiler's, from a moment ago, and so is believed; reads
 * stay within its bounds all the same.
 */

#include "program/bytecode.h"

#include "modules/builtin.h"

#include <string.h>

/* The signature, the version 5.4, format 0, data that damage would change, and
   the sizes of an instruction, an integer and a float. */
static const unsigned char header[] = {
    0x1b, 'L', 'u', 'a', 0x54, 0, 0x19, 0x93, '\r', '\n', 0x1a, '\n', 4, 8, 8};

#define HEADER_REST ((size_t)16) /* An integer and a float. */

#define OP_GETUPVAL 9U
#define OP_GETTABUP 11U
#define OP_SETTABUP 15U
#define OP_MMBIN    46U /* Behind each binary operation, */
#define OP_MMBINK   48U /* with the number of its event. */
#define OP_UNM      49U
#define OP_NOT      51U
#define OP_EQK      60U
#define OP_TEST     66U
#define OP_TESTSET  67U

#define EVENT_ADD  6U
#define EVENT_IDIV 12U

#define TYPE_INTEGER      3
#define TYPE_FLOAT        19
#define TYPE_SHORT_STRING 4
#define TYPE_LONG_STRING  20

#define LINE_IS_ABSOLUTE (-128)
#define UPVALUES_MAX     256

struct reader {
    const unsigned char *at, *end;
};

struct visitor {
    void (*visit)(void *arg, const struct kl__global *global); /* Or NULL. */
    void *arg;
    unsigned operators; /* Found so far. */
};

struct function {
    size_t n_code, n_constants;
    const unsigned char *code;
    struct reader constants, lines, absolute;
    uint32_t first_line;
    unsigned char is_env[UPVALUES_MAX]; /* Which upvalues are the globals. */
};

struct instruction {
    unsigned op, a, b, c;
};

static int read_code(
    const unsigned char *code, size_t len, struct visitor *visitor);
static void read_function(
    struct reader *r, const unsigned char *env_above, struct visitor *visitor);
static void read_upvalues(
    struct reader *r, struct function *f, const unsigned char *env_above);
static void read_debug(struct reader *r, struct function *f);
static void look_through(
    const struct function *f, const struct visitor *visitor);
static unsigned find_operators(const struct function *f);
static uint32_t next_line(struct function *f, uint32_t line);
static int is_tested(const struct function *f, size_t pc);
static void set_all(
    const struct function *f, uint32_t line, const struct visitor *visitor);
static struct instruction fetch(const struct function *f, size_t pc);
static int find_name(
    const struct function *f, size_t index, struct kl__global *global);
static int read_constant(struct reader *r, struct kl__global *string);
static const char *read_string(struct reader *r, size_t *len);
static size_t read_size(struct reader *r);
static unsigned read_byte(struct reader *r);
static const unsigned char *skip(struct reader *r, size_t len);

int
kl__bytecode_globals(const unsigned char *code, size_t len,
    void (*visit)(void *arg, const struct kl__global *global), void *arg)
{
    struct visitor visitor = {visit, arg, 0};

    return read_code(code, len, &visitor);
}

unsigned
kl__bytecode_operators(const unsigned char *code, size_t len)
{
    struct visitor visitor = {NULL, NULL, 0};

    return read_code(code, len, &visitor) ? visitor.operators : ~0U;
}

static int
read_code(const unsigned char *code, size_t len, struct visitor *visitor)
{
    static const unsigned char env[UPVALUES_MAX] = {1};
    struct reader r = {code, code + len};

    if (len < sizeof(header) || memcmp(code, header, sizeof(header)) != 0)
        return 0;
    skip(&r, sizeof(header) + HEADER_REST);
    read_byte(&r); /* The number of the chunk's upvalues, said again below. */
    read_function(&r, env, visitor);
    return 1;
}

/* As deep as functions are nested, of which the compiler allows 200. */
static void
read_function(
    struct reader *r, const unsigned char *env_above, struct visitor *visitor)
{
    struct function f = {0};
    struct kl__global ignored;
    size_t n;

    read_string(r, &n); /* The chunk's name. */
    f.first_line = (uint32_t)read_size(r);
    read_size(r); /* The last line. */
    skip(r, 3);   /* Parameters, whether there are more, registers. */
    f.n_code = read_size(r);
    f.code = skip(r, f.n_code * 4);
    f.n_constants = read_size(r);
    f.constants = *r;
    for (n = f.n_constants; n > 0; n--)
        read_constant(r, &ignored);
    read_upvalues(r, &f, env_above);
    for (n = read_size(r); n > 0 && r->at < r->end; n--)
        read_function(r, f.is_env, visitor);
    read_debug(r, &f);
    if (f.code == NULL)
        return;
    visitor->operators |= find_operators(&f);
    if (visitor->visit != NULL)
        look_through(&f, visitor);
}

/*
 * The globals come down from function to function, as an upvalue of each. The
 * chunk's own, at 0, is as if it came from above, too.
 */
static void
read_upvalues(
    struct reader *r, struct function *f, const unsigned char *env_above)
{
    const int is_chunk = f->first_line == 0;
    size_t n = read_size(r);

    for (size_t i = 0; i < n && i < UPVALUES_MAX; i++) {
        const int is_local = read_byte(r) != 0 && !is_chunk;
        const unsigned index = read_byte(r);

        read_byte(r); /* Whether it is constant. */
        f->is_env[i] = !is_local && env_above[index];
    }
}

static void
read_debug(struct reader *r, struct function *f)
{
    size_t n = read_size(r);
    size_t len;

    f->lines = *r;
    skip(r, n);
    n = read_size(r);
    f->absolute = *r;
    for (; n > 0; n--) {
        read_size(r);
        read_size(r);
    }
    for (n = read_size(r); n > 0; n--) { /* Local variables. */
        read_string(r, &len);
        read_size(r);
        read_size(r);
    }
    for (n = read_size(r); n > 0; n--)
        read_string(r, &len); /* Names of upvalues. */
}

static void
look_through(const struct function *f, const struct visitor *visitor)
{
    struct function at = *f;
    struct kl__global global = {KL_GLOBAL_READ, NULL, 0, f->first_line};

    for (size_t pc = 0; pc < f->n_code; pc++) {
        const struct instruction in = fetch(f, pc);

        global.line = next_line(&at, global.line);
        if (in.op == OP_GETUPVAL && in.b < UPVALUES_MAX && f->is_env[in.b])
            set_all(f, global.line, visitor);
        if (in.op == OP_GETTABUP && f->is_env[in.b] &&
            find_name(f, in.c, &global)) {
            global.use = is_tested(f, pc) ? KL_GLOBAL_TESTED : KL_GLOBAL_READ;
            visitor->visit(visitor->arg, &global);
        }
        if (in.op == OP_SETTABUP && f->is_env[in.a] &&
            find_name(f, in.b, &global)) {
            global.use = KL_GLOBAL_SET;
            visitor->visit(visitor->arg, &global);
        }
    }
}

static unsigned
find_operators(const struct function *f)
{
    unsigned found = 0;

    for (size_t pc = 0; pc < f->n_code; pc++) {
        const struct instruction in = fetch(f, pc);

        if (in.op >= OP_MMBIN && in.op <= OP_MMBINK && in.c >= EVENT_ADD &&
            in.c <= EVENT_IDIV)
            found |= 1U << (in.c - EVENT_ADD);
        if (in.op == OP_UNM)
            found |= 1U << (KL_BUILTINS_OPERATORS - 1);
    }
    return found;
}

/* Of the instruction behind: mostly by how much it is further down. */
static uint32_t
next_line(struct function *f, uint32_t line)
{
    const int delta = (signed char)read_byte(&f->lines);

    if (delta != LINE_IS_ABSOLUTE)
        return line + (uint32_t)delta;
    read_size(&f->absolute); /* Whose it is: they are in order. */
    return (uint32_t)read_size(&f->absolute);
}

/*
 * In `if x`, `x or y`, `not x`, `x == nil` and `type(x)`: who asks does not
 * rely on it.
 */
static int
is_tested(const struct function *f, size_t pc)
{
    const unsigned reg = fetch(f, pc).a;
    struct instruction in;
    struct kl__global name;

    if (pc > 0) {
        in = fetch(f, pc - 1);
        if (in.op == OP_GETTABUP && in.a + 1 == reg && f->is_env[in.b] &&
            find_name(f, in.c, &name) && name.len == 4 &&
            memcmp(name.name, "type", 4) == 0)
            return 1;
    }
    if (pc + 1 == f->n_code)
        return 0;
    in = fetch(f, pc + 1);
    return ((in.op == OP_TEST || in.op == OP_EQK) && in.a == reg) ||
           ((in.op == OP_TESTSET || in.op == OP_NOT) && in.b == reg);
}

static void
set_all(const struct function *f, uint32_t line, const struct visitor *visitor)
{
    struct reader r = f->constants;
    struct kl__global global = {KL_GLOBAL_SET, NULL, 0, line};

    for (size_t i = 0; i < f->n_constants; i++) {
        if (read_constant(&r, &global))
            visitor->visit(visitor->arg, &global);
    }
}

/* From the lowest bit: operation 7, A 8, k 1, B 8, C 8. */
static struct instruction
fetch(const struct function *f, size_t pc)
{
    struct instruction in;
    uint32_t word;

    memcpy(&word, f->code + pc * sizeof(word), sizeof(word));
    in.op = word & 0x7f;
    in.a = word >> 7 & 0xff;
    in.b = word >> 16 & 0xff;
    in.c = word >> 24;
    return in;
}

/* There are 256 at most to be passed over. */
static int
find_name(const struct function *f, size_t index, struct kl__global *global)
{
    struct reader r = f->constants;

    while (index-- > 0)
        read_constant(&r, global);
    return read_constant(&r, global);
}

/* Whether it is a string; then its text is stored. */
static int
read_constant(struct reader *r, struct kl__global *string)
{
    switch (read_byte(r)) {
    case TYPE_INTEGER:
    case TYPE_FLOAT:
        skip(r, 8);
        return 0;
    case TYPE_SHORT_STRING:
    case TYPE_LONG_STRING:
        string->name = read_string(r, &string->len);
        return string->name != NULL;
    default: /* nil and booleans are nothing but their type. */
        return 0;
    }
}

/* Its length is one more than it has bytes; 0 says that there is none. */
static const char *
read_string(struct reader *r, size_t *len)
{
    *len = read_size(r);
    if (*len == 0)
        return NULL;
    --*len;
    return (const char *)skip(r, *len);
}

/* Seven bits a byte, the highest first; the last one has its top bit set. */
static size_t
read_size(struct reader *r)
{
    size_t size = 0;
    unsigned byte;

    do {
        byte = read_byte(r);
        size = size << 7 | (byte & 0x7f);
    } while ((byte & 0x80) == 0 && r->at < r->end);
    return size;
}

static unsigned
read_byte(struct reader *r)
{
    return r->at < r->end ? *r->at++ : 0;
}

/* Returns where it was; NULL, at the end, if there is less. */
static const unsigned char *
skip(struct reader *r, size_t len)
{
    const unsigned char *at = r->at;

    if (len > (size_t)(r->end - at)) {
        r->at = r->end;
        return NULL;
    }
    r->at += len;
    return at;
}
