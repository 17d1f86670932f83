import { defineTopology, path, raw } from '@bookinfo/contract'
import { bookAdded, details } from '@bookinfo/details/contract'
import { dlqueue } from '@bookinfo/dlqueue/contract'
import { bookFound, ingestion } from '@bookinfo/ingestion/contract'
import { notification } from '@bookinfo/notification/contract'
import { productpage } from '@bookinfo/productpage/contract'
import { ratingSubmitted, ratings } from '@bookinfo/ratings/contract'
import { reviewDeleted, reviewSubmitted, reviews } from '@bookinfo/reviews/contract'

const {
  topology: system,
  service,
  command,
  on,
} = defineTopology('bookinfo', { gateway: 8080, webhooks: 12_000, operator: 8090 })

// The services, and which reads the public gateway routes to them.
service(details, { api: 8081, admin: 9091, split: true, reads: ['/v1/details'] })
service(reviews, {
  api: 8082,
  admin: 9092,
  split: true,
  reads: ['/v1/reviews'],
  environment: { RATINGS_SERVICE_URL: 'http://ratings.bookinfo.svc.cluster.local' },
})
service(ratings, { api: 8083, admin: 9093, split: true, reads: ['/v1/ratings'] })
service(notification, { api: 8084, admin: 9094 })
service(dlqueue, {
  api: 8085,
  admin: 9095,
  split: true,
  environment: { MAX_RETRIES: '3' },
  secrets: ['OPERATOR_TOKEN'],
})
service(ingestion, { api: 8086, admin: 9096 })
service(productpage, {
  api: 8087,
  admin: 9090,
  reads: ['/'],
  environment: {
    DETAILS_SERVICE_URL: 'http://details.bookinfo.svc.cluster.local',
    REVIEWS_SERVICE_URL: 'http://reviews.bookinfo.svc.cluster.local',
    RATINGS_SERVICE_URL: 'http://ratings.bookinfo.svc.cluster.local',
    GATEWAY_URL: 'http://gateway.envoy-gateway-system.svc.cluster.local',
  },
  secrets: ['OPERATOR_TOKEN'],
})

// Every write is an event: these routes are called by sensors only.
command('book-added', details.routes.add, { key: 'body.title' })
command('review-submitted', reviews.routes.submit, { key: 'body.product_id' })
command('review-deleted', reviews.routes.delete, { key: 'body.review_id', isGuarded: true })
command('rating-submitted', ratings.routes.submit, { key: 'body.product_id' })
command('dlq-event-received', dlqueue.routes.ingest, { key: 'body.event_id', isPublic: false, hasDeadLetters: false })

// What follows from what happened.
const email = { recipient: { value: 'system@bookinfo' }, channel: { value: 'email' } }

on(bookFound, { producer: 'ingestion', exposure: 'raw-books-details' }).call(details.routes.add, {
  trigger: 'ingest-book-detail',
  dependency: 'raw-books-details-dep',
})
on(ratingSubmitted, { producer: 'ratings', exposure: 'events' }).call(details.routes.recordRating, {
  trigger: 'record-rating',
  dependency: 'rating-submitted-dep',
  fields: { product_id: path('product_id'), average: raw('average'), count: raw('count'), version: raw('version') },
})
on(bookAdded, { producer: 'details', exposure: 'events' }).call(notification.routes.notify, {
  trigger: 'notify-book-added',
  dependency: 'book-added-dep',
  fields: { ...email, subject: path('title'), body: { value: 'New book added' } },
})
on(reviewSubmitted, { producer: 'reviews', exposure: 'events' }).call(notification.routes.notify, {
  trigger: 'notify-review-submitted',
  dependency: 'review-submitted-dep',
  fields: { ...email, subject: path('product_id'), body: { value: 'New review submitted' } },
})
on(reviewDeleted, { producer: 'reviews', exposure: 'events' }).call(notification.routes.notify, {
  trigger: 'notify-review-deleted',
  dependency: 'review-deleted-dep',
  fields: { ...email, subject: path('review_id'), body: { value: 'Review deleted' } },
})
on(ratingSubmitted, { producer: 'ratings', exposure: 'events' }).call(notification.routes.notify, {
  trigger: 'notify-rating-submitted',
  dependency: 'rating-submitted-dep',
  fields: { ...email, subject: path('product_id'), body: { value: 'New rating submitted' } },
})

/** The whole system: everything that runs is generated from this or started by it. */
export const topology = system
