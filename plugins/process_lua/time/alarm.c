/* SPDX-License-Identifier: MIT */
/*
 * Timers that programs see, all of which are channels.
 *
 * The timer lies in the same userdata as its channel, and a table in the
 * registry keeps that alive as long as the timer is armed. The objects that
 * programs stop and reset only hold the channel.
 */

#include "time/alarm.h"

#include "channel/channel_core.h"
#include "process/process.h"
#include "time/duration.h"
#include "time/time_value.h"
#include "value/error.h"

/* Channels whose alarm is armed, by the alarm's address. */
#define ARMED "kindred.alarms"

#define TICKER_CAPACITY 16

struct alarm {
    struct kl__timer timer;
    struct kl__channel *channel;
    kd_time period_ns; /* 0: fires once and closes. */
};

/* A timer or ticker object; its user value 1 is the alarm's channel. */
struct handle {
    struct alarm *alarm;
};

static const struct kl__type timer_type;
static const struct kl__type ticker_type;

static struct alarm *
alarm_of(struct kl__timer *timer)
{
    /* The timer is its first member. */
    return (struct alarm *)(void *)timer;
}

static void
forget(lua_State *L, const struct alarm *alarm)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, ARMED);
    lua_pushnil(L);
    lua_rawsetp(L, -2, alarm);
    lua_pop(L, 1);
}

/* Arm the alarm whose channel is on top of the stack. */
static void
arm(lua_State *L, struct alarm *alarm, int64_t ns)
{
    struct kl__process *p = kl__process_of(L);

    luaL_getsubtable(L, LUA_REGISTRYINDEX, ARMED);
    lua_pushvalue(L, -2);
    lua_rawsetp(L, -2, alarm);
    lua_pop(L, 1);
    if (kl__timer_set(p, &alarm->timer, kl__timer_due(p, ns)) != 0)
        luaL_error(L, "not enough memory");
}

/* Disarm and close. Returns whether it was armed. */
static int
disarm(lua_State *L, struct alarm *alarm)
{
    struct kl__process *p = kl__process_of(L);

    if (!kl__timer_stop(p, &alarm->timer))
        return 0;
    forget(L, alarm);
    kl__channel_close(p, alarm->channel);
    return 1;
}

/* Pops a Time into the buffer of the alarm's channel. */
static void
store(lua_State *L, const struct alarm *alarm)
{
    int top = lua_gettop(L);

    luaL_getsubtable(L, LUA_REGISTRYINDEX, ARMED);
    lua_rawgetp(L, -1, alarm);
    lua_pushvalue(L, top);
    kl__channel_store(L, top + 2);
    lua_settop(L, top - 1);
}

/* The next of its periods; those that have been missed are skipped. */
static kd_time
next_due(const struct alarm *alarm, kd_time now_ns)
{
    kd_time late_ns = now_ns - alarm->timer.due_ns;
    kd_time due_ns = now_ns - late_ns % alarm->period_ns;

    return due_ns > KD_NEVER - alarm->period_ns ? KD_NEVER
                                                : due_ns + alarm->period_ns;
}

static void
alarm_fire(struct kl__process *p, struct kl__timer *timer)
{
    struct alarm *alarm = alarm_of(timer);
    struct kl__channel *ch = alarm->channel;
    lua_State *L = kl__process_aside(p);

    luaL_checkstack(L, LUA_MINSTACK, NULL);
    if (!ch->is_closed) {
        /* Alone on the stack: that may be the receiver's own. */
        kl__time_push_now(L, p);
        if (!kl__channel_give(L, p, ch))
            store(L, alarm);
    }
    if (alarm->period_ns > 0 && !ch->is_closed &&
        kl__timer_set(p, timer, next_due(alarm, p->api->now_ns(p->api))) == 0)
        return;
    kl__channel_close(p, ch);
    forget(L, alarm);
}

