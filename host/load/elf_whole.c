/* SPDX-License-Identifier: MIT */
/*
 * The headers of an ELF file against its length (elf(5)).
 */

#include "load/elf_whole.h"

#include "base/error.h"

#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t end_of(int fd);
static uint64_t end_of_range(uint64_t at, uint64_t len);

kd_status
kd__elf_whole(const char *path, kd_error *err)
{
    /* A fifo must not make us wait. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    uint64_t len = 0;
    uint64_t end = 0;
    struct stat st;

    if (fd < 0)
        return KD_OK;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        len = (uint64_t)st.st_size;
        end = end_of(fd);
    }
    close(fd);
    if (end <= len)
        return KD_OK;
    return kd__error(err, KD_ENOTPLUGIN,
        "cannot be opened: the file is cut short: it has %llu bytes of %llu",
        (unsigned long long)len, (unsigned long long)end);
}

/* Where what the linker maps ends, by the headers; 0: they say nothing. */
static uint64_t
end_of(int fd)
{
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;
    uint64_t end;

    if (pread(fd, &header, sizeof(header), 0) != (ssize_t)sizeof(header) ||
        memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_phentsize != sizeof(segment))
        return 0;
    end = end_of_range(
        header.e_phoff, (uint64_t)header.e_phnum * sizeof(segment));
    for (size_t i = 0; i < header.e_phnum; i++) {
        const uint64_t at = header.e_phoff + i * sizeof(segment);
        uint64_t segment_end;

        if (pread(fd, &segment, sizeof(segment), (off_t)at) !=
            (ssize_t)sizeof(segment))
            return end;
        if (segment.p_type != PT_LOAD)
            continue;
        segment_end = end_of_range(segment.p_offset, segment.p_filesz);
        if (segment_end > end)
            end = segment_end;
    }
    return end;
}

static uint64_t
end_of_range(uint64_t at, uint64_t len)
{
    return len > UINT64_MAX - at ? UINT64_MAX : at + len;
}
