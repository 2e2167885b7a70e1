#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A native kind with a foreign thread, examples/foreign-port: answers come from
# it in order, wait for a receiver without room, and are bounded; it does what
# every process does, and may end while its thread is in a call (semantics K9,
# D5, X4).

. "${top_srcdir:-.}/tests/e2e/native_lib.sh"
example=${top_srcdir:-.}/examples/foreign-port
build resolver "$example/resolver.c" -pthread

run 0 run "$example" --plugin "$work/resolver.so" --exec app:lookup \
    127.0.0.1 ::1 localhost
out '^127\.0\.0\.1	127\.0\.0\.1$'
out '^::1	::1$'
out '^localhost	.*(127\.0\.0\.1|::1)'

conduct resolver example.resolver 'numeric: true'

mkdir "$work/more"
cp "${top_srcdir:-.}"/tests/e2e/foreign_port/* "$work/more"
for name in answers slow ends; do
    run 0 run "$work/more" --plugin "$work/resolver.so" --exec "app:$name"
    silent out
done
exit $bad
