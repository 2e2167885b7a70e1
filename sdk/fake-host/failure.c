/* SPDX-License-Identifier: MIT */
/*
 * Errors: as a caller gets them, and as the terms that travel.
 */

#include "state.h"

#include <stdio.h>

kd_status
fake_error(kd_error *err, kd_status code, const char *text)
{
    if (err != NULL) {
        err->code = code;
        err->flags = 0;
        snprintf(err->text, sizeof(err->text), "%s", text);
    }
    return code;
}

void
fake_check_status(
    kd_fake *fake, const char *who, const char *callback, kd_status status)
{
    if (status > 0 || status <= KD_STATUS_LAST_)
        fake_complain(fake, "%s: %s returns %d, which is no status", who,
            callback, (int)status);
}

static void
write_body(kd_writer *body, const kd_error *err)
{
    int is_retryable = (err->flags & KD_ERROR_RETRYABLE) != 0;
    int is_known = is_retryable || (err->flags & KD_ERROR_FINAL) != 0;

    kd_write_map(body, is_known ? 3 : 2);
    kd_write_text(body, "kind");
    kd_write_text(body, kd_status_kind(err->code));
    kd_write_text(body, "message");
    kd_write_text(
        body, err->text[0] != '\0' ? err->text : kd_status_text(err->code));
    if (!is_known)
        return;
    kd_write_text(body, "retryable");
    kd_write_bool(body, is_retryable);
}

/* A KD_TERM_EXT_ERROR term. */
kd_status
fake_error_bytes(struct fake_bytes *bytes, const kd_error *err)
{
    kd_writer body = {0}, term = {0};
    kd_payload payload;
    kd_status status;

    write_body(&body, err);
    kd_write_ext(&term, KD_TERM_EXT_ERROR, body.data, body.len);
    status = body.status != KD_OK ? body.status : term.status;
    if (status == KD_OK) {
        payload = kd_payload_make(KD_FORMAT_TERM, term.data, term.len);
        status = fake_bytes_set(bytes, &payload);
    }
    kd_writer_free(&body);
    kd_writer_free(&term);
    return status;
}
