/* SPDX-License-Identifier: MIT */
/*
 * The protocol of bonds (host/proc/bond.h) as a model for spin: N processes tie
 * and undo links and monitors, handle what they are told and end, each step
 * that holds a lock on its own. All interleavings are looked at.
 *
 * With WHOLE, all that is done under locks at a time is one step, since nobody
 * can tell the difference: to take a lock may as well be put off until just
 * before its first use and to let go of it follow right after the last (R. J.
 * Lipton, "Reduction", 1975), for in none of these sections is there more than
 * one thing that no lock guards, a push onto a queue. Nobody waits for a lock
 * then, or lets go of one for another, so deadlocks and the second look of a
 * sweep are looked at without it.
 *
 * A bond is one bit, since it is on both lists or on neither; an order on a
 * list is any order, so the sweep takes any bond. A signal is a bit of its
 * receiver's queue; a second one of a kind would be an error by itself.
 *
 * What is checked:
 *   - semantics W3, X6: a monitor is told of an end exactly once;
 *   - semantics W4, X4: a failure reaches each link exactly once, a normal end
 *     none, and nobody is told of a process that is still in the table's way;
 *   - semantics W9: what was undone is handled no more;
 *   - semantics W10: after an end no bond of it is left;
 *   - no deadlock between locks: no process stops but at its end.
 *
 * The defects that DEFECT puts in, one at a time, must each be found:
 *   1  an ending process leaves the table before it has told everybody
 *   2  a sweep does not look again after it has let go of its lock
 *   3  undoing does not void what has arrived
 *   4  bonds are added to a process that has closed
 *   5  both locks are taken in the order of the call
 */
#ifndef N
#define N 3
#endif
#ifndef OPS
#define OPS 2
#endif
#ifndef DEFECT
#define DEFECT 0
#endif

#ifdef WHOLE
#define SECTION atomic
#else
#define SECTION
#endif

#define AT(a, b)    ((a) * N + (b))
#define PAIR(a, b)  ((a) < (b) -> AT(a, b) : AT(b, a))
#define LOCK(p)     atomic { !lock[p]; lock[p] = 1 }
#define UNLOCK(p)   lock[p] = 0

bool lock[N];
bool closed[N];   /* Nothing is added any more. */
bool deaf[N];     /* The control queue has closed. */
bool gone[N];     /* Out of the table. */
bool failed[N];
bool settled[N];   /* It lives on and only handles what comes. */

bool link[N * N];     /* At PAIR: a bond. */
bool monitor[N * N];  /* At AT(watcher, target): a bond. */
bool down[N * N];     /* At AT(receiver, from): LINK_DOWN has arrived. */
bool exited[N * N];   /* The same for EXIT. */

/* What each has been promised: the truth to check the protocol against. */
bool owes_down[N * N];
bool owes_exit[N * N];

inline lock_both(a, b)
{
    if
    :: DEFECT == 5 -> LOCK(a); LOCK(b)
    :: DEFECT != 5 && a < b -> LOCK(a); LOCK(b)
    :: DEFECT != 5 && a > b -> LOCK(b); LOCK(a)
    fi
}

inline unlock_both(a, b)
{
    d_step { UNLOCK(a); UNLOCK(b) }
}

inline any_other(p, other)
{
    if
    :: other = (p + 1) % N
    :: N > 2 -> other = (p + 2) % N
    fi
}

/* kd__bond_add. */
inline tie(p, other, is_link)
{
    if
    :: gone[other]
    :: else ->
        lock_both(p, other);
        d_step {
            if
            :: (closed[p] || closed[other]) && DEFECT != 4
            :: else ->
                if
                :: is_link && !link[PAIR(p, other)] ->
                    link[PAIR(p, other)] = 1;
                    owes_down[AT(p, other)] = 1;
                    owes_down[AT(other, p)] = 1
                :: !is_link && !monitor[AT(p, other)] ->
                    monitor[AT(p, other)] = 1;
                    owes_exit[AT(p, other)] = 1
                :: else
                fi
            fi;
        };
        unlock_both(p, other)
    fi
}

#define DOWN 1
#define EXIT 2

/* kd__bond_remove: `voids` says what is to be voided if there was no bond. */
inline undo(p, other, is_link, voids)
{
    voids = (is_link -> DOWN : EXIT);
    if
    :: gone[other]
    :: else ->
        lock_both(p, other);
        d_step {
            if
            :: is_link && link[PAIR(p, other)] ->
                voids = 0;
                link[PAIR(p, other)] = 0;
                owes_down[AT(p, other)] = 0;
                owes_down[AT(other, p)] = 0
            :: !is_link && monitor[AT(p, other)] ->
                voids = 0;
                monitor[AT(p, other)] = 0;
                owes_exit[AT(p, other)] = 0
            :: else
            fi
        };
        unlock_both(p, other)
    fi
}

/* Void what has arrived; a link may have been tied anew. */
inline void_arrived(p, other, voids)
{
    if
    :: voids == DOWN ->
        if
        :: DEFECT != 3 -> down[AT(p, other)] = 0
        :: else
        fi;
        owes_down[AT(p, other)] = link[PAIR(p, other)]
    :: voids == EXIT ->
        if
        :: DEFECT != 3 -> exited[AT(p, other)] = 0
        :: else
        fi;
        owes_exit[AT(p, other)] = 0
    fi;
    voids = 0
}

#define IS_TOLD_BY(p, o) (exited[AT(p, o)] || down[AT(p, o)])
#define IS_QUIET(p, o)   ((gone[o] || settled[o]) && !IS_TOLD_BY(p, o))
#define IS_KEPT(p, o)    (!gone[o] || (!owes_exit[AT(p, o)] && !owes_down[AT(p, o)]))

