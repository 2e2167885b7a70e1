#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Programs read the variables that their entry names (semantics B11).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

dir=$(app env <<'APP'
namespace: a
entries:
  - name: main
    kind: process.lua
    modules: [env]
    env: [KD_SET, KD_EMPTY, KD_UNSET]
    source: |
      local env = require("env")
      local function denied(name)
        local value, err = env.get(name, "default")
        assert(value == nil and err:kind() == errors.PERMISSION_DENIED)
        assert(err:retryable() == false)
        assert(err:message() == "environment variable not listed in env: " .. name)
      end
      return function()
        assert(env.get("KD_SET") == "a value" and env.get("KD_EMPTY") == "")
        assert(env.get("KD_SET", "x") == "a value" and env.get("KD_EMPTY", "x") == "")
        assert(env.get("KD_UNSET") == nil and env.get("KD_UNSET", "x") == "x")
        denied("KD_OTHER")
        denied("PATH")
        denied("")
        assert(not pcall(env.get) and not pcall(env.get, {}))
        local all = env.all()
        assert(all.KD_SET == "a value" and all.KD_EMPTY == "")
        all.KD_SET, all.KD_EMPTY = nil, nil
        assert(next(all) == nil)
      end
  - name: none
    kind: process.lua
    modules: [env]
    source: |
      return function()
        assert(next(env.all()) == nil and env.get("KD_SET") == nil)
      end
APP
)
KD_SET="a value" KD_EMPTY="" KD_OTHER=secret
export KD_SET KD_EMPTY KD_OTHER
unset KD_UNSET
run 0 run "$dir" --exec a:main
run 0 run "$dir" --exec a:none

dir=$(app wrong <<'APP'
namespace: a
entries:
  - {name: main, kind: process.lua, source: "return print", env: [1]}
APP
)
run 1 check "$dir"
err 'a:main: .*env'
exit $bad