/* Push a channel with an alarm, armed. */
static struct alarm *
push_alarm(lua_State *L, lua_Integer capacity, int64_t ns, int64_t period_ns)
{
    struct kl__channel *ch;
    struct alarm *alarm;

    ch = kl__channel_push_extra(L, capacity, NULL, NULL, sizeof(*alarm));
    alarm = kl__channel_extra(ch);
    alarm->timer.fire = alarm_fire;
    alarm->channel = ch;
    alarm->period_ns = (kd_time)period_ns;
    arm(L, alarm, ns);
    return alarm;
}

/*
 * The duration at index 1, which must be above 0. Returns 0 and has pushed nil
 * and an Error if it is not.
 */
static int
read_positive(lua_State *L, const char *function, int64_t *ns)
{
    if (!kl__duration_read(L, 1, ns))
        return 0;
    if (*ns > 0)
        return 1;
    kl__error_nil(
        L, "Invalid", KL_RETRY_NO, "time.%s: duration must be > 0", function);
    return 0;
}

int
kl__after(lua_State *L)
{
    int64_t ns;

    if (!read_positive(L, "after", &ns))
        return 2;
    push_alarm(L, 1, ns, 0);
    return 1;
}

/* Push an object of a type, for the channel on top of the stack. */
static int
push_handle(lua_State *L, struct alarm *alarm, const struct kl__type *type)
{
    struct handle *handle = lua_newuserdatauv(L, sizeof(*handle), 1);

    handle->alarm = alarm;
    lua_pushvalue(L, -2);
    lua_setiuservalue(L, -2, 1);
    kl__object_set(L, type);
    return 1;
}

int
kl__timer_new(lua_State *L)
{
    int64_t ns;

    if (!read_positive(L, "timer", &ns))
        return 2;
    return push_handle(L, push_alarm(L, 1, ns, 0), &timer_type);
}

int
kl__ticker_new(lua_State *L)
{
    int64_t ns;

    if (!read_positive(L, "ticker", &ns))
        return 2;
    return push_handle(L, push_alarm(L, TICKER_CAPACITY, ns, ns), &ticker_type);
}

static int
timer_channel(lua_State *L)
{
    kl__object_check(L, 1, &timer_type);
    lua_getiuservalue(L, 1, 1);
    return 1;
}

static int
timer_stop(lua_State *L)
{
    struct handle *handle = kl__object_check(L, 1, &timer_type);

    lua_pushboolean(L, disarm(L, handle->alarm));
    return 1;
}

/*
 * A channel that has been closed stays closed: a timer that is set again after
 * its end gets a new one.
 */
static int
timer_reset(lua_State *L)
{
    struct handle *handle = kl__object_check(L, 1, &timer_type);
    int is_active = handle->alarm->timer.index != 0;
    int64_t ns;

    if (!kl__duration_read(L, 2, &ns))
        return luaL_error(L, "timer:reset: duration must be > 0: %s",
            luaL_tolstring(L, -1, NULL));
    if (ns <= 0)
        return luaL_error(L, "timer:reset: duration must be > 0");
    if (is_active) {
        lua_getiuservalue(L, 1, 1);
        arm(L, handle->alarm, ns);
    } else {
        handle->alarm = push_alarm(L, 1, ns, 0);
        lua_setiuservalue(L, 1, 1);
    }
    lua_pushboolean(L, is_active);
    return 1;
}

static int
ticker_channel(lua_State *L)
{
    kl__object_check(L, 1, &ticker_type);
    lua_getiuservalue(L, 1, 1);
    return 1;
}

static int
ticker_stop(lua_State *L)
{
    struct handle *handle = kl__object_check(L, 1, &ticker_type);

    disarm(L, handle->alarm);
    lua_pushboolean(L, 1);
    return 1;
}

static const luaL_Reg timer_methods[] = {
    {"channel", timer_channel},
    {"response", timer_channel},
    {"stop", timer_stop},
    {"reset", timer_reset},
    {NULL, NULL},
};

static const luaL_Reg ticker_methods[] = {
    {"channel", ticker_channel},
    {"response", ticker_channel},
    {"stop", ticker_stop},
    {NULL, NULL},
};

static const struct kl__type timer_type = {
    .name = "timer", .methods = timer_methods};

static const struct kl__type ticker_type = {
    .name = "ticker", .methods = ticker_methods};
