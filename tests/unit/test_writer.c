/* SPDX-License-Identifier: MIT */
/*
 * Records that come while a writer is being stopped: all are written, and the
 * next stop ends what they need a thread for.
 */

#include "harness.h"

#include "base/clock.h"
#include "base/memory.h"
#include "runtime/writer.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>

#define ROUNDS 3000

static struct kd__writer writer;
static atomic_long n_written;
static sem_t begins;
static sem_t is_put;

static void
count(void *arg, struct kd__record *record)
{
    (void)arg;
    (void)record;
    atomic_fetch_add(&n_written, 1);
}

static void
put(void)
{
    struct kd__record *record = kd__malloc(sizeof(*record));

    CU_ASSERT_PTR_NOT_NULL_FATAL(record);
    record->cost = 1;
    CU_ASSERT_EQUAL(kd__writer_put(&writer, record, 0), KD_OK);
}

/* One each time that a stop begins, at any moment of it. */
static void *
put_all(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        while (sem_wait(&begins) != 0)
            continue;
        for (volatile int pause = i % 1000 * 30; pause > 0; pause--)
            continue;
        put();
        sem_post(&is_put);
    }
    return NULL;
}

static kd_status
stop(void)
{
    return kd__writer_stop(&writer, kd__clock_now() + 2000000000u);
}

static void
test_stop_when_records_come_then_all_are_written(void)
{
    pthread_t thread;
    int n_failed = 0;

    CU_ASSERT_EQUAL_FATAL(
        kd__writer_init(&writer, "kd-test", 1 << 20, count, NULL, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(sem_init(&begins, 0, 0), 0);
    CU_ASSERT_EQUAL_FATAL(sem_init(&is_put, 0, 0), 0);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, put_all, NULL), 0);
    for (int i = 0; i < ROUNDS; i++) {
        if (i % 2 == 0)
            put();
        sem_post(&begins);
        n_failed += stop() != KD_OK;
        while (sem_wait(&is_put) != 0)
            continue;
        n_failed += stop() != KD_OK;
    }
    pthread_join(thread, NULL);
    CU_ASSERT_EQUAL_FATAL(n_failed, 0);
    CU_ASSERT_EQUAL(atomic_load(&n_written), ROUNDS + ROUNDS / 2);
    sem_destroy(&is_put);
    sem_destroy(&begins);
    kd__writer_fini(&writer);
}

static const struct test_case tests[] = {
    TEST(test_stop_when_records_come_then_all_are_written),
};

TEST_MAIN("writer")
