#!/usr/bin/env bash
# A client of reviews: store, read back, page, delete, refuse.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
api=${REVIEWS_URL:-$host:8082}
admin=${REVIEWS_ADMIN_URL:-$host:9092}
product="client-$$-$RANDOM"

call GET "$admin/healthz"
is 'reviews is alive' 200 "$status"

# Older clients send stars along; they belong to ratings and are ignored here.
call POST "$api/v1/reviews" "{\"product_id\":\"$product\",\"reviewer\":\"alice\",\"text\":\"Worth reading.\",\"stars\":5}"
is 'a review is created' 201 "$status"
id=$(field r.id)
present 'it has an id' "$id"

call GET "$api/v1/reviews/$product"
is 'the reviews of a book are readable' 200 "$status"
at_least 'there is one' 1 "$(field r.reviews.length)"
is 'and one page of them' 1 "$(field r.pagination.total_pages)"

call GET "$api/v1/reviews/$product?page=0"
is 'a page before the first is refused' 400 "$status"

call POST "$api/v1/reviews/delete" "{\"review_id\":\"$id\"}"
is 'a review is deleted' 204 "$status"
call POST "$api/v1/reviews/delete" "{\"review_id\":\"$id\"}"
is 'deleting it again is a success' 204 "$status"
call GET "$api/v1/reviews/$product"
is 'it is gone' 0 "$(field r.pagination.total_items)"

call POST "$api/v1/reviews" "{\"product_id\":\"$product\",\"reviewer\":\"alice\",\"text\":\"\"}"
is 'a review without text is refused' 400 "$status"

finish reviews
