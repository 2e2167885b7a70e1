/* SPDX-License-Identifier: MIT */
/*
 * Decides whether a plugin may be loaded, from its ABI stamp alone.
 *
 * Runs before any other byte of the descriptor is believed, so it reads only
 * the fields of kd_stamp, which are frozen for all time. Pure: no I/O, no
 * allocation, no state. That is what lets the fuzzer throw bytes at it.
 */

#include "load/stamp.h"

#include "base/error.h"

/* What kd_plugin measured when the ABI began; no descriptor is smaller. */
#define SIZE_MIN KD_FIRST_SIZE(kd_plugin)

static kd_status check_magic(const kd_stamp *stamp, kd_error *err);
static kd_status check_version(
    const kd_stamp *stamp, uint16_t major, uint16_t minor, kd_error *err);
static kd_status check_rest(const kd_stamp *stamp, kd_error *err);

kd_status
kd__stamp_check(const kd_stamp *stamp, kd_error *err)
{
    return kd__stamp_check_for(stamp, KD_ABI_MAJOR, KD_ABI_MINOR, err);
}

kd_status
kd__stamp_check_for(
    const kd_stamp *stamp, uint16_t major, uint16_t minor, kd_error *err)
{
    kd_status status = check_magic(stamp, err);

    if (status == KD_OK)
        status = check_version(stamp, major, minor, err);
    if (status == KD_OK)
        status = check_rest(stamp, err);
    return status;
}

static kd_status
check_magic(const kd_stamp *stamp, kd_error *err)
{
    if (stamp->magic == KD_ABI_MAGIC)
        return KD_OK;
    return kd__error(err, KD_ENOTPLUGIN,
        "not a kindred plugin: its stamp begins with 0x%08lx, not 0x%08lx",
        (unsigned long)stamp->magic, (unsigned long)KD_ABI_MAGIC);
}

/*
 * A newer plugin is welcome so long as it says that it can live without what
 * this host lacks. It is refused here, with a reason, and not later through a
 * null function pointer.
 */
static kd_status
check_version(
    const kd_stamp *stamp, uint16_t major, uint16_t minor, kd_error *err)
{
    if (stamp->major != major)
        return kd__error(err, KD_EABI,
            "plugin is built for ABI %u.%u, host has %u.%u",
            (unsigned)stamp->major, (unsigned)stamp->minor, (unsigned)major,
            (unsigned)minor);
    if (stamp->min_host_minor > minor)
        return kd__error(err, KD_EABI,
            "plugin needs host ABI %u.%u, host has %u.%u",
            (unsigned)stamp->major, (unsigned)stamp->min_host_minor,
            (unsigned)major, (unsigned)minor);
    return KD_OK;
}

static kd_status
check_rest(const kd_stamp *stamp, kd_error *err)
{
    if (stamp->reserved != 0)
        return kd__error(err, KD_EPLUGIN,
            "the reserved field of its stamp is %u, not 0",
            (unsigned)stamp->reserved);
    if (stamp->size < SIZE_MIN)
        return kd__error(err, KD_EPLUGIN,
            "its descriptor has %lu bytes, host needs at least %lu",
            (unsigned long)stamp->size, (unsigned long)SIZE_MIN);
    if (stamp->size % 8 != 0)
        return kd__error(err, KD_EPLUGIN,
            "the size of its descriptor, %lu, is not a multiple of 8",
            (unsigned long)stamp->size);
    return KD_OK;
}
