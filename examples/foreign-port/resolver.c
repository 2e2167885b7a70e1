/* SPDX-License-Identifier: MIT */
/*
 * A kind that works with a foreign thread: example.resolver looks up the
 * addresses of host names.
 *
 * getaddrinfo(3) may take half a minute, and nothing can interrupt it. So a
 * thread of our own makes the calls, one for each process, and wakes the
 * process through a port when it has an answer. It never touches a kd_proc.
 *
 * Such a thread may outlive its process, by as long as its call lasts: what the
 * two share is freed by the last of them. It does not outlive the runtime: the
 * plugin's fini() waits for it.
 */

#define _GNU_SOURCE

#include <kindred/kindred.h>

#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The plugin's state in a runtime. */
struct plugin_state {
    const kd_api *api;
    pthread_mutex_t lock;
    pthread_cond_t is_idle;
    size_t n_threads;
};

/*
 * A question, and its answer. The message is the process's, not the thread's:
 * it is given back when it is answered, so that what waits here counts as mail
 * that waits and is bounded like it, or when the process ends.
 */
struct job {
    struct job *next;
    kd_message *message;
    kd_writer answer; /* The term that the asker gets. */
    size_t len;
    char name[]; /* Ends in NUL. */
};

struct queue {
    struct job *first;
    struct job **last;
};

/* What a process shares with its thread. */
struct shared {
    struct plugin_state *plugin;
    kd_port *port;
    int flags; /* Of getaddrinfo(). */
    pthread_mutex_t lock;
    pthread_cond_t has_work;
    struct queue asked;    /* Under the lock, as all that follows. */
    struct job *current;   /* What the thread is at, or NULL. */
    struct queue answered; /* In order. */
    int n_holders;         /* 2, 1. */
};

/* The process itself. */
struct resolver {
    struct shared *shared; /* NULL before its first slice. */
    struct queue unsent;   /* Answers that their asker had no room for. */
    struct plugin_state *plugin;
};

static void
queue_init(struct queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

static void
queue_add(struct queue *queue, struct job *job)
{
    job->next = NULL;
    *queue->last = job;
    queue->last = &job->next;
}

static struct job *
queue_take(struct queue *queue)
{
    struct job *job = queue->first;

    if (job == NULL)
        return NULL;
    queue->first = job->next;
    if (queue->first == NULL)
        queue->last = &queue->first;
    return job;
}

static void
job_free(struct job *job)
{
    kd_writer_free(&job->answer);
    free(job);
}

static void
queue_clear(struct queue *queue)
{
    struct job *job;

    while ((job = queue_take(queue)) != NULL)
        job_free(job);
}

/* The foreign thread. */

static size_t
count_addresses(const struct addrinfo *list)
{
    size_t count = 0;

    for (; list != NULL; list = list->ai_next)
        count++;
    return count;
}

/* {name=, addresses=} or {name=, error=}. */
static void
write_answer(struct job *job, int status, const struct addrinfo *list)
{
    char text[NI_MAXHOST];

    kd_write_map(&job->answer, 2);
    kd_write_text(&job->answer, "name");
    kd_write_string(&job->answer, job->name, job->len);
    if (status != 0) {
        kd_write_text(&job->answer, "error");
        kd_write_text(&job->answer, gai_strerror(status));
        return;
    }
    kd_write_text(&job->answer, "addresses");
    kd_write_array(&job->answer, count_addresses(list));
    for (; list != NULL; list = list->ai_next) {
        if (getnameinfo(list->ai_addr, list->ai_addrlen, text, sizeof(text),
                NULL, 0, NI_NUMERICHOST) != 0)
            text[0] = '\0';
        kd_write_text(&job->answer, text);
    }
}

static void
look_up(struct job *job, int flags)
{
    struct addrinfo hints = {.ai_flags = flags, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    int status = getaddrinfo(job->name, NULL, &hints, &list);

    write_answer(job, status, list);
    if (status == 0)
        freeaddrinfo(list);
}

/* One holder less; the last one frees it. */
static void
shared_leave(struct shared *shared)
{
    int n_left;

    pthread_mutex_lock(&shared->lock);
    n_left = --shared->n_holders;
    pthread_cond_signal(&shared->has_work);
    pthread_mutex_unlock(&shared->lock);
    if (n_left > 0)
        return;
    queue_clear(&shared->asked);
    queue_clear(&shared->answered);
    kd_port_release(shared->port);
    pthread_cond_destroy(&shared->has_work);
    pthread_mutex_destroy(&shared->lock);
    free(shared);
}

static void
plugin_leave(struct plugin_state *plugin)
{
    pthread_mutex_lock(&plugin->lock);
    if (--plugin->n_threads == 0)
        pthread_cond_signal(&plugin->is_idle);
    pthread_mutex_unlock(&plugin->lock);
}

/* The next question; NULL when the process has left. */
static struct job *
next_job(struct shared *shared)
{
    struct job *job = NULL;

    pthread_mutex_lock(&shared->lock);
    while (shared->n_holders == 2 && shared->asked.first == NULL)
        pthread_cond_wait(&shared->has_work, &shared->lock);
    if (shared->n_holders == 2)
        job = queue_take(&shared->asked);
    shared->current = job;
    pthread_mutex_unlock(&shared->lock);
    return job;
}

static void *
thread_main(void *arg)
{
    struct shared *shared = arg;
    struct plugin_state *plugin = shared->plugin;
    struct job *job;

    while ((job = next_job(shared)) != NULL) {
        look_up(job, shared->flags);
        pthread_mutex_lock(&shared->lock);
        queue_add(&shared->answered, job);
        shared->current = NULL;
        pthread_mutex_unlock(&shared->lock);
        /* KD_EGONE says that it has ended: next_job() will see it too. */
        kd_port_wake(shared->port);
    }
    shared_leave(shared);
    plugin_leave(plugin);
    return NULL;
}

/* The process. */

static kd_status
resolver_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    struct resolver *resolver = calloc(1, sizeof(*resolver));

    (void)prepared;
    (void)proc;
    (void)args;
    (void)err;
    if (resolver == NULL)
        return KD_ENOMEM;
    resolver->plugin = state;
    queue_init(&resolver->unsent);
    *self = resolver;
    return KD_OK;
}

/* Signals are the program's business: none is for a thread of ours. */
static int
start_thread(struct shared *shared)
{
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t all, old;
    int status;

    sigfillset(&all);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    status = pthread_create(&thread, &attr, thread_main, shared);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attr);
    return status;
}

