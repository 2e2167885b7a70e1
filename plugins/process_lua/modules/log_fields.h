/* SPDX-License-Identifier: MIT */
/*
 * The fields of log records.
 */
#ifndef KL_LOG_FIELDS_H
#define KL_LOG_FIELDS_H

#include <kindred/term.h>
#include <lua.h>

/*
 * Push a table of the fields of two tables, either of which may be nil; those
 * of the second win.
 */
void kl__log_fields_merge(lua_State *L, int first, int second);

/*
 * Append the fields of the table at an index as a term map, in the order of
 * their names. What cannot travel is named instead, since a record must not
 * fail: a function is "<function>", an Error its message.
 */
void kl__log_fields_write(lua_State *L, int index, kd_writer *to);

#endif
