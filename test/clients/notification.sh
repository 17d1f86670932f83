#!/usr/bin/env bash
# A client of notification: send, read one, list a recipient's.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
api=${NOTIFICATION_URL:-$host:8084}
admin=${NOTIFICATION_ADMIN_URL:-$host:9094}
recipient="client-$$-$RANDOM@bookinfo.local"

call GET "$admin/healthz"
is 'notification is alive' 200 "$status"

call POST "$api/v1/notifications" \
  "{\"recipient\":\"$recipient\",\"channel\":\"email\",\"subject\":\"A new book\",\"body\":\"It has arrived.\"}"
is 'a notification is created' 201 "$status"
id=$(field r.id)
is 'it is sent' sent "$(field r.status)"
present 'at a time' "$(field r.sent_at)"

call GET "$api/v1/notifications/$id"
is 'a notification is readable' 200 "$status"
is 'it is the same one' "$id" "$(field r.id)"

call GET "$api/v1/notifications?recipient=$recipient"
is 'those of a recipient are readable' 200 "$status"
at_least 'there is one' 1 "$(field r.notifications.length)"

call GET "$api/v1/notifications"
is 'a list of nobody is refused' 400 "$status"

finish notification
