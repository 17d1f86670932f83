#!/usr/bin/env bash
# A client of ratings: store, read back, refuse.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
api=${RATINGS_URL:-$host:8083}
admin=${RATINGS_ADMIN_URL:-$host:9093}
product="client-$$-$RANDOM"

call GET "$admin/healthz"
is 'ratings is alive' 200 "$status"

call POST "$api/v1/ratings" "{\"product_id\":\"$product\",\"reviewer\":\"alice\",\"stars\":5}"
is 'a rating is created' 201 "$status"
present 'it has an id' "$(field r.id)"
is 'it has its stars' 5 "$(field r.stars)"

call GET "$api/v1/ratings/$product"
is 'the ratings of a book are readable' 200 "$status"
at_least 'there is one' 1 "$(field r.count)"
is 'it is the average' 5 "$(field r.average)"

call POST "$api/v1/ratings" "{\"product_id\":\"$product\",\"reviewer\":\"alice\",\"stars\":0}"
is 'no stars at all are refused' 400 "$status"
present 'with a reason' "$(field r.error)"

# curl calls a body a form when nobody says what it is.
sent=$(curl --silent --output /dev/null --write-out '%{http_code}' "$api/v1/ratings" \
  --data "{\"product_id\":\"$product\",\"reviewer\":\"bob\",\"stars\":3}")
is 'a rating without a content type is created' 201 "$sent"

finish ratings
