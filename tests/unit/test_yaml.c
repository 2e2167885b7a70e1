/* SPDX-License-Identifier: MIT */
/*
 * YAML text to trees (semantics A9, A12, A14).
 */

#include "text_check.h"

#include "entry/yaml.h"

#include "node_dump.h"

struct parsed {
    struct kd__arena arena;
    struct kd__report report;
    struct kd__node *root;
    struct dump tree;
    struct dump lines;
};

static void
add_line(void *arg, uint32_t level, const char *line)
{
    CU_ASSERT_EQUAL(level, KD_LOG_ERROR);
    dump_add(arg, line);
    dump_add(arg, "\n");
}

static void
parse(struct parsed *parsed, const char *text, size_t len)
{
    memset(parsed, 0, sizeof(*parsed));
    kd__arena_init(&parsed->arena);
    kd__report_init(&parsed->report);
    CU_ASSERT_EQUAL(kd__yaml_parse(text, len, "f", &parsed->arena,
                        &parsed->report, &parsed->root),
        KD_OK);
    kd__report_flush(&parsed->report, add_line, &parsed->lines);
}

static void
forget(struct parsed *parsed)
{
    kd__report_fini(&parsed->report);
    kd__arena_fini(&parsed->arena);
}

static void
test_parse_when_good_then_the_tree(void)
{
    static const char *const cases[][2] = {
        {"", "null"},
        {"# only a remark\n", "null"},
        {"a: 1", "{a: int 1}"},
        {"[~, null, Null, NULL, ]", "[null, null, null, null]"},
        {"[true, True, TRUE, false]",
            "[bool yes, bool yes, bool yes, bool no]"},
        {"[yes, no, on, off, y, n]",
            "[\"yes\", \"no\", \"on\", \"off\", \"y\", \"n\"]"},
        {"[0, -0, +7, 007, 0x1F, 0o17, 0b1, 1_000]",
            "[int 0, int 0, int 7, int 7, int 31, int 15, \"0b1\", "
            "\"1_000\"]"},
        {"[9223372036854775807, -9223372036854775808, 0x7fffffffffffffff]",
            "[int 9223372036854775807, int -9223372036854775808, "
            "int 9223372036854775807]"},
        {"[-0x1, 0x, 0o8, 1h, '1:30', -, +]",
            "[\"-0x1\", \"0x\", \"0o8\", \"1h\", \"1:30\", \"-\", \"+\"]"},
        {"[1.5, .5, 5., -1e3, 1E+2, .inf, -.INF, +.Inf]",
            "[float 1.5, float 0.5, float 5, float -1000, float 100, "
            "float inf, float -inf, float inf]"},
        {"[., 1.5.2, e5, 1e, .e1, .infinity, nan]",
            "[\".\", \"1.5.2\", \"e5\", \"1e\", \".e1\", \".infinity\", "
            "\"nan\"]"},
        {"['1', \"true\", \"null\", '', \"a\\nb\"]",
            "[\"1\", \"true\", \"null\", \"\", \"a\nb\"]"},
        {"s: |\n  one\n  two\n", "{s: \"one\ntwo\n\"}"},
        {"\"1\": x", "{1: \"x\"}"},
        {"a: &x {b: 1}\nc: *x\nd: [*x, *x]",
            "{a: {b: int 1}, c: {b: int 1}, d: [{b: int 1}, {b: int 1}]}"},
        {"a: &x 1\nb: &x 2\nc: *x", "{a: int 1, b: int 2, c: int 2}"},
        {"%YAML 1.2\n---\na: b\n...\n", "{a: \"b\"}"},
        {"\xef\xbb\xbf"
         "a: b",
            "{a: \"b\"}"},
        {"\"<<\": 1", "{<<: int 1}"},
    };
    struct parsed parsed;
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        parse(&parsed, cases[i][0], strlen(cases[i][0]));
        check_text(cases[i][0], parsed.lines.text, "");
        CU_ASSERT_PTR_NOT_NULL_FATAL(parsed.root);
        dump_node(&parsed.tree, &parsed.root->node);
        check_text(cases[i][0], parsed.tree.text, cases[i][1]);
        forget(&parsed);
    }
}

