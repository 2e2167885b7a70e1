/*
 * The kind acme.greeter: a process that answers each message with a greeting.
 *
 * Links, monitors, names, the mailbox, cancel and exit are the host's. What is
 * left for a kind is here: make an instance, advance it, free it.
 */

#include <kindred/kindred.h>

#include <stdlib.h>

/* One process of the kind. */
struct greeter {
    const char *greeting; /* Of the entry, which lives as long as all. */
    size_t len;
};

static kd_status
greeter_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    const kd_entry *entry = kd_proc_entry(proc);
    const kd_node *greeting = proc->api->entry_get(entry, "greeting");
    struct greeter *greeter = malloc(sizeof(*greeter));

    (void)state;
    (void)prepared;
    (void)args;
    (void)err;
    if (greeter == NULL)
        return KD_ENOMEM;
    /* The option has a default, so it is always there, and is a string. */
    greeter->greeting = greeting->text;
    greeter->len = greeting->len;
    *self = greeter;
    return KD_OK;
}

/* Answer with a message of topic "greeting", the greeting as its value. */
static kd_status
greet(const struct greeter *greeter, kd_proc *proc, kd_pid to)
{
    static const char topic[] = "greeting";
    kd_writer writer = {0};
    kd_payload payload;
    kd_status status;

    kd_write_string(&writer, greeter->greeting, greeter->len);
    status = writer.status;
    if (status == KD_OK) {
        payload = kd_payload_make(KD_FORMAT_TERM, writer.data, writer.len);
        status =
            kd_proc_send(proc, to, topic, sizeof(topic) - 1, 0, &payload, NULL);
    }
    kd_writer_free(&writer);
    return status;
}

static kd_next
greeter_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_message *message;
    kd_signal signal;

    (void)err;
    /* Signals first: they tell of ends and cancels, and cannot be lost. */
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL)
            return KD_NEXT_DONE;
    }
    while (budget-- > 0) {
        message = kd_proc_next(proc);
        if (message == NULL)
            return KD_NEXT_WAIT;
        /* Whoever asked may have ended: that is no error of ours. */
        greet(self, proc, message->from);
        kd_proc_release(proc, message);
    }
    return KD_NEXT_READY;
}

static void
greeter_destroy(void *self, kd_proc *proc)
{
    (void)proc;
    free(self);
}

static const kd_worker_kind greeter_worker = {
    .size = sizeof(kd_worker_kind),
    .create = greeter_create,
    .run = greeter_run,
    .destroy = greeter_destroy,
};

static const kd_option greeter_options[] = {
    {
        .size = sizeof(kd_option),
        .type = KD_OPTION_STRING,
        .name = "greeting",
        .def = "hello",
        .help = "what it says",
    },
};

static const kd_kind greeter_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "acme.greeter",
    .help = "Answers each message with a greeting",
    .options = greeter_options,
    .n_options = sizeof(greeter_options) / sizeof(greeter_options[0]),
    .impl = &greeter_worker,
};

static const kd_kind *const kinds[] = {&greeter_kind, NULL};

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "acme.greeter",
    .version = "0.1.0",
    .help = "A greeter, to begin with",
    .kinds = kinds,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
