#!/usr/bin/env bash
# A client of the pages: what the services know is shown, as HTML and as JSON. The gateway's port serves the pages too.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
pages=${PRODUCTPAGE_URL:-$host:8080}
admin=${PRODUCTPAGE_ADMIN_URL:-$host:9090}
details=${DETAILS_URL:-$host:8081}
reviews=${REVIEWS_URL:-$host:8082}
ratings=${RATINGS_URL:-$host:8083}
title="Pages of $$-$RANDOM"

call GET "$admin/healthz"
is 'productpage is alive' 200 "$status"

call POST "$details/v1/details" "{\"title\":\"$title\",\"author\":\"A. Client\",\"year\":2015,\"type\":\"paperback\",\"pages\":99}"
id=$(field r.id)
present 'a book for the pages' "$id"
call POST "$ratings/v1/ratings" "{\"product_id\":\"$id\",\"reviewer\":\"alice\",\"stars\":4}"
call POST "$reviews/v1/reviews" "{\"product_id\":\"$id\",\"reviewer\":\"alice\",\"text\":\"Seen on a page.\"}"

call GET "$pages/"
is 'the catalogue is served' 200 "$status"
holds 'it shows products' Products

call GET "$pages/v1/products/$id"
is 'a book is served as JSON' 200 "$status"
is 'with its title' "$title" "$(field r.detail.title)"
is 'and its reviews' 'Seen on a page.' "$(field 'r.reviews[0].text')"

call GET "$pages/products/$id"
is 'a book is served as a page' 200 "$status"
holds 'with its title' "$title"

call GET "$pages/partials/details/$id"
is 'its facts are served alone' 200 "$status"
call GET "$pages/partials/reviews/$id"
is 'its reviews are served alone' 200 "$status"
holds 'with their stars' '4/5'

finish productpage
