#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What programs log, as people and as machines read it (semantics B10).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

dir=$(app logger <<'APP'
namespace: a
entries:
  - name: main
    kind: process.lua
    modules: [logger]
    source: |
      local logger = require("logger")
      local function raises(text, f, ...)
        local ok, err = pcall(f, ...)
        assert(not ok and err:find(text, 1, true), err)
      end
      return function()
        logger.info("plain")
        logger:warn("method", {b = 2, a = "x y", c = {1, true}})
        logger.debug("not wanted")
        local child = logger.with({req = 7, a = 1}):named("db")
        child:error("failed", {a = errors.new("broken"), f = print, [3] = 0.5})
        child:named("pool"):info("two\nlines\0end\27", {})
        raises("bad argument #1 to 'info' (string expected, got no value)", logger.info)
        raises("bad argument #1 to 'warn' (string expected, got no value)", function() logger:warn() end)
        raises("bad argument #1 to 'error' (string expected, got nil)", child.error, child, nil)
        raises("bad argument #2 to 'info' (table expected, got string)", logger.info, "x", "y")
        raises("bad argument #1 to 'with' (table expected, got no value)", logger.with)
        raises("name cannot be empty", logger.named, "")
        raises("name cannot be empty", child.named, child, "")
        raises("logger expected, got string", child.info, "x")
        assert(select("#", logger.info(errors.new("an error"))) == 0)
        logger.info(12)
        pcall(logger.info, "by pcall")
        local many = {}
        for i = 1, 2000 do many["k" .. i] = i end
        logger.info("many", many)
        local deep = {}
        for _ = 1, 100 do deep = {deep} end
        logger.info("deep", {deep = deep, bytes = "\xff"})
        child:with({a = 2, z = 3}):info("merged", {z = 4})
      end
APP
)
run 0 run "$dir" --exec a:main
silent out
pid='\{kindred:host\|0x[0-9a-f]+\}'
err "info  a:main $pid: plain \(a:main:7\)$"
err "warn  a:main $pid: method a=\"x y\" b=2 c=\[1,true\] \(a:main:8\)$"
err "error a:main $pid: failed 3=0.5 a=broken f=<function> logger=db req=7 \(a:main:11\)$"
err "info  a:main $pid: two$"
err '^    lines\\x00end\\x1b a=1 logger=db\.pool req=7 \(a:main:12\)$'
err ': an error \(a:main:'
err ': 12 \(a:main:'
err ': by pcall \(a:main:'
err ': many k1=1 k10=10 k100=100 k1000=1000 .* k999=999 \('
err ': deep bytes="\\ufffd" deep=<table> \('
err ': merged a=2 logger=db req=7 z=4 \('
! grep -q 'not wanted' "$work/err" || fail "debug is logged at info"

run 0 run "$dir" --log-format=json --log-level=debug --exec a:main
err '"level":"info","subject":"a:main","pid":"'"$pid"'","text":"plain","file":"a:main","line":7\}$'
err '"text":"method","file":"a:main","line":8,"fields":\{"a":"x y","b":2,"c":\[1,true\]\}\}$'
err '"level":"error".*"fields":\{"3":0.5,"a":"broken","f":"<function>","logger":"db","req":7\}\}$'
err '"text":"two\\nlines\\\\x00end\\u001b"'
err '"level":"debug".*"text":"not wanted"'

exit $bad
