#!/usr/bin/env bash
# A client of details: add books, read one and all, refuse.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
api=${DETAILS_URL:-$host:8081}
admin=${DETAILS_ADMIN_URL:-$host:9091}
mark="$$-$RANDOM"

book() {
  echo "{\"title\":\"$1\",\"author\":\"A. Client\",\"year\":2015,\"type\":\"paperback\",\"pages\":380,\"publisher\":\"A House\",\"language\":\"English\"}"
}

call GET "$admin/healthz"
is 'details is alive' 200 "$status"

call POST "$api/v1/details" "$(book "First of $mark")"
is 'a book is created' 201 "$status"
id=$(field r.id)
present 'it has an id' "$id"
is 'it has its title' "First of $mark" "$(field r.title)"

call POST "$api/v1/details" "$(book "Second of $mark")"
is 'another book is created' 201 "$status"

call GET "$api/v1/details/$id"
is 'a book is readable' 200 "$status"
is 'it is the same book' "First of $mark" "$(field r.title)"

call GET "$api/v1/details"
is 'all books are readable' 200 "$status"
at_least 'there are two of them' 2 "$(field r.length)"

call POST "$api/v1/details" "$(book '')"
is 'a book without a title is refused' 400 "$status"
present 'with a reason' "$(field r.error)"

call GET "$api/v1/details/unknown-$mark"
is 'an unknown book is not found' 404 "$status"

finish details
