/* SPDX-License-Identifier: MIT */
/*
 * The table of formats.
 */

#include "value/payload_format.h"

#include <string.h>

static const struct {
    uint32_t format;
    const char *constant;
    const char *name;
} formats[] = {
    {KD_FORMAT_TERM, "LUA", "lua/any"},
    {KL_FORMAT_JSON, "JSON", "json/plain"},
    {KL_FORMAT_YAML, "YAML", "yaml/plain"},
    {KD_FORMAT_TEXT, "STRING", "text/plain"},
    {KD_FORMAT_BYTES, "BYTES", "application/octet-stream"},
    {KL_FORMAT_MSGPACK, "MSGPACK", "application/msgpack"},
    {KL_FORMAT_ERROR, "ERROR", "error/any"},
};

#define COUNT (sizeof(formats) / sizeof(formats[0]))

const char *
kl__format_name(uint32_t format)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (formats[i].format == format)
            return formats[i].name;
    }
    return formats[0].name;
}

uint32_t
kl__format_find(const char *name)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (strcmp(formats[i].name, name) == 0)
            return formats[i].format;
    }
    return KD_FORMAT_NONE;
}

const char *
kl__format_constant(size_t index, uint32_t *format)
{
    if (index >= COUNT)
        return NULL;
    *format = formats[index].format;
    return formats[index].constant;
}
