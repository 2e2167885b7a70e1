/* SPDX-License-Identifier: MIT */
/*
 * Tries a rule in processes of their own, and gathers what they tell.
 */
#ifndef VALIDATE_TRIAL_H
#define VALIDATE_TRIAL_H

#include "rule.h"

#define TRIAL_MAX_PLUGINS 16

/* How far a child has come: what it cannot tell when it has crashed. */
struct trial_sight {
    char kind[128]; /* The kind that it tries, or "". */
    int is_done;    /* It has come to its end by itself. */
};

enum verdict { TRIAL_KEPT, TRIAL_SKIPPED, TRIAL_BROKEN };

struct trial {
    const char *path; /* The plugin's file. */
    const char *app;  /* The application's folder. */
    int timeout_s;
    const kd_payload *args;                    /* For processes; NULL: none. */
    const char *beside[TRIAL_MAX_PLUGINS + 1]; /* Further plugins' files. */
    struct trial_sight *sight;                 /* Shared with the children. */
    /* Of the last rule. */
    enum verdict verdict;
    char text[16384]; /* Lines; the first byte of each says what it is. */
    size_t len;
    /* Of all. */
    char made[64];  /* The folder made for the application, or "". */
    int is_written; /* And it is there. */
    char left_out[512];
};

/* Make the application when there is none. 0: it cannot be made. */
int trial_begin(struct trial *trial);
/* Try a rule. 0: there is nothing of its kind. */
int trial_run(struct trial *trial, const struct rule *rule);
void trial_end(struct trial *trial);

#endif
