# What the checks share. Each check is one line that says whether it holds; `finish` exits with 1 when one did not.

host=${BOOKINFO_HOST:-http://127.0.0.1}
node=${NODE:-node}
failures=0
reply=$(mktemp)
trap 'rm -f "$reply"' EXIT

# call METHOD URL [JSON]: sends a request, sets `status`, and keeps the reply's body for `field`.
call() {
  local body=()
  if [ $# -gt 2 ]; then body=(--header 'Content-Type: application/json' --data "$3"); fi
  status=$(curl --silent --show-error --max-time 10 --output "$reply" --write-out '%{http_code}' \
    --request "$1" ${body[@]+"${body[@]}"} "$2") || status=000
}

# field EXPRESSION: a JavaScript expression over the JSON reply `r`; empty when it cannot be had.
field() {
  "$node" -p "const r = JSON.parse(require('fs').readFileSync('$reply', 'utf8')); $1" 2> /dev/null || true
}

# is NAME WANTED GOT
is() {
  if [ "$2" = "$3" ]; then echo "ok    $1"; else wrong "$1" "wanted '$2', got '$3'"; fi
}

# at_least NAME MINIMUM GOT
at_least() {
  if [ "${3:-0}" -ge "$2" ] 2> /dev/null; then echo "ok    $1"; else wrong "$1" "wanted at least $2, got '$3'"; fi
}

# present NAME GOT
present() {
  if [ -n "$2" ] && [ "$2" != undefined ]; then echo "ok    $1"; else wrong "$1" 'it is missing'; fi
}

# holds NAME TEXT: whether the reply's body contains the text.
holds() {
  if grep -qF -- "$2" "$reply"; then echo "ok    $1"; else wrong "$1" "the reply does not contain '$2'"; fi
}

wrong() {
  failures=$((failures + 1))
  echo "WRONG $1: $2" >&2
}

finish() {
  if [ "$failures" -gt 0 ]; then
    echo "$failures checks of $1 do not hold" >&2
    exit 1
  fi
}
