# SPDX-License-Identifier: MIT
#
# Small complete applications. The manual points to them, so they are installed
# beside it, each with its folder.

examplesdir = $(docdir)
nobase_dist_examples_DATA = \
    %reldir%/blocking/README.md \
    %reldir%/blocking/_index.yaml \
    %reldir%/blocking/pipe.c \
    %reldir%/blocking/printer.lua \
    %reldir%/calculator/README.md \
    %reldir%/calculator/_index.yaml \
    %reldir%/calculator/divide.sh \
    %reldir%/calculator/main.lua \
    %reldir%/circuit-breaker/README.md \
    %reldir%/circuit-breaker/_index.yaml \
    %reldir%/circuit-breaker/circuit_breaker.c \
    %reldir%/circuit-breaker/client.lua \
    %reldir%/circuit-breaker/database.lua \
    %reldir%/circuit-breaker/main.lua \
    %reldir%/counter/README.md \
    %reldir%/counter/_index.yaml \
    %reldir%/counter/counter.c \
    %reldir%/counter/main.lua \
    %reldir%/embed-loop/README.md \
    %reldir%/embed-loop/embed_loop.c \
    %reldir%/foreign-port/README.md \
    %reldir%/foreign-port/_index.yaml \
    %reldir%/foreign-port/lookup.lua \
    %reldir%/foreign-port/resolver.c \
    %reldir%/heartbeat/README.md \
    %reldir%/heartbeat/_index.yaml \
    %reldir%/heartbeat/heartbeat.c \
    %reldir%/lua-module/README.md \
    %reldir%/lua-module/_index.yaml \
    %reldir%/lua-module/file.c \
    %reldir%/lua-module/main.lua \
    %reldir%/shop/README.md \
    %reldir%/shop/_index.yaml \
    %reldir%/shop/clerk.lua \
    %reldir%/shop/customers.lua \
    %reldir%/shop/database.lua \
    %reldir%/shop/flapping.lua \
    %reldir%/shop/main.lua \
    %reldir%/tcp-echo/README.md \
    %reldir%/tcp-echo/_index.yaml \
    %reldir%/tcp-echo/line_server.c \
    %reldir%/tcp-echo/main.lua \
    %reldir%/worker-pool/README.md \
    %reldir%/worker-pool/src/_index.yaml \
    %reldir%/worker-pool/src/orders.lua \
    %reldir%/worker-pool/src/pool.lua \
    %reldir%/worker-pool/src/worker.lua
