/* SPDX-License-Identifier: MIT */
/*
 * Lua processes under fire: real signals at any instruction, forced ends and
 * memory limits at random moments, and several processes in turns.
 *
 *     stress_lua [SEED [SECONDS]]
 *
 * A program that is let run to its end must give the result it always gives.
 */

#include "lua_fake.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define PROCESSES 8

static const char *const programs[] = {
    /* Coroutines in coroutines, with waits at the bottom. */
    "local function tick(v) local c = channel.new() coroutine.spawn(function()"
    " c:send(v) end) return (c:receive()) end\n"
    "local function nest(k) if k == 0 then return tick('x') end "
    "return coroutine.wrap(nest)(k - 1) end\n"
    "function main() local s = '' for i = 1, 20 do s = s .. nest(i) end "
    "return #s end",
    /* Places that cannot yield. */
    "function main() local t = {} for i = 1, 300 do t[i] = (i * 7919) % 301 "
    "end table.sort(t, function(a, b) local w = coroutine.wrap(function() "
    "coroutine.yield(a < b) end) return w() end) local n = 0 "
    "for i = 2, 300 do if t[i - 1] <= t[i] then n = n + 1 end end "
    "return n end",
    "function main() local n = 0 for i = 1, 50 do "
    "(('abc'):rep(20)):gsub('.', function(c) n = n + 1 "
    "pcall(error, c) end) end return n end",
    /* Errors, handlers and closes. */
    "function main() local n = 0 local mt = {__close = function() n = n + 1 "
    "coroutine.yield() end} for i = 1, 200 do xpcall(function() "
    "local c <close> = setmetatable({}, mt) coroutine.yield() error('x') end, "
    "function(m) return m .. '!' end) end return n end",
    /* Garbage of all kinds. */
    "function main() local keep = {} for i = 1, 3000 do "
    "keep[i % 50] = {tostring(i), {i}, function() return i end} "
    "if i % 100 == 0 then coroutine.wrap(function() local t = {} "
    "for j = 1, 100 do t[j] = j end coroutine.yield(t) end)() end end "
    "return #keep end",
    "function main() local s = {} for i = 1, 2000 do "
    "s[#s + 1] = ('%d'):format(i) end return #table.concat(s, ',') end",
    /* Many tasks that hand a token round. */
    "function main() local n = 50 local chans = {} for i = 1, n do "
    "chans[i] = channel.new() end for i = 1, n - 1 do "
    "coroutine.spawn(function() for k = 1, 20 do chans[i + 1]:send("
    "(chans[i]:receive()) + 1) end end) end coroutine.spawn(function() "
    "for k = 1, 20 do chans[1]:send(k) end end) local sum = 0 "
    "for k = 1, 20 do sum = sum + chans[n]:receive() end return sum end",
    /* These never end by themselves. */
    "function main() while true do pcall(function() while true do end end) end "
    "end",
    "function main() local t = {} while true do pcall(function() "
    "t[#t + 1] = ('x'):rep(#t) end) end end",
    "function main() local function f() pcall(f) while true do "
    "coroutine.wrap(function() coroutine.yield() end)() end end f() end",
};

#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))
#define ENDLESS  3

struct slot {
    struct fake *f;
    size_t program;
};

static uint64_t state;
static struct fake *volatile running;
static unsigned long n_slices, n_done, n_killed, n_limit, n_signals;

static unsigned
random_below(unsigned n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % n;
}

static void
on_signal(int number)
{
    struct fake *f = running;

    (void)number;
    n_signals++;
    if (f != NULL)
        f->worker->preempt(f->self);
}

/* One signal, so many microseconds from now. */
static void
set_alarm(unsigned delay_us)
{
    struct itimerval once = {{0, 0}, {0, (long)delay_us}};

    setitimer(ITIMER_REAL, &once, NULL);
}

static void
start(struct slot *slot)
{
    static const int64_t limits[] = {300 << 10, 1 << 20, 8 << 20};
    kd_entry *e;

    slot->f = fake_new();
    slot->program = random_below(PROGRAMS);
    slot->f->preempts = random_below(8) > 0;
    e = fake_program(slot->f, "app:p", programs[slot->program]);
    fake_int(slot->f, e, "limits.memory", limits[random_below(3)]);
    if (fake_create(slot->f, e, NULL) != KD_OK)
        abort();
}

static void
complain(const struct slot *slot, const char *what)
{
    fprintf(stderr, "program %zu: %s: value %s, error %s\n", slot->program,
        what, fake_value(slot->f), fake_error_message(slot->f));
    exit(1);
}

/* The results, learnt in a quiet run. */
static void
learn(char results[PROGRAMS][64])
{
    for (size_t i = 0; i < PROGRAMS - ENDLESS; i++) {
        struct fake *f = fake_new();

        f->preempts = 1;
        if (fake_do(f, programs[i]) != KD_NEXT_DONE) {
            fprintf(stderr, "program %zu: %s\n", i, fake_error_message(f));
            exit(1);
        }
        snprintf(results[i], sizeof(results[i]), "%s", fake_value(f));
        fake_free(f);
    }
}

static void
end(struct slot *slot, kd_next next, char results[PROGRAMS][64])
{
    if (next == KD_NEXT_DONE &&
        strcmp(fake_value(slot->f), results[slot->program]) != 0)
        complain(slot, "wrong value");
    if (next == KD_NEXT_FAIL &&
        strncmp(fake_error_message(slot->f), "memory limit", 12) != 0)
        complain(slot, "failed");
    if (next == KD_NEXT_WAIT)
        complain(slot, "waits");
    n_done += next == KD_NEXT_DONE;
    n_limit += next == KD_NEXT_FAIL;
    fake_free(slot->f);
    slot->f = NULL;
}

static void
step(struct slot *slot, char results[PROGRAMS][64])
{
    struct fake *f = slot->f;
    kd_next next;

    /* At each look: go on, give way, or end. */
    f->yield = random_below(30) == 0 ? 2 : 1;
    f->yield_from = f->n_yield + random_below(20);
    running = f;
    set_alarm(10 + random_below(2000));
    next = fake_slice(f);
    running = NULL;
    n_slices++;
    if (next != KD_NEXT_READY) {
        end(slot, next, results);
    } else if (f->yield == 2 || random_below(200) == 0) {
        n_killed++;
        fake_free(f);
        slot->f = NULL;
    }
}

int
main(int argc, char **argv)
{
    static char results[PROGRAMS][64];
    struct slot slots[PROCESSES] = {{NULL, 0}};
    struct sigaction action = {.sa_handler = on_signal};
    time_t until;

#ifdef __SANITIZE_THREAD__
    puts("skipped: ThreadSanitizer holds back the signals this is about");
    return 77;
#endif
    state = argc > 1 ? strtoull(argv[1], NULL, 10) : (uint64_t)time(NULL);
    printf("seed %llu\n", (unsigned long long)state);
    learn(results);
    sigaction(SIGALRM, &action, NULL);
    until = time(NULL) + (argc > 2 ? atol(argv[2]) : 3);
    while (time(NULL) < until) {
        struct slot *slot = &slots[random_below(PROCESSES)];

        if (slot->f == NULL)
            start(slot);
        step(slot, results);
    }
    set_alarm(0);
    for (size_t i = 0; i < PROCESSES; i++) {
        if (slots[i].f != NULL)
            fake_free(slots[i].f);
    }
    printf("slices %lu signals %lu done %lu killed %lu limit %lu\n", n_slices,
        n_signals, n_done, n_killed, n_limit);
    return 0;
}
