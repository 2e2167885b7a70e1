/* SPDX-License-Identifier: MIT */
/*
 * All that a plugin needs. An embedder includes <kindred/embed.h>.
 */
#ifndef KINDRED_KINDRED_H
#define KINDRED_KINDRED_H

#include <kindred/abi.h>
#include <kindred/api.h>
#include <kindred/data.h>
#include <kindred/entry.h>
#include <kindred/host.h>
#include <kindred/kind.h>
#include <kindred/message.h>
#include <kindred/option.h>
#include <kindred/payload.h>
#include <kindred/plugin.h>
#include <kindred/policy.h>
#include <kindred/port.h>
#include <kindred/proc.h>
#include <kindred/resource.h>
#include <kindred/service.h>
#include <kindred/status.h>
#include <kindred/term.h>
#include <kindred/threads.h>
#include <kindred/types.h>
#include <kindred/worker.h>

#endif
