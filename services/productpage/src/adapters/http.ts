import type { IncomingHttpHeaders } from 'node:http'
import { AppError } from '@bookinfo/errors'
import { type Html, render } from '@bookinfo/html'
import { assertOperator, type Handlers } from '@bookinfo/server'
import type { createOwnReviews } from '../app/own-reviews.ts'
import type { showReviews } from '../app/show-reviews.ts'
import type { ReviewForm, submitReview } from '../app/submit-review.ts'
import type { productpage } from '../contract.ts'
import { renderBook, renderDetails } from '../pages/book.ts'
import { renderCatalogue } from '../pages/catalogue.ts'
import { coverSvg } from '../pages/cover.ts'
import { emptyForm, renderForm, renderSubmitted } from '../pages/rating-form.ts'
import { renderReviews } from '../pages/reviews.ts'
import type { Backend, PendingStore } from '../ports.ts'
import type { Assets } from './assets.ts'

type Needs = {
  backend: Backend
  pending: PendingStore
  assets: Assets
  show: ReturnType<typeof showReviews>
  submit: ReturnType<typeof submitReview>
  own: ReturnType<typeof createOwnReviews>
  operatorToken: string | undefined
  now: () => Date
  newId: () => string
}

const booksPerPage = 24
const cached = { 'cache-control': 'public, max-age=86400' }

