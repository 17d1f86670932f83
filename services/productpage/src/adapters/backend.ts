import { type Detail, details } from '@bookinfo/details/contract'
import { AppError } from '@bookinfo/errors'
import { type ProductRatings, ratings } from '@bookinfo/ratings/contract'
import { type ProductReviews, reviews } from '@bookinfo/reviews/contract'
import { createHttpClient, type HttpClient, type HttpReply, pathOf, readJson } from '@bookinfo/server'
import type { Backend } from '../ports.ts'

const timeoutMs = 5_000

type Urls = { details: string; reviews: string; ratings: string; gateway: string | undefined }

/**
 * Reads from the services and sends commands to the gateway, which answers when they are stored as events. Deletes carry the operator's
 * token: whoever may delete has been asked here.
 */
export const createBackend = (urls: Urls, { operatorToken }: { operatorToken: string | undefined }): Backend => {
  const open = (name: string, baseUrl: string): HttpClient => createHttpClient({ name, baseUrl, timeoutMs })
  const clients = {
    details: open('details', urls.details),
    reviews: open('reviews', urls.reviews),
    ratings: open('ratings', urls.ratings),
  }
  const gateway = urls.gateway === undefined ? undefined : open('the gateway', urls.gateway)
  const get = (client: HttpClient, path: string): Promise<HttpReply> => client.call({ method: 'GET', path })
  const send = async (
    client: HttpClient,
    path: string,
    { body, ...own }: { body: object; 'idempotency-key'?: string; authorization?: string },
  ): Promise<void> => {
    const headers = { 'content-type': 'application/json', ...own }
    const reply = await (gateway ?? client).call({ method: 'POST', path, headers, body: JSON.stringify(body) })
    if (reply.status >= 200 && reply.status < 300) return
    if (reply.status === 409) throw new AppError('conflict', 'this form was sent before with another text')
    if (reply.status === 400) throw new AppError('invalid', (JSON.parse(reply.text) as { error: string }).error)
    throw new AppError('unavailable', 'the service is not available; please try again')
  }

  return {
    books: async ({ q, sort, page, pageSize }) => {
      const query = { ...(q && { q }), sort, page, page_size: pageSize }
      const reply = await get(clients.details, pathOf(details.routes.list.path, {}, query))
      const books = readJson<Detail[]>('details', reply)
      return { books, total: Number(reply.headers['x-total-count'] ?? books.length) }
    },
    book: async (id) => readJson('details', await get(clients.details, pathOf(details.routes.get.path, { id }))),
    reviews: async (productId, { page, pageSize, states }) => {
      const path = pathOf(reviews.routes.list.path, { id: productId }, { page, page_size: pageSize })
      const asked = states.map((id) => `&review=${encodeURIComponent(id)}`).join('')
      return readJson<ProductReviews>('reviews', await get(clients.reviews, path + asked))
    },
    ratings: async (productId) => {
      const path = pathOf(ratings.routes.list.path, { id: productId }, { page_size: 1 })
      return readJson<ProductRatings>('ratings', await get(clients.ratings, path))
    },
    submitRating: ({ productId, reviewer, stars }, key) =>
      send(clients.ratings, ratings.routes.submit.path, {
        body: { product_id: productId, reviewer, stars },
        'idempotency-key': key,
      }),
    submitReview: ({ productId, reviewer, text, reviewId }, key) =>
      send(clients.reviews, reviews.routes.submit.path, {
        body: { product_id: productId, reviewer, text, review_id: reviewId },
        'idempotency-key': key,
      }),
    deleteReview: (reviewId) =>
      send(clients.reviews, reviews.routes.delete.path, {
        body: { review_id: reviewId },
        ...(operatorToken && { authorization: `Bearer ${operatorToken}` }),
      }),
    close: async () => {
      await Promise.all([...Object.values(clients), ...(gateway ? [gateway] : [])].map((client) => client.close()))
    },
  }
}
