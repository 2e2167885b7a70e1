/*
 * The kind alone, with Kindred's fake host: no runtime, no threads, no files.
 */

#include <kindred/fake.h>

#include <stdio.h>
#include <string.h>

#define CHECK(what)                                                            \
    do {                                                                       \
        if (!(what)) {                                                         \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);         \
            failures++;                                                        \
        }                                                                      \
    } while (0)

static int failures;

/* The value of the index-th thing that was done is this string. */
static int
has_sent(kd_fake *fake, size_t index, const char *text)
{
    const kd_fake_act *act = kd_fake_act_at(fake, index);
    kd_reader reader;
    kd_item item;

    if (act == NULL || act->what != KD_FAKE_SEND)
        return 0;
    reader = kd_reader_make(act->payload.data, act->payload.len);
    kd_reader_next(&reader, &item);
    return item.type == KD_TERM_STRING && item.len == strlen(text) &&
           memcmp(item.data, text, item.len) == 0;
}

int
main(void)
{
    kd_fake *fake = kd_fake_new();
    kd_pid nobody = KD_PID_NONE_INIT;
    kd_entry *entry;
    kd_proc *proc;

    CHECK(kd_fake_add(fake, kd_plugin_query_v1(), NULL) == KD_OK);
    entry = kd_fake_entry(fake, "test:greeter", "acme.greeter");
    kd_fake_set_text(entry, "greeting", "ahoy");
    proc = kd_fake_spawn(fake, entry, NULL, NULL);

    /* A message is answered and given back. */
    kd_fake_send(proc, nobody, "hello", 0, NULL);
    CHECK(kd_fake_run(proc, 1000) == KD_NEXT_WAIT);
    CHECK(has_sent(fake, 0, "ahoy"));
    CHECK(kd_fake_held(proc) == 0);

    /* So is one whose sender is gone. */
    kd_fake_refuse(fake, KD_FAKE_SEND, KD_EGONE, 0);
    kd_fake_send(proc, nobody, "hello", 0, NULL);
    CHECK(kd_fake_run(proc, 1000) == KD_NEXT_WAIT);
    CHECK(kd_fake_held(proc) == 0);

    /* It ends when it is asked to. */
    kd_fake_cancel(proc, "enough", KD_NEVER);
    CHECK(kd_fake_run(proc, 1000) == KD_NEXT_DONE);

    /* Nothing was leaked, and nothing of the contract broken. */
    CHECK(kd_fake_free(fake) == 0);
    return failures != 0;
}
