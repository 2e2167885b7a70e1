/* SPDX-License-Identifier: MIT */
/*
 * The text of an _index.yaml to entries, with kinds that have an option of
 * every type: whatever is written there is an application or is refused with
 * lines that name a place.
 */

#include "fuzz.h"

#include "entry/entries.h"

#include "../unit/entry_kinds.h"

#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/kindred-fuzz-XXXXXX";

static void
remove_dir(void)
{
    char path[sizeof(dir) + 16];

    snprintf(path, sizeof(path), "%s/_index.yaml", dir);
    unlink(path);
    rmdir(dir);
}

static void
write_index(const uint8_t *data, size_t size)
{
    static int is_made;
    char path[sizeof(dir) + 16];
    FILE *file;

    if (!is_made) {
        FUZZ_REQUIRE(mkdtemp(dir) != NULL);
        atexit(remove_dir);
        is_made = 1;
    }
    snprintf(path, sizeof(path), "%s/_index.yaml", dir);
    file = fopen(path, "wb");
    FUZZ_REQUIRE(file != NULL);
    FUZZ_REQUIRE(fwrite(data, 1, size, file) == size);
    fclose(file);
}

static void
show(void *arg, uint32_t level, const char *line)
{
    (void)level;
    FUZZ_REQUIRE(line[0] != '\0');
    ++*(size_t *)arg;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t shown = 0;
    struct kd__entries_config config = {
        .dir = dir, .find_kind = kinds_find, .diagnostic = show, .arg = &shown};
    struct kd__entries *set = kd__entries_new();
    kd_error err = KD_ERROR_INIT;
    size_t i;

    FUZZ_REQUIRE(set != NULL);
    write_index(data, size);
    if (kd__entries_read(set, &config, &err) == KD_OK)
        kd__entries_resolve(set, &err);
    for (i = 0; i < kd__entries_count(set); i++)
        FUZZ_REQUIRE(kd__entry_id(kd__entries_at(set, i)) != NULL);
    kd__entries_flush(set);
    FUZZ_REQUIRE(kd__entries_errors(set) == 0 || shown > 0);
    kd__entries_free(set);
    return 0;
}