static void
test_parse_when_bad_then_a_sentence_with_its_place(void)
{
    static const char *const cases[][2] = {
        {"a: [1", "f:2:1: YAML syntax: did not find expected ',' or ']', while "
                  "parsing a flow sequence that begins at line 1\n"},
        {"a: 1\n b: 2\n",
            "f:2:3: YAML syntax: mapping values are not allowed in this "
            "context\n"},
        {"a:\n\tb: 1",
            "f:2:1: YAML syntax: a tab where lines are indented by spaces\n"},
        {"a: 1\nb: \xff\n",
            "f:2:4: not UTF-8 text: invalid leading UTF-8 octet\n"},
        {"a: b\n\x01",
            "f:2:1: not UTF-8 text: control characters are not allowed\n"},
        {"a: 1\nb: 2\na: 3\na: 4\n",
            "f:3:1: repeated key \"a\"; it stands at f:1:1 already\n"
            "f:4:1: repeated key \"a\"; it stands at f:1:1 already\n"},
        {"x:\n  - a: 1\n    \"a\": 2\n",
            "f:3:5: repeated key \"a\"; it stands at f:2:5 already\n"},
        {"a: !!str 1\nb: !x [1]\nc: !y {}\n",
            "f:1:4: tags (!) are not supported; quote a value to make it a "
            "string\n"
            "f:2:4: tags (!) are not supported; quote a value to make it a "
            "string\n"
            "f:3:4: tags (!) are not supported; quote a value to make it a "
            "string\n"},
        {"a: &x {b: 1}\nc:\n  <<: *x\n",
            "f:3:3: merge keys (<<) are not supported; write the keys out\n"},
        {"a: 1\n---\nb: 2\n",
            "f:2:1: a second document; a file has one only\n"},
        {"1: a\n",
            "f:1:1: a mapping key must be a string, not the integer 1; quote "
            "it: \"1\"\n"},
        {"true: a\n~: b\n",
            "f:1:1: a mapping key must be a string, not the boolean true; "
            "quote it: \"true\"\n"
            "f:2:1: a mapping key must be a string, not null\n"},
        {"\"a\\0b\": 1",
            "f:1:1: a mapping key cannot contain a NUL character\n"},
        {"? [a]\n: b\n", "f:1:3: a mapping key must be a string, not a list or "
                         "a mapping\n"},
        {"a: &x 1\n*x : 2\n", "f:2:1: an alias cannot be a mapping key\n"},
        {"a: *x\n", "f:1:4: unknown alias *x; an anchor &x must stand before "
                    "it\n"},
        {"a: &x [1, *x]\n", "f:1:11: an alias inside of what it names\n"},
        {"a: 9223372036854775808\nb: -9223372036854775809\n"
         "c: 0x8000000000000000\n",
            "f:1:4: an integer beyond 64 bits\n"
            "f:2:4: an integer beyond 64 bits\n"
            "f:3:4: an integer beyond 64 bits\n"},
        {"a: 1e999\n", "f:1:4: a number beyond a double\n"},
    };
    struct parsed parsed;
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        parse(&parsed, cases[i][0], strlen(cases[i][0]));
        check_text(cases[i][0], parsed.lines.text, cases[i][1]);
        forget(&parsed);
    }
}

static void
test_parse_when_characters_are_wide_then_columns_count_them_once(void)
{
    static const char text[] = "\xc3\xa4\xc3\xb6: *x";
    struct parsed parsed;

    parse(&parsed, text, strlen(text));
    check_text(text, parsed.lines.text,
        "f:1:5: unknown alias *x; an anchor &x must stand before it\n");
    forget(&parsed);
}

/* `n` times `open`, `inner`, and `n` times `close`. */
static size_t
nest(
    char *out, size_t n, const char *open, const char *inner, const char *close)
{
    char *end = out;
    size_t i;

    for (i = 0; i < n; i++)
        end = stpcpy(end, open);
    end = stpcpy(end, inner);
    for (i = 0; i < n; i++)
        end = stpcpy(end, close);
    return (size_t)(end - out);
}

static void
test_parse_when_nested_64_levels_then_taken_and_beyond_refused(void)
{
    struct parsed parsed;
    char text[1024];

    parse(&parsed, text, nest(text, 64, "[", "1", "]"));
    check_text("64", parsed.lines.text, "");
    forget(&parsed);
    parse(&parsed, text, nest(text, 65, "[", "1", "]"));
    check_text("65", parsed.lines.text,
        "f:1:65: nested deeper than 64 "
        "levels\n");
    CU_ASSERT_PTR_NULL(parsed.root);
    forget(&parsed);
    parse(&parsed, text, nest(text, 65, "{a: ", "1", "}"));
    check_text("65 maps", parsed.lines.text,
        "f:1:257: nested deeper than 64 levels\n");
    forget(&parsed);
}

