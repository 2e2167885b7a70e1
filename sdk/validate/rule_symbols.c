/* SPDX-License-Identifier: MIT */
/*
 * A plugin shows its one function, so that two of them cannot meet in a name;
 * and it takes nothing that ends the program, takes a signal away from it,
 * duplicates it, prints over its output or changes what all its threads see.
 *
 * Reads the dynamic symbols from the file: nothing of the plugin runs.
 */

#include "rule.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file in memory. Every offset in it is checked against its length. */
struct image {
    const char *bytes;
    size_t len;
};

static const void *
part(const struct image *image, size_t offset, size_t len)
{
    if (offset > image->len || len > image->len - offset)
        return NULL;
    return image->bytes + offset;
}

static int
is_forbidden(const char *name)
{
    static const char *const forbidden[] = {"exit", "_exit", "_Exit",
        "quick_exit", "abort", "fork", "vfork", "system", "popen", "signal",
        "sigaction", "printf", "vprintf", "__printf_chk", "puts", "putchar",
        "perror", "stdout", "chdir", "setenv", "putenv", "unsetenv", "clearenv",
        "setlocale", NULL};
    size_t i;

    for (i = 0; forbidden[i] != NULL; i++) {
        if (strcmp(forbidden[i], name) == 0)
            return 1;
    }
    return 0;
}

static void
look_at_symbol(
    struct subject *subject, const ElfW(Sym) * symbol, const char *name)
{
    if (symbol->st_shndx == SHN_UNDEF) {
        if (is_forbidden(name))
            broken(subject, "it calls %s, which is the program's to use", name);
        else if (strncmp(name, "kd_", 3) == 0)
            broken(subject,
                "it calls %s of a library of Kindred's: what a plugin needs "
                "comes through tables",
                name);
    } else if (ELF32_ST_BIND(symbol->st_info) != STB_LOCAL &&
               symbol->st_other == STV_DEFAULT &&
               strncmp(name, "kd_plugin_query_v", 17) != 0) {
        broken(subject, "it exports %s: show kd_plugin_query_v1 alone", name);
    }
}

static void
look_at_table(struct subject *subject, const struct image *image,
    const ElfW(Shdr) * table, const ElfW(Shdr) * strings)
{
    size_t i, count = table->sh_size / sizeof(ElfW(Sym));
    const ElfW(Sym) *symbols = part(image, table->sh_offset, table->sh_size);
    const char *names = part(image, strings->sh_offset, strings->sh_size);

    if (symbols == NULL || names == NULL || strings->sh_size == 0 ||
        names[strings->sh_size - 1] != '\0')
        return;
    for (i = 1; i < count; i++) {
        if (symbols[i].st_name < strings->sh_size)
            look_at_symbol(subject, &symbols[i], names + symbols[i].st_name);
    }
}

static void
look_at(struct subject *subject, const struct image *image)
{
    const ElfW(Ehdr) *head = part(image, 0, sizeof(*head));
    const ElfW(Shdr) * sections;
    size_t i;

    if (head == NULL || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0) {
        skipped(subject, "it is no ELF file");
        return;
    }
    sections =
        part(image, head->e_shoff, (size_t)head->e_shnum * sizeof(*sections));
    for (i = 0; sections != NULL && i < head->e_shnum; i++) {
        if (sections[i].sh_type == SHT_DYNSYM &&
            sections[i].sh_link < head->e_shnum)
            look_at_table(
                subject, image, &sections[i], &sections[sections[i].sh_link]);
    }
}

static void
run(struct subject *subject)
{
    int fd = open(subject->path, O_RDONLY | O_CLOEXEC);
    struct image image;
    struct stat stat;
    void *map;

    if (fd < 0 || fstat(fd, &stat) != 0 || stat.st_size == 0)
        return;
    image.len = (size_t)stat.st_size;
    map = mmap(NULL, image.len, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (map == MAP_FAILED)
        return;
    image.bytes = map;
    look_at(subject, &image);
    munmap(map, image.len);
}

const struct rule rule_symbols = {"symbols",
    "it shows one function and takes none that is the program's", 0, run};
