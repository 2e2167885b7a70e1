/* SPDX-License-Identifier: MIT */
/*
 * The run queue of process.host: order, bounds, and thieves.
 */

#include "harness.h"

#include "process_host/run_queue.h"

#include <pthread.h>
#include <string.h>

#define ITEMS   300000u
#define THIEVES 2u

static struct run_queue queue;
static char items[ITEMS];
static _Atomic unsigned char seen[ITEMS];
static _Atomic int is_over;

static void
reset(uint32_t at)
{
    memset(&queue, 0, sizeof(queue));
    atomic_store(&queue.head, at);
    atomic_store(&queue.tail, at);
}

static void
test_run_queue_pop_gives_in_order_of_push(void)
{
    unsigned i;

    reset(0);
    CU_ASSERT_PTR_NULL(kh__run_queue_pop(&queue));
    for (i = 0; i < 10; i++)
        CU_ASSERT(kh__run_queue_push(&queue, &items[i]));
    CU_ASSERT(kh__run_queue_len(&queue) == 10);
    for (i = 0; i < 10; i++)
        CU_ASSERT_PTR_EQUAL(kh__run_queue_pop(&queue), &items[i]);
    CU_ASSERT_PTR_NULL(kh__run_queue_pop(&queue));
}

static void
test_run_queue_has_passed_when_all_before_were_taken(void)
{
    uint32_t end;

    /* Also where the counters wrap. */
    reset(UINT32_MAX);
    CU_ASSERT(kh__run_queue_has_passed(&queue, kh__run_queue_end(&queue)));
    CU_ASSERT(kh__run_queue_push(&queue, &items[0]));
    CU_ASSERT(kh__run_queue_push(&queue, &items[1]));
    end = kh__run_queue_end(&queue);
    CU_ASSERT(kh__run_queue_push(&queue, &items[2]));
    CU_ASSERT_FALSE(kh__run_queue_has_passed(&queue, end));
    kh__run_queue_pop(&queue);
    CU_ASSERT_FALSE(kh__run_queue_has_passed(&queue, end));
    kh__run_queue_pop(&queue);
    CU_ASSERT(kh__run_queue_has_passed(&queue, end));
}

static void
test_run_queue_push_when_full_refuses(void)
{
    unsigned i;

    /* Also where the counters wrap. */
    reset(UINT32_MAX - 100);
    for (i = 0; i < RUN_QUEUE_SIZE; i++)
        CU_ASSERT(kh__run_queue_push(&queue, &items[i]));
    CU_ASSERT(!kh__run_queue_push(&queue, &items[i]));
    CU_ASSERT_PTR_EQUAL(kh__run_queue_pop(&queue), &items[0]);
    CU_ASSERT(kh__run_queue_push(&queue, &items[i]));
    for (i = 1; i <= RUN_QUEUE_SIZE; i++)
        CU_ASSERT_PTR_EQUAL(kh__run_queue_pop(&queue), &items[i]);
}

static void
test_run_queue_grab_takes_the_first_half(void)
{
    void *got[RUN_QUEUE_HALF];
    unsigned i;

    reset(UINT32_MAX - 3);
    CU_ASSERT(kh__run_queue_grab(&queue, got) == 0);
    for (i = 0; i < 7; i++)
        kh__run_queue_push(&queue, &items[i]);
    CU_ASSERT(kh__run_queue_grab(&queue, got) == 4);
    CU_ASSERT_PTR_EQUAL(got[0], &items[0]);
    CU_ASSERT_PTR_EQUAL(got[3], &items[3]);
    CU_ASSERT_PTR_EQUAL(kh__run_queue_pop(&queue), &items[4]);
    CU_ASSERT(kh__run_queue_grab(&queue, got) == 1);
    CU_ASSERT(kh__run_queue_grab(&queue, got) == 1);
    CU_ASSERT(kh__run_queue_grab(&queue, got) == 0);
}

static void
mark(const void *item)
{
    atomic_fetch_add(&seen[(const char *)item - items], 1);
}

static void *
thief_main(void *arg)
{
    void *got[RUN_QUEUE_HALF];
    unsigned count;
    unsigned i;

    (void)arg;
    do {
        count = kh__run_queue_grab(&queue, got);
        for (i = 0; i < count; i++)
            mark(got[i]);
    } while (count != 0 || !atomic_load(&is_over));
    return NULL;
}

static void
push_all(void)
{
    const void *item;
    unsigned i;

    for (i = 0; i < ITEMS; i++) {
        while (!kh__run_queue_push(&queue, &items[i])) {
            if ((item = kh__run_queue_pop(&queue)) != NULL)
                mark(item);
        }
        if (i % 3 == 0 && (item = kh__run_queue_pop(&queue)) != NULL)
            mark(item);
    }
}

static void
test_run_queue_with_thieves_gives_each_item_once(void)
{
    pthread_t thieves[THIEVES];
    const void *item;
    unsigned wrong = 0;
    unsigned i;

    reset(UINT32_MAX - ITEMS / 2);
    for (i = 0; i < THIEVES; i++)
        CU_ASSERT_FATAL(
            pthread_create(&thieves[i], NULL, thief_main, NULL) == 0);
    push_all();
    atomic_store(&is_over, 1);
    for (i = 0; i < THIEVES; i++)
        pthread_join(thieves[i], NULL);
    /* A thief may have found nothing just before the last was pushed. */
    while ((item = kh__run_queue_pop(&queue)) != NULL)
        mark(item);
    for (i = 0; i < ITEMS; i++)
        wrong += atomic_load(&seen[i]) != 1;
    CU_ASSERT(wrong == 0);
}

static const struct test_case tests[] = {
    TEST(test_run_queue_pop_gives_in_order_of_push),
    TEST(test_run_queue_has_passed_when_all_before_were_taken),
    TEST(test_run_queue_push_when_full_refuses),
    TEST(test_run_queue_grab_takes_the_first_half),
    TEST(test_run_queue_with_thieves_gives_each_item_once),
};

TEST_MAIN("process.host: run queue")
