/* SPDX-License-Identifier: MIT */
/*
 * Whether all of a shared object is there. The linker maps what the headers
 * say and reads it; of a file that was cut, by a copy that was interrupted,
 * say, that is SIGBUS and not an error.
 */
#ifndef KD_LOAD_ELF_WHOLE_H
#define KD_LOAD_ELF_WHOLE_H

#include <kindred/status.h>

/*
 * KD_OK also for what is no ELF file, or none that can be read: the linker has
 * words for that. KD_ENOTPLUGIN: the file ends before what its headers name.
 */
kd_status kd__elf_whole(const char *path, kd_error *err);

#endif