/* One signal that has arrived, EXIT first. */
inline take(p, other)
{
    if
    :: exited[AT(p, other)] ->
        assert(gone[other] || closed[other]);
        assert(owes_exit[AT(p, other)]);
        owes_exit[AT(p, other)] = 0;
        exited[AT(p, other)] = 0
    :: !exited[AT(p, other)] && down[AT(p, other)] ->
        assert(failed[other]);
        assert(owes_down[AT(p, other)]);
        owes_down[AT(p, other)] = 0;
        down[AT(p, other)] = 0
    fi
}

#define WATCHERS 0
#define LINKS    1
#define WATCHING 2

#define HAS_BOND(p, o, list)                                 \
    ((list == WATCHERS && monitor[AT(o, p)]) ||              \
        (list == LINKS && link[PAIR(p, o)]) ||               \
        (list == WATCHING && monitor[AT(p, o)]))

/* bond_end: both locks are held. A push to a deaf one is dropped. */
inline tell(p, o, list)
{
    if
    :: list == WATCHERS ->
        assert(monitor[AT(o, p)]);
        monitor[AT(o, p)] = 0;
        if
        :: !deaf[o] -> assert(!exited[AT(o, p)]); exited[AT(o, p)] = 1
        :: else
        fi
    :: list == LINKS ->
        assert(link[PAIR(p, o)]);
        link[PAIR(p, o)] = 0;
        owes_down[AT(p, o)] = 0;
        if
        :: failed[p] && !deaf[o] ->
            assert(!down[AT(o, p)]);
            down[AT(o, p)] = 1
        :: !failed[p] -> owes_down[AT(o, p)] = 0
        :: else
        fi
    :: list == WATCHING ->
        assert(monitor[AT(p, o)]);
        monitor[AT(p, o)] = 0;
        owes_exit[AT(p, o)] = 0
    fi
}

/* list_sweep, one bond of one list after the other. Who was told is woken
 * without the lock, so that it is taken anew for each. */
inline sweep(p, o, list, looks_again)
{
    list = WATCHERS;
    do
    :: list > WATCHING -> break
    :: SECTION {
        list <= WATCHING -> LOCK(p);
        if
        :: HAS_BOND(p, (p + 1) % N, list) -> o = (p + 1) % N
        :: N > 2 && HAS_BOND(p, (p + 2) % N, list) -> o = (p + 2) % N
        :: else -> o = N
        fi;
        if
        :: o == N -> list++
        :: else ->
            looks_again = 0;
            if
            :: atomic { !lock[o]; lock[o] = 1 }
            :: lock[o] && p < o -> LOCK(o)
            :: lock[o] && p > o ->
                UNLOCK(p);
                lock_both(p, o);
                looks_again = DEFECT != 2
            fi;
            d_step {
                if
                :: looks_again && !HAS_BOND(p, o, list)
                :: else -> tell(p, o, list)
                fi
            };
            UNLOCK(o)
        fi;
        d_step { UNLOCK(p); o = 0; looks_again = 0 } }
    od;
    list = 0
}

proctype process(byte p)
{
    byte ops = 0;
    byte other = 0;
    byte list = 0;
    byte voids = 0;
    bool flag = 0;

    do
    :: SECTION {
        ops < OPS && !failed[p] && !voids -> ops++;
        any_other(p, other);
        if
        :: true -> tie(p, other, 1)
        :: true -> tie(p, other, 0)
        :: true -> undo(p, other, 1, voids)
        :: true -> undo(p, other, 0, voids)
        :: atomic { IS_TOLD_BY(p, other) -> take(p, other) }
        :: atomic { down[AT(p, other)] && !exited[AT(p, other)] ->
            take(p, other);
            failed[p] = 1 } /* It does not trap. */
        fi;
        other = (voids -> other : 0) }
    :: atomic { voids -> void_arrived(p, other, voids); other = 0 }
    :: failed[p] -> break
    :: !failed[p] && !voids -> break         /* It ends normally, */
    :: atomic { !failed[p] && !voids -> failed[p] = 1; break } /* or fails, */
    :: ops == OPS && !failed[p] && !voids -> goto alive /* or lives on. */
    od;

    /* end_tell. */
    ops = 0;
    deaf[p] = 1;
    SECTION {
        LOCK(p);
        closed[p] = 1;
        gone[p] = DEFECT == 1;
        UNLOCK(p)
    };
    sweep(p, other, list, flag);
    d_step {
        gone[p] = 1;
        assert(!HAS_BOND(p, (p + 1) % N, WATCHERS));
        assert(!HAS_BOND(p, (p + 1) % N, LINKS));
        assert(!HAS_BOND(p, (p + 1) % N, WATCHING));
        assert(!HAS_BOND(p, (p + N - 1) % N, WATCHERS));
        assert(!HAS_BOND(p, (p + N - 1) % N, LINKS));
        assert(!HAS_BOND(p, (p + N - 1) % N, WATCHING));
    };
    goto done;

    /* It lives, handles all that comes, and its promises are kept. */
alive:
    atomic { settled[p] = 1; ops = 0 };
    do
    :: atomic { IS_TOLD_BY(p, (p + 1) % N) -> take(p, (p + 1) % N) }
    :: atomic { IS_TOLD_BY(p, (p + N - 1) % N) -> take(p, (p + N - 1) % N) }
    :: atomic { IS_QUIET(p, (p + 1) % N) && IS_QUIET(p, (p + N - 1) % N) ->
        assert(IS_KEPT(p, (p + 1) % N) && IS_KEPT(p, (p + N - 1) % N)) };
        break
    od;
done:
    skip
}

init
{
    byte p = 0;

    atomic {
        do
        :: p < N -> run process(p); p++
        :: p == N -> break
        od
    }
}