/** Translates between requests and pages. Requests by htmx get fragments, all others whole pages. */
export const createHandlers = (needs: Needs): Handlers<typeof productpage.routes> => {
  const { backend, pending, assets, show, submit, own, operatorToken, now, newId } = needs

  const bookPage = async (
    id: string,
    { page, form, headers }: { page: number; form?: Html; headers: IncomingHttpHeaders },
  ): Promise<string> => {
    const [book, ratings, reviews] = await Promise.all([
      backend.book(id),
      backend.ratings(id).catch(() => undefined),
      show(id, page).catch(() => undefined),
    ])
    const mine = new Set(own.read(headers.cookie))
    const shownForm = form ?? renderForm({ form: emptyForm(id, newId()) })
    return renderBook({
      book,
      ratings,
      reviews: { reviews, productId: id, own: mine, now: now() },
      form: shownForm,
      assets: assets.version,
    })
  }
  /** A form's answer: alone for htmx, inside its page for everybody else. */
  const answerForm = async (productId: string, form: Html, headers: IncomingHttpHeaders): Promise<string> =>
    isFragment(headers) || productId === ''
      ? render(form)
      : bookPage(productId, { page: 1, form, headers }).catch(() => render(form))

  return {
    catalogue: async ({ query }) => {
      const { q = '', sort: asked = 'title', page: pageText } = query as { q?: string; sort?: string; page?: string }
      const sort = asked === 'rating' || asked === 'newest' ? asked : 'title'
      const page = pageOf(pageText)
      const found = await backend.books({ q, sort, page, pageSize: booksPerPage }).catch(() => undefined)
      if (found === undefined)
        throw new AppError(
          'unavailable',
          'The catalogue cannot be read right now. Nothing is lost; please try again in a moment.',
        )
      const totalPages = Math.ceil(found.total / booksPerPage)
      return {
        status: 200,
        body: renderCatalogue({ ...found, page, totalPages, q, sort, assets: assets.version, isUnavailable: false }),
      }
    },
    book: async ({ params, query, headers }) => ({
      status: 200,
      body: await bookPage(params.id, { page: pageOf(query.page), headers }),
    }),
    product: async ({ params }) => {
      const detail = await backend.book(params.id).catch((error) => {
        throw error instanceof AppError && error.code === 'notFound'
          ? new AppError('notFound', 'product not found')
          : error
      })
      const reviews = await backend.reviews(params.id, { page: 1, pageSize: 100, states: [] }).catch(() => undefined)
      return { status: 200, body: { detail, reviews: reviews?.reviews ?? [] } }
    },
    detailsFragment: async ({ params }) => ({
      status: 200,
      body: render(renderDetails(await backend.book(params.id))),
    }),
    reviewsFragment: async ({ params, query, headers }) => {
      const reviews = await show(params.id, pageOf(query.page))
      const mine = new Set(own.read(headers.cookie))
      return { status: 200, body: render(renderReviews({ reviews, productId: params.id, own: mine, now: now() })) }
    },
    submit: async ({ body, headers }) => {
      assertOwnPost(headers)
      const form: ReviewForm = {
        productId: body.product_id ?? '',
        reviewer: body.reviewer ?? '',
        stars: body.stars ?? '',
        text: body.text ?? '',
        reviewId: body.review_id || newId(),
      }
      const result = await submit(form)
      switch (result.kind) {
        case 'submitted': {
          const shown = renderSubmitted({ ...result, next: emptyForm(form.productId, newId()) })
          const headersOut = { 'set-cookie': own.add(headers.cookie, result.reviewId) }
          return { status: 200, body: await answerForm(form.productId, shown, headers), headers: headersOut }
        }
        case 'invalid':
          return {
            status: 422,
            body: await answerForm(form.productId, renderForm({ form, errors: result.errors }), headers),
          }
        case 'refused': {
          const again = result.mintsNewId ? { ...form, reviewId: newId() } : form
          return {
            status: 422,
            body: await answerForm(form.productId, renderForm({ form: again, failure: result.error }), headers),
          }
        }
        case 'failed':
          return {
            status: 502,
            body: await answerForm(form.productId, renderForm({ form, failure: result.error }), headers),
          }
      }
    },
    deleteReview: async ({ params, query, headers }) => {
      assertOwnPost(headers)
      if (!own.read(headers.cookie).includes(params.id)) assertMayDelete(operatorToken, headers.authorization)
      await backend.deleteReview(params.id)
      const productId = query.product_id
      if (!productId) return { status: 204, body: null }
      await pending.markDeleting(productId, params.id).catch(() => {})
      if (!isFragment(headers)) {
        return { status: 303, body: '', headers: { location: `/products/${encodeURIComponent(productId)}#reviews` } }
      }
      const reviews = await show(productId, 1)
      const mine = new Set(own.read(headers.cookie))
      return { status: 200, body: render(renderReviews({ reviews, productId, own: mine, now: now() })) }
    },
    cover: async ({ query }) => {
      const { title = '', author = '' } = query as { title?: string; author?: string }
      return {
        status: 200,
        body: coverSvg({ title: title.slice(0, 300), author: author.slice(0, 300) }),
        headers: cached,
      }
    },
    style: async () => ({ status: 200, body: assets.style, headers: cached }),
    script: async () => ({ status: 200, body: assets.script, headers: cached }),
    htmx: async () => ({ status: 200, body: assets.htmx, headers: cached }),
  }
}

const pageMax = 1_000_000

/** Pages are forgiving: what is no page number is the first page. */
const pageOf = (text: string | undefined): number => {
  const page = /^\d{1,7}$/.test(text ?? '') ? Number(text) : 1
  return page >= 1 && page <= pageMax ? page : 1
}

const isFragment = (headers: IncomingHttpHeaders): boolean => headers['hx-request'] === 'true'

/** A form on another site must not act for a reader; scripts that are no browser name no origin. */
const assertOwnPost = ({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): void => {
  const isForeign =
    site !== undefined ? site !== 'same-origin' && site !== 'none' : origin !== undefined && hostOf(origin) !== host
  if (isForeign) throw new AppError('forbidden', 'this form was sent from another site')
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined)

const assertMayDelete = (token: string | undefined, authorization: string | undefined): void => {
  if (token === undefined || authorization === undefined)
    throw new AppError('forbidden', 'only its author can delete a review')
  assertOperator(token, authorization)
}
