import {
  defineEvent,
  defineRoute,
  defineService,
  Id,
  IdempotencyKeyField,
  pageQuery,
  Text,
  Timestamp,
} from '@bookinfo/contract'
import Type, { type Static } from 'typebox'

/** Most reviews whose state one request may ask for. */
export const statesMax = 100

/** A review's id as its author's form minted it, so that a second submit of one form is the same review. */
export const ReviewId = Type.String({ title: 'review_id', pattern: '^[A-Za-z0-9_-]{1,64}$' })

export const NewReview = Type.Object({
  product_id: Id('product ID'),
  reviewer: Text('reviewer', 200),
  text: Text('review text', 10_000),
  review_id: Type.Optional(ReviewId),
  idempotency_key: IdempotencyKeyField,
})
export type NewReview = Static<typeof NewReview>

const fields = {
  id: Type.String(),
  product_id: Type.String(),
  reviewer: Type.String(),
  text: Type.String(),
}

/**
 * The review that a submit named. `deleted_at` is there when it has been deleted, before this submit arrived or since: then the submit
 * changed nothing, and that is a success.
 */
export const SubmittedReview = Type.Object({
  ...fields,
  created_at: Timestamp('created_at'),
  deleted_at: Type.Optional(Timestamp('deleted_at')),
})
export type SubmittedReview = Static<typeof SubmittedReview>

/** A stored review with its author's newest stars (0 without any) and the book's totals; without `rating` while ratings are away. */
export const Review = Type.Object({
  ...fields,
  created_at: Timestamp('created_at'),
  rating: Type.Optional(Type.Object({ stars: Type.Integer(), average: Type.Number(), count: Type.Integer() })),
})
export type Review = Static<typeof Review>

export const ReviewState = Type.Object({
  id: Type.String(),
  state: Type.Union([Type.Literal('stored'), Type.Literal('deleted')]),
})
export type ReviewState = Static<typeof ReviewState>

export const ProductReviews = Type.Object({
  product_id: Type.String(),
  reviews: Type.Array(Review),
  pagination: Type.Object({
    page: Type.Integer(),
    page_size: Type.Integer(),
    total_items: Type.Integer(),
    total_pages: Type.Integer(),
  }),
  /** For each id asked for with `review`, what became of it; an id that is still unknown is left out. Absent when none was asked for. */
  states: Type.Optional(Type.Array(ReviewState)),
})
export type ProductReviews = Static<typeof ProductReviews>

export const ReviewToDelete = Type.Object({ review_id: Id('review_id') })
export type ReviewToDelete = Static<typeof ReviewToDelete>

export const ReviewSubmitted = Type.Object({ ...fields, idempotency_key: Type.String() })
export type ReviewSubmitted = Static<typeof ReviewSubmitted>

export const reviewSubmitted = defineEvent({
  type: 'com.bookinfo.reviews.review-submitted',
  topic: 'bookinfo_reviews_events',
  summary: 'A review was stored',
  data: ReviewSubmitted,
  key: (review) => review.product_id,
})

export const ReviewDeleted = Type.Object({
  review_id: Type.String(),
  product_id: Type.String(),
  idempotency_key: Type.String(),
})
export type ReviewDeleted = Static<typeof ReviewDeleted>

export const reviewDeleted = defineEvent({
  type: 'com.bookinfo.reviews.review-deleted',
  topic: 'bookinfo_reviews_events',
  summary: 'A stored review was deleted',
  data: ReviewDeleted,
  key: (review) => review.product_id,
})

export const reviews = defineService({
  name: 'reviews',
  summary: 'Reviews of books, newest first',
  routes: {
    submit: defineRoute({
      method: 'POST',
      path: '/v1/reviews',
      summary: 'Store a review',
      body: NewReview,
      reply: { 201: SubmittedReview, 200: SubmittedReview },
      failures: { 409: 'the review id or the idempotency key was used for other content' },
    }),
    delete: defineRoute({
      method: 'POST',
      path: '/v1/reviews/delete',
      summary: 'Delete a review, also before its submit has arrived',
      body: ReviewToDelete,
      reply: { 204: null },
    }),
    list: defineRoute({
      method: 'GET',
      path: '/v1/reviews/:id',
      summary: 'Reviews of a book, newest first, with the stars of their authors',
      params: Type.Object({ id: Id('product ID') }),
      query: Type.Object({
        ...pageQuery(10, 100),
        review: Type.Optional(Type.Array(Id('review'), { maxItems: statesMax, title: 'review' })),
      }),
      reply: { 200: ProductReviews },
    }),
  },
  events: [reviewSubmitted, reviewDeleted],
})
