/* SPDX-License-Identifier: MIT */
/*
 * top (one_for_one, never gives up)
 * |- native, lua (one_for_one, never give up): three tenths of the children
 * |               each
 * `- wing-1 ... (rest_for_one, give up now and then): a hundred each
 *    |- guard (a child)
 *    |- all (one_for_all), rest (rest_for_one): Lua and native ones, with
 *    |              a delay before each restart
 *    `- deep (one_for_one)
 *       `- deeper-1, deeper-2 (one_for_one)
 *
 * What gives up is a failure of its parent's child, up to the wings.
 */

#include "tree.h"

#define WING     100 /* Children of each. */
#define PART     25  /* Of all and of rest. */
#define PART_LUA 15  /* Of these. */
#define LEAST    24  /* Of each deeper one. */

static const char program[] =
    "- name: leaf_lua\n"
    "  kind: chaos.lua\n"
    "  source: |\n"
    "    return function()\n"
    "      local inbox, events = process.inbox(), process.events()\n"
    "      local cases = {events:case_receive(), inbox:case_receive()}\n"
    "      while true do\n"
    "        local got = channel.select(cases)\n"
    "        if got.channel == events then return end\n"
    "        local topic = got.value:topic()\n"
    "        if topic == 'end' then return end\n"
    "        if topic == 'error' then error('chaos') end\n"
    "        process.send(got.value:from(), 'pong')\n"
    "      end\n"
    "    end\n"
    "- name: audit\n"
    "  kind: process.lua\n"
    "  modules: [supervisor]\n"
    "  source: |\n"
    "    local leaves, supervisors, restarts, amiss = 0, 0, 0, 0\n"
    "    local function audit(pid)\n"
    "      supervisors = supervisors + 1\n"
    "      local list = assert(supervisor.which_children(pid, '60s'))\n"
    "      for _, child in ipairs(list) do\n"
    "        if child.status ~= 'running' then\n"
    "          amiss = amiss + 1\n"
    "        elseif child.kind:find('^supervisor') then\n"
    "          audit(child.pid)\n"
    "        else\n"
    "          leaves = leaves + 1\n"
    "          restarts = restarts + child.restarts\n"
    "        end\n"
    "      end\n"
    "    end\n"
    "    return function()\n"
    "      audit('top')\n"
    "      return ('audit: %d %d %d %d'):format(leaves, supervisors,\n"
    "        restarts, amiss)\n"
    "    end\n";

static const char wings[] =
    "- {name: wing, kind: supervisor.rest_for_one,\n"
    "   restarts: {max: 3, within: 200ms}, children: [\n"
    "   {id: guard, process: leaf_native, input: [1]},\n"
    "   {id: all, process: all}, {id: rest, process: rest},\n"
    "   {id: deep, process: deep}]}\n"
    "- {name: deep, kind: supervisor.one_for_one,\n"
    "   restarts: {max: 3, within: 200ms}, children: [\n"
    "   {id: deeper, process: deeper, count: 2},\n"
    "   {id: guard, process: leaf_lua, input: [1]}]}\n";

struct tree
tree_write(FILE *out, long n_children, unsigned workers)
{
    const long single = n_children * 3 / 10;
    const long n_wings = (n_children - 2 * single + WING - 1) / WING;
    static const char *const groups[] = {"all", "rest"};

    fprintf(out,
        "namespace: chaos\nentries:\n"
        "- {name: host, kind: process.host, host: {workers: %u}, lifecycle: "
        "{auto_start: true, stop_timeout: 5s}}\n"
        "- {name: driver, kind: chaos.driver, limits: {mailbox_messages: "
        "8000000}}\n"
        "- {name: leaf_native, kind: chaos.native}\n"
        "- {name: top, kind: supervisor.one_for_one, restarts: {max: "
        "1000000000}, children: [{id: native, process: native}, {id: lua, "
        "process: lua}, {id: wing, process: wing, count: %ld}]}\n",
        workers, n_wings);
    fprintf(out,
        "- {name: native, kind: supervisor.one_for_one, restarts: {max: "
        "1000000000}, children: [{id: c, process: leaf_native, count: %ld}]}\n"
        "- {name: lua, kind: supervisor.one_for_one, restarts: {max: "
        "1000000000}, children: [{id: c, process: leaf_lua, count: %ld}]}\n",
        single, single);
    for (int i = 0; i < 2; i++)
        fprintf(out,
            "- {name: %s, kind: supervisor.%s, restarts: {max: 5, within: "
            "100ms}, children: [\n"
            "   {id: l, process: leaf_lua, count: %d, backoff: "
            "{initial_delay: 1ms, max_delay: 4ms}},\n"
            "   {id: n, process: leaf_native, count: %d, input: [%d], backoff: "
            "{initial_delay: 1ms, max_delay: 4ms}}]}\n",
            groups[i], i == 0 ? "one_for_all" : "rest_for_one", PART_LUA,
            PART - PART_LUA, PART_LUA);
    fprintf(out,
        "- {name: deeper, kind: supervisor.one_for_one, restarts: {max: 10, "
        "within: 100ms}, children: [\n"
        "   {id: l, process: leaf_lua, count: %d},\n"
        "   {id: n, process: leaf_native, count: %d, input: [%d]}]}\n",
        LEAST / 2, LEAST - LEAST / 2, LEAST / 2);
    fputs(wings, out);
    fputs(program, out);
    return (struct tree){2 * single + n_wings * WING, 3 + n_wings * 6};
}
