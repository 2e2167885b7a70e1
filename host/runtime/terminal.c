/* SPDX-License-Identifier: MIT */
/*
 * The terminal of a process: what <kindred/ext/terminal.h> promises.
 */

#include "base/error.h"
#include "runtime/runtime.h"
#include "term/buf.h"

#include <kindred/ext/terminal.h>

/* KD_OK when the process lives and has it. */
static kd_status
check(const struct kd__proc *proc, kd_error *err)
{
    if (!kd__proc_is_alive(proc))
        return kd__error(err, KD_EGONE, "the process has ended");
    if (proc->terminal == NULL)
        return kd__error(err, KD_EUNAVAIL, "no terminal context");
    return KD_OK;
}

static uint32_t
call_has(const kd_proc *pub)
{
    return kd__proc_of(pub)->terminal != NULL;
}

static kd_payload
call_args(const kd_proc *pub)
{
    return kd__buf_payload(kd__proc_of(pub)->terminal);
}

static kd_status
call_write(kd_proc *pub, const char *text, size_t len, uint32_t flags)
{
    struct kd__proc *proc = kd__proc_of(pub);
    kd_status status = check(proc, NULL);

    if (status != KD_OK)
        return status;
    if ((flags & ~(KD_TERMINAL_ERROR | KD_TERMINAL_BEYOND)) != 0)
        return KD_EINVAL;
    return kd__output_print(&kd__runtime_of_system(proc->system)->output, proc,
        (flags & KD_TERMINAL_ERROR) != 0 ? KD__OUTPUT_ERROR : KD__OUTPUT_PLAIN,
        text, len, (flags & KD_TERMINAL_BEYOND) != 0);
}

static kd_status
call_read(kd_proc *pub, uint32_t flags, size_t most, kd_ref *ref, kd_error *err)
{
    struct kd__proc *proc = kd__proc_of(pub);
    const uint64_t limit = kd__proc_code(proc)->message_bytes;
    kd_status status = check(proc, err);

    if (status != KD_OK)
        return status;
    if ((flags & ~KD_TERMINAL_LINE) != 0)
        return kd__error(err, KD_EINVAL, "unknown flags of a read");
    if (most == 0 || most > limit)
        most = (size_t)limit;
    status = kd__input_want(&kd__runtime_of_system(proc->system)->input, proc,
        (flags & KD_TERMINAL_LINE) != 0, most, ref);
    if (status == KD_ESYSTEM)
        return kd__error(
            err, status, "no thread can be made to read the input");
    if (status != KD_OK)
        return kd__error(err, status, "%s", kd_status_text(status));
    return KD_OK;
}

const kd_terminal kd__terminal_calls = {
    .size = sizeof(kd_terminal),
    .has = call_has,
    .args = call_args,
    .write = call_write,
    .read = call_read,
};