static struct shared *
shared_new(struct plugin_state *plugin, kd_proc *proc)
{
    const kd_node *numeric =
        plugin->api->entry_get(kd_proc_entry(proc), "numeric");
    struct shared *shared = calloc(1, sizeof(*shared));

    if (shared == NULL)
        return NULL;
    shared->plugin = plugin;
    shared->port = kd_proc_port(proc);
    shared->flags = numeric->integer ? AI_NUMERICHOST : 0;
    shared->n_holders = 1;
    pthread_mutex_init(&shared->lock, NULL);
    pthread_cond_init(&shared->has_work, NULL);
    queue_init(&shared->asked);
    queue_init(&shared->answered);
    if (shared->port != NULL)
        return shared;
    shared_leave(shared);
    return NULL;
}

/* Here and not in create(): the thread is made when the process runs. */
static kd_status
resolver_start(struct resolver *resolver, kd_proc *proc, kd_error *err)
{
    struct plugin_state *plugin = resolver->plugin;
    struct shared *shared = shared_new(plugin, proc);

    if (shared == NULL)
        return kd_error_set(err, KD_ENOMEM, "out of memory");
    resolver->shared = shared;
    shared->n_holders = 2;
    pthread_mutex_lock(&plugin->lock);
    plugin->n_threads++;
    pthread_mutex_unlock(&plugin->lock);
    if (start_thread(shared) == 0)
        return KD_OK;
    shared->n_holders = 1;
    plugin_leave(plugin);
    return kd_error_set(err, KD_ESYSTEM, "cannot make a thread");
}

/* KD_OK: the message is taken. */
static kd_status
resolver_ask(struct resolver *resolver, kd_message *message, kd_error *err)
{
    kd_reader reader =
        kd_reader_make(message->payload.data, message->payload.len);
    kd_item item;
    struct job *job;

    if (kd_reader_next(&reader, &item) != KD_TERM_STRING)
        return kd_error_set(err, KD_EINVAL, "resolve wants a name");
    job = calloc(1, sizeof(*job) + item.len + 1);
    if (job == NULL)
        return kd_error_set(err, KD_ENOMEM, "out of memory");
    job->message = message;
    job->len = item.len;
    memcpy(job->name, item.data, item.len);
    pthread_mutex_lock(&resolver->shared->lock);
    queue_add(&resolver->shared->asked, job);
    pthread_cond_signal(&resolver->shared->has_work);
    pthread_mutex_unlock(&resolver->shared->lock);
    return KD_OK;
}

