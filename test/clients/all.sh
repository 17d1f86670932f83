#!/usr/bin/env bash
# Every client against a running system: on the ports of `npm start`, or where the variables in each script say.
set -uo pipefail
here=$(dirname "$0")
command -v curl > /dev/null || { echo 'these checks need curl' >&2; exit 1; }
result=0
for client in ratings details reviews notification productpage; do
  echo "$client"
  bash "$here/$client.sh" || result=1
done
exit "$result"