static void
test_parse_when_aliases_nest_then_their_levels_count(void)
{
    static const char head[] = "- &x [[[[1]]]]\n- ";
    struct parsed parsed;
    char text[1024];
    size_t len = sizeof(head) - 1;

    /* The list of all, those here, and the four that *x is. */
    memcpy(text, head, len);
    parse(&parsed, text, len + nest(text + len, 59, "[", "*x", "]"));
    check_text("64", parsed.lines.text, "");
    forget(&parsed);
    parse(&parsed, text, len + nest(text + len, 60, "[", "*x", "]"));
    check_text(
        "65", parsed.lines.text, "f:2:63: nested deeper than 64 levels\n");
    forget(&parsed);
}

/* Ten to the power of `levels` nodes, by aliases of aliases. */
static size_t
laugh(char *out, int levels)
{
    size_t len = (size_t)sprintf(out, "- &a0 [1,1,1,1,1,1,1,1,1,1]\n");
    int i, j;

    for (i = 1; i < levels; i++) {
        len += (size_t)sprintf(out + len, "- &a%d [", i);
        for (j = 0; j < 10; j++)
            len +=
                (size_t)sprintf(out + len, "%s*a%d", j > 0 ? "," : "", i - 1);
        len += (size_t)sprintf(out + len, "]\n");
    }
    return len;
}

static void
test_parse_when_aliases_explode_then_refused(void)
{
    struct parsed parsed;
    char text[4096];

    parse(&parsed, text, laugh(text, 4));
    check_text("thousands", parsed.lines.text, "");
    forget(&parsed);
    parse(&parsed, text, laugh(text, 9));
    check_text("billions", parsed.lines.text,
        "f:5:36: aliases make more than 100000 nodes\n");
    CU_ASSERT_PTR_NULL(parsed.root);
    forget(&parsed);
}

static void
test_parse_when_larger_than_16_mib_then_refused(void)
{
    const size_t len = KD__YAML_BYTES_MAX + 1;
    char *text = malloc(len);
    struct parsed parsed;

    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    memset(text, ' ', len);
    parse(&parsed, text, len);
    check_text("17", parsed.lines.text, "f:1:1: larger than 16 MiB\n");
    forget(&parsed);
    free(text);
}

static void
test_parse_when_a_mapping_is_large_then_soon(void)
{
    const size_t n = 200000;
    char *text = malloc(n * 16);
    struct parsed parsed;
    size_t len = 0;
    size_t i;

    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    for (i = 0; i < n; i++)
        len += (size_t)sprintf(text + len, "key%zu: 1\n", i);
    parse(&parsed, text, len);
    check_text("many", parsed.lines.text, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(parsed.root);
    CU_ASSERT_EQUAL(parsed.root->node.count, n);
    forget(&parsed);
    free(text);
}

static const struct kd__node *
must_get(const struct kd__node *map, const char *key)
{
    const struct kd__node *node = kd__node_get(map, key);

    CU_ASSERT_PTR_NOT_NULL_FATAL(node);
    if (node == NULL)
        abort();
    return node;
}

static void
test_parse_when_done_then_places_are_known(void)
{
    static const char text[] = "a:\n  - b: x\n    c: [1,\n      2]\n";
    struct parsed parsed;
    const struct kd__node *item, *c;

    parse(&parsed, text, strlen(text));
    CU_ASSERT_PTR_NOT_NULL_FATAL(parsed.root);
    item = kd__node_of(must_get(parsed.root, "a")->node.child);
    c = must_get(item, "c");
    CU_ASSERT_EQUAL(item->node.line, 2);
    CU_ASSERT_EQUAL(item->node.column, 5);
    CU_ASSERT_EQUAL(c->key_line, 3);
    CU_ASSERT_EQUAL(c->key_column, 5);
    CU_ASSERT_EQUAL(c->node.column, 8);
    CU_ASSERT_EQUAL(c->node.child->next->line, 4);
    CU_ASSERT_STRING_EQUAL(c->node.file, "f");
    forget(&parsed);
}

static const struct test_case tests[] = {
    TEST(test_parse_when_good_then_the_tree),
    TEST(test_parse_when_bad_then_a_sentence_with_its_place),
    TEST(test_parse_when_characters_are_wide_then_columns_count_them_once),
    TEST(test_parse_when_nested_64_levels_then_taken_and_beyond_refused),
    TEST(test_parse_when_aliases_nest_then_their_levels_count),
    TEST(test_parse_when_aliases_explode_then_refused),
    TEST(test_parse_when_larger_than_16_mib_then_refused),
    TEST(test_parse_when_a_mapping_is_large_then_soon),
    TEST(test_parse_when_done_then_places_are_known),
};

TEST_MAIN("yaml")