/*
 * Send what is answered, in order. When an asker has no room the others wait
 * with it: a signal says when to go on. Whoever is gone misses his answer.
 */
static void
resolver_answer(struct resolver *resolver, kd_proc *proc)
{
    struct job *job;
    kd_payload answer;
    kd_pid asker;

    pthread_mutex_lock(&resolver->shared->lock);
    while ((job = queue_take(&resolver->shared->answered)) != NULL)
        queue_add(&resolver->unsent, job);
    pthread_mutex_unlock(&resolver->shared->lock);
    while ((job = resolver->unsent.first) != NULL) {
        asker = job->message->from;
        answer = kd_writer_payload(&job->answer);
        if (job->answer.status == KD_OK &&
            kd_proc_send(proc, asker, "resolved", 8, 0, &answer, NULL) ==
                KD_EFULL &&
            kd_proc_when_room(proc, asker, NULL) == KD_OK)
            return;
        kd_proc_release(proc, job->message);
        job_free(queue_take(&resolver->unsent));
    }
}

static kd_next
resolver_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct resolver *resolver = self;
    kd_status status = KD_OK;
    kd_message *message;
    kd_signal signal;

    (void)budget;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL)
            return KD_NEXT_DONE;
    }
    if (resolver->shared == NULL)
        status = resolver_start(resolver, proc, err);
    while (status == KD_OK && (message = kd_proc_next(proc)) != NULL) {
        if (!kd_message_is(message, "resolve"))
            kd_proc_release(proc, message);
        else if ((status = resolver_ask(resolver, message, err)) != KD_OK)
            kd_proc_release(proc, message);
    }
    if (status != KD_OK)
        return KD_NEXT_FAIL;
    resolver_answer(resolver, proc);
    return KD_NEXT_WAIT;
}

static void
job_give_back(struct job *job, kd_proc *proc)
{
    if (job == NULL)
        return;
    kd_proc_release(proc, job->message);
    job->message = NULL;
}

static void
queue_give_back(struct queue *queue, kd_proc *proc)
{
    for (struct job *job = queue->first; job != NULL; job = job->next)
        job_give_back(job, proc);
}

/* The messages of all questions: the thread has only what it needs itself. */
static void
shared_give_back(struct shared *shared, kd_proc *proc)
{
    pthread_mutex_lock(&shared->lock);
    queue_give_back(&shared->asked, proc);
    job_give_back(shared->current, proc);
    queue_give_back(&shared->answered, proc);
    pthread_mutex_unlock(&shared->lock);
}

/* Waits for nobody: the thread may be in the middle of a call. */
static void
resolver_destroy(void *self, kd_proc *proc)
{
    struct resolver *resolver = self;

    queue_give_back(&resolver->unsent, proc);
    queue_clear(&resolver->unsent);
    if (resolver->shared != NULL) {
        shared_give_back(resolver->shared, proc);
        shared_leave(resolver->shared);
    }
    free(resolver);
}

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .create = resolver_create,
    .run = resolver_run,
    .destroy = resolver_destroy,
};

static const kd_option options[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_BOOL,
        .name = "numeric",
        .def = "false",
        .help = "Take addresses only, and ask no name server"},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_ENTRY,
        .flags = KD_OPTION_HOST_RULE,
        .classes = KD_CLASS_HOST,
        .name = "host",
        .help = "The host that auto_start runs it on"},
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "example.resolver",
    .help = "Looks up the addresses of host names",
    .options = options,
    .n_options = COUNT(options),
    .impl = &worker,
};

static const kd_kind *const kinds[] = {&kind, NULL};

static kd_status
init(const kd_api *api, void **state, kd_error *err)
{
    struct plugin_state *plugin = calloc(1, sizeof(*plugin));

    (void)err;
    if (plugin == NULL)
        return KD_ENOMEM;
    plugin->api = api;
    pthread_mutex_init(&plugin->lock, NULL);
    pthread_cond_init(&plugin->is_idle, NULL);
    *state = plugin;
    return KD_OK;
}

static void
fini(void *state)
{
    struct plugin_state *plugin = state;

    pthread_mutex_lock(&plugin->lock);
    while (plugin->n_threads > 0)
        pthread_cond_wait(&plugin->is_idle, &plugin->lock);
    pthread_mutex_unlock(&plugin->lock);
    pthread_cond_destroy(&plugin->is_idle);
    pthread_mutex_destroy(&plugin->lock);
    free(plugin);
}

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "example.resolver",
    .version = "1.0.0",
    .help = "Host names and their addresses",
    .kinds = kinds,
    .init = init,
    .fini = fini,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
