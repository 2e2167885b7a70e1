/* SPDX-License-Identifier: MIT */
/*
 * The main function of a fuzz target that is no fuzzer: runs it over files, by
 * default over its corpus, corpus/NAME for a program fuzz_NAME.
 */

#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

static int replay_folder(const char *folder);
static int replay_file(const char *path);

int
main(int argc, char **argv)
{
    const char *name = strrchr(argv[0], '/');
    const char *top = getenv("top_srcdir");
    char folder[4096];
    int i;

    for (i = 1; i < argc; i++) {
        if (replay_file(argv[i]) != 0)
            return 1;
    }
    if (argc > 1)
        return 0;
    name = name == NULL ? argv[0] : name + 1;
    name = strncmp(name, "lt-", 3) == 0 ? name + 3 : name;
    snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s",
        top == NULL ? "." : top, name + strlen("fuzz_"));
    return replay_folder(folder);
}

static int
replay_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    char path[8192];
    size_t n = 0;
    int bad = 0;

    if (dir == NULL) {
        fprintf(stderr, "%s: %s\n", folder, strerror(errno));
        return 1;
    }
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        bad |= replay_file(path);
        n++;
    }
    closedir(dir);
    printf("%s: %zu inputs\n", folder, n);
    return bad || n == 0;
}

/* In memory of its exact size, so that a sanitizer sees a byte too far. */
static int
replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    long size = -1;
    int ok = 0;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size >= 0 && (data = malloc((size_t)size + (size == 0))) != NULL) {
        rewind(file);
        ok = fread(data, 1, (size_t)size, file) == (size_t)size;
    }
    if (file != NULL)
        fclose(file);
    if (ok)
        LLVMFuzzerTestOneInput(data, (size_t)size);
    else
        fprintf(stderr, "%s: cannot be read\n", path);
    free(data);
    return ok ? 0 : 1;
}
