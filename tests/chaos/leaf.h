/* SPDX-License-Identifier: MIT */
/*
 * The children of the chaos run, of two kinds: `chaos.lua` is process.lua and
 * `chaos.native` a few lines of C, both with books kept of each birth, death
 * and stop. They end when they get a message `end`, fail for one `error`, and
 * answer `ping` with `pong`.
 */
#ifndef TESTS_CHAOS_LEAF_H
#define TESTS_CHAOS_LEAF_H

#include <kindred/embed.h>
#include <stdatomic.h>

/* Instances that are not destroyed. */
extern atomic_long leaf_live;

/* From now on only supervisors make children run, and that is to stop them:
 * each must be the last of its siblings. */
extern atomic_int leaf_is_closing;

/* The plugin, made from that of process.lua, which must be loaded; or NULL. */
const kd_plugin *leaf_plugin(kd_runtime *runtime, const kd_worker_kind *driver);

#endif
