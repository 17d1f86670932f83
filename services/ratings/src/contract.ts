import { defineEvent, defineRoute, defineService, Id, IdempotencyKeyField, pageQuery, Text } from '@bookinfo/contract'
import Type, { type Static } from 'typebox'

const stars = Type.Integer({ title: 'stars', minimum: 1, maximum: 5 })

export const Rating = Type.Object({
  id: Type.String(),
  product_id: Type.String(),
  reviewer: Type.String(),
  stars,
})
export type Rating = Static<typeof Rating>

export const NewRating = Type.Object({
  product_id: Id('product ID'),
  reviewer: Text('reviewer', 200),
  stars,
  idempotency_key: IdempotencyKeyField,
})
export type NewRating = Static<typeof NewRating>

/** How many ratings gave 1, 2, 3, 4 and 5 stars, in this order. */
export const Histogram = Type.Array(Type.Integer(), { minItems: 5, maxItems: 5 })

export const ProductRatings = Type.Object({
  product_id: Type.String(),
  average: Type.Number(),
  count: Type.Integer(),
  histogram: Histogram,
  ratings: Type.Array(Rating),
  pagination: Type.Object({
    page: Type.Integer(),
    page_size: Type.Integer(),
    total_items: Type.Integer(),
    total_pages: Type.Integer(),
  }),
})
export type ProductRatings = Static<typeof ProductRatings>

/** A stored rating, with the book's average and count right after it; `version` grows with every rating of the book. */
export const RatingSubmitted = Type.Object({
  ...Rating.properties,
  idempotency_key: Type.String(),
  average: Type.Number(),
  count: Type.Integer(),
  version: Type.Integer(),
})
export type RatingSubmitted = Static<typeof RatingSubmitted>

export const ratingSubmitted = defineEvent({
  type: 'com.bookinfo.ratings.rating-submitted',
  topic: 'bookinfo_ratings_events',
  summary: 'A rating was stored',
  data: RatingSubmitted,
  key: (rating) => rating.product_id,
})

export const ratings = defineService({
  name: 'ratings',
  summary: 'Star ratings of books, with kept averages',
  routes: {
    submit: defineRoute({
      method: 'POST',
      path: '/v1/ratings',
      summary: 'Store a rating',
      body: NewRating,
      reply: { 201: Rating, 200: Rating },
      failures: { 409: 'the idempotency key was used for other content' },
    }),
    list: defineRoute({
      method: 'GET',
      path: '/v1/ratings/:id',
      summary: 'Average, star histogram and ratings of a book, newest first',
      params: Type.Object({ id: Id('product ID') }),
      query: Type.Object({
        ...pageQuery(100, 1_000),
        reviewer: Type.Optional(Type.Array(Text('reviewer', 200), { maxItems: 100, title: 'reviewer' })),
      }),
      reply: { 200: ProductRatings },
    }),
  },
  events: [ratingSubmitted],
})
