# SPDX-License-Identifier: MIT
#
# A fuzz target is one file, fuzz_NAME.c, two words below and a folder of
# inputs, corpus/NAME. `make check` runs it over those. Configured with CC=clang
# and --enable-fuzzing, `make fuzz` looks for more: FUZZ="term yaml" which,
# FUZZ_SECONDS=600 for how long each.

fuzz_tests = \
    %reldir%/fuzz_duration \
    %reldir%/fuzz_entries \
    %reldir%/fuzz_layout \
    %reldir%/fuzz_lua_value \
    %reldir%/fuzz_match \
    %reldir%/fuzz_plugin \
    %reldir%/fuzz_program \
    %reldir%/fuzz_term \
    %reldir%/fuzz_yaml

check_PROGRAMS += $(fuzz_tests)

if KD_FUZZING
fuzz_main = $(KD_FUZZ_MAIN)
else
check_LTLIBRARIES += %reldir%/libreplay.la
TESTS += $(fuzz_tests)
fuzz_main = %reldir%/libreplay.la
endif

%canon_reldir%_libreplay_la_SOURCES = %reldir%/fuzz.h %reldir%/replay.c

%canon_reldir%_fuzz_duration_LDADD = $(fuzz_main) $(LDADD)
%canon_reldir%_fuzz_entries_LDADD = $(fuzz_main) $(LDADD)
%canon_reldir%_fuzz_layout_LDADD = $(fuzz_main) $(LDADD)
%canon_reldir%_fuzz_lua_value_LDADD = $(fuzz_main) $(LDADD)
%canon_reldir%_fuzz_match_LDADD = $(fuzz_main) $(LDADD)
%canon_reldir%_fuzz_plugin_LDADD = $(fuzz_main) $(LDADD)
%canon_reldir%_fuzz_program_LDADD = $(fuzz_main) $(LDADD)
%canon_reldir%_fuzz_term_LDADD = $(fuzz_main) $(LDADD)
%canon_reldir%_fuzz_yaml_LDADD = $(fuzz_main) $(LDADD)

EXTRA_DIST += \
    %reldir%/corpus \
    %reldir%/duration.dict \
    %reldir%/entries.dict \
    %reldir%/fuzz.sh \
    %reldir%/layout.dict \
    %reldir%/match.dict \
    %reldir%/program.dict \
    %reldir%/yaml.dict

.PHONY: fuzz
fuzz: $(fuzz_tests)
	sh '$(top_srcdir)/%reldir%/fuzz.sh' '$(top_srcdir)/%reldir%' %reldir% \
	    '$(KD_FUZZ_MAIN)' "$${FUZZ_SECONDS:-60}" $(FUZZ)
