/* SPDX-License-Identifier: MIT */
/*
 * Who may call what, and when: the words used at the end of each function
 * pointer's comment. A test checks that every member has exactly one tag and
 * that it parses.
 *
 *     tag   = "[" alt *( " | " alt ) "]"
 *     alt   = place *( " & " modifier )
 *
 * Places
 *
 *     query     No runtime yet, any thread, any number of times. Pure.
 *     loader    The thread that loads, checks, starts or stops a runtime's
 *               plugins and entries; one call at a time for one runtime.
 *     worker    The thread that has this process now. Calls for one process
 *               never overlap, but the thread may be another each time.
 *     blocking  Like worker, for a kind that declares KD_WORKER_BLOCKING: the
 *               thread is lent for the call, which may block.
 *     host      A thread of the host kind that called kd_host_calls::attach.
 *     resource  A thread lent to one resource, which may block. Calls for one
 *               resource come one at a time; it is the same thread each time.
 *     any       Any thread between init and fini, also concurrently.
 *     signal    A signal handler on the thread that is inside `run`: only
 *               async-signal-safe work.
 *
 * Modifiers
 *
 *     !reentrant   Must not be called again from within itself.
 *     !may-block   Must not wait for anything but a short lock.
 *     !host-calls  Must not call any service of the host.
 *
 * The type of a service's first argument says the same once more: a kd_api
 * may be used anywhere, a kd_proc only inside a callback for that process, a
 * kd_port anywhere for as long as a reference to it is held.
 */
#ifndef KINDRED_THREADS_H
#define KINDRED_THREADS_H
#endif
