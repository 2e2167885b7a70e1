/* SPDX-License-Identifier: MIT */
/*
 * YAML text to a tree: any text gives a tree in order, or an error with a line.
 */

#include "fuzz.h"

#include "base/arena.h"
#include "entry/report.h"
#include "entry/yaml.h"

#include <string.h>

/* Aliases share subtrees; the parser bounds how many nodes a reader meets. */
static void
walk(const kd_node *node, size_t depth)
{
    const kd_node *child;
    size_t n = 0;

    FUZZ_REQUIRE(depth < 256);
    if (node->text != NULL)
        FUZZ_REQUIRE(node->text[node->len] == '\0');
    for (child = node->child; child != NULL; child = child->next) {
        FUZZ_REQUIRE((child->key != NULL) == (node->type == KD_NODE_MAP));
        walk(child, depth + 1);
        n++;
    }
    FUZZ_REQUIRE(n == node->count);
}

/* A line names its place, or says at the end how many more there are. */
static void
show(void *arg, uint32_t level, const char *line)
{
    (void)level;
    FUZZ_REQUIRE(
        strncmp(line, "file.yaml:", 10) == 0 ||
        (strncmp(line, "and ", 4) == 0 && *(size_t *)arg >= KD__REPORT_SHOWN));
    ++*(size_t *)arg;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kd__arena arena;
    struct kd__report report;
    struct kd__node *root = NULL;
    size_t shown = 0;

    kd__arena_init(&arena);
    kd__report_init(&report);
    kd__yaml_parse(
        (const char *)data, size, "file.yaml", &arena, &report, &root);
    if (root != NULL)
        walk(&root->node, 0);
    else
        FUZZ_REQUIRE(report.errors > 0);
    kd__report_flush(&report, show, &shown);
    FUZZ_REQUIRE(report.errors == 0 || shown > 0);
    kd__report_fini(&report);
    kd__arena_fini(&arena);
    return 0;
}
