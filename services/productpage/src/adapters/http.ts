import type { IncomingHttpHeaders } from 'node:http'
import { AppError } from '@bookinfo/errors'
import { type Html, render } from '@bookinfo/html'
import type { Handlers } from '@bookinfo/server'
import type { createOwnReviews } from '../app/own-reviews.ts'
import type { readReviewNews } from '../app/review-news.ts'
import type { showReviews } from '../app/show-reviews.ts'
import type { ReviewForm, submitReview } from '../app/submit-review.ts'
import type { productpage } from '../contract.ts'
import { renderBook, renderDetails } from '../pages/book.ts'
import { catalogueAddress, renderCatalogue } from '../pages/catalogue.ts'
import { coverSvg } from '../pages/cover.ts'
import { renderNews, sayNews } from '../pages/news.ts'
import { emptyForm, renderForm, renderSubmitted } from '../pages/rating-form.ts'
import { renderReviews } from '../pages/reviews.ts'
import { renderWatch } from '../pages/watch.ts'
import type { Backend, PendingStore } from '../ports.ts'
import type { Assets } from './assets.ts'
import { assertMayDelete, assertOwnPost, isFragment, numberOf, pageOf } from './requests.ts'
import { serveFile } from './static-files.ts'

type Needs = {
  backend: Backend
  pending: PendingStore
  assets: Assets
  show: ReturnType<typeof showReviews>
  readNews: ReturnType<typeof readReviewNews>
  submit: ReturnType<typeof submitReview>
  own: ReturnType<typeof createOwnReviews>
  operatorToken: string | undefined
  now: () => Date
  newId: () => string
}

const booksPerPage = 24
const drawn = { 'cache-control': 'public, max-age=86400' }
const htmlHeaders = { 'cache-control': 'private, no-cache', vary: 'HX-Request' }
const notices: Record<string, string> = { deleting: 'Your review is being deleted.' }

type BookPage = { page: number; headers: IncomingHttpHeaders; form?: Html; failure?: string; news?: string | undefined }

/** Translates between requests and pages. Requests by htmx get fragments, all others whole pages. */
export const createHandlers = (needs: Needs): Handlers<typeof productpage.routes> => {
  const { backend, pending, assets, show, readNews, submit, own, operatorToken, now, newId } = needs

  const bookPage = async (id: string, { page, headers, form, failure, news }: BookPage): Promise<string> => {
    const [book, ratings, reviews] = await Promise.all([
      backend.book(id),
      backend.ratings(id).catch(() => undefined),
      show(id, page).catch(() => undefined),
    ])
    return renderBook({
      book,
      ratings,
      reviews: { reviews, productId: id, own: mine(headers), now: now(), failure },
      form: form ?? renderForm({ form: emptyForm(id, newId()) }),
      news,
      assets: assets.version,
    })
  }
  const mine = (headers: IncomingHttpHeaders) => new Set(own.read(headers.cookie))
  const reviewsOf = async (productId: string, page: number, headers: IncomingHttpHeaders, failure?: string) => {
    const reviews = await show(productId, page)
    return { reviews, fragment: renderReviews({ reviews, productId, own: mine(headers), now: now(), failure }) }
  }
  /** A form's answer: alone for htmx, inside its page for everybody else. */
  const answerForm = async (productId: string, form: Html, headers: IncomingHttpHeaders): Promise<string> =>
    isFragment(headers) || productId === ''
      ? render(form)
      : bookPage(productId, { page: 1, form, headers }).catch(() => render(form))

  return {
    catalogue: async ({ query, headers }) => {
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
        body: renderCatalogue({ ...found, page, totalPages, q, sort, assets: assets.version }),
        // While somebody types, the address follows.
        headers: {
          ...htmlHeaders,
          ...(isFragment(headers) && { 'hx-replace-url': catalogueAddress({ q, sort, page }) }),
        },
      }
    },
    book: async ({ params, query, headers }) => ({
      status: 200,
      body: await bookPage(params.id, { page: pageOf(query.page), headers, news: notices[query.notice ?? ''] }),
      headers: htmlHeaders,
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
    reviewsFragment: async ({ params, query, headers }) => ({
      status: 200,
      body: render((await reviewsOf(params.id, pageOf(query.page), headers)).fragment),
    }),
    reviewsNews: async ({ params, query, headers }) => {
      const settling = { coming: query.coming ?? [], going: query.going ?? [] }
      const shown = { productId: params.id, page: pageOf(query.page), tries: numberOf(query.tries) }
      const news = await readNews(params.id, { page: shown.page, ...settling }).catch(() => undefined)
      // While the service is away there is no news, and the page asks again later.
      if (news === undefined) return { status: 200, body: render(renderWatch({ ...shown, ...settling })) }
      const ratings = await backend.ratings(params.id).catch(() => undefined)
      return { status: 200, body: render(renderNews({ ...shown, news, ratings, own: mine(headers), now: now() })) }
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
      const productId = query.product_id
      const page = pageOf(query.page)
      try {
        await backend.deleteReview(params.id)
      } catch (error) {
        if (!productId) throw error
        const failure = 'The review was not deleted: the service is not available. Please try again in a moment.'
        const body = isFragment(headers)
          ? render((await reviewsOf(productId, page, headers, failure)).fragment)
          : await bookPage(productId, { page, headers, failure })
        return { status: 502, body }
      }
      if (!productId) return { status: 204, body: null }
      await pending.markDeleting(productId, params.id).catch(() => {})
      if (!isFragment(headers)) {
        const location = `/products/${encodeURIComponent(productId)}?page=${page}&notice=deleting#reviews`
        return { status: 303, body: '', headers: { location } }
      }
      const { reviews, fragment } = await reviewsOf(productId, page, headers)
      const isGoing = reviews.settling.going.includes(params.id)
      const news = sayNews(isGoing ? 'Your review is being deleted.' : 'Your review was deleted.')
      return { status: 200, body: render([fragment, news]) }
    },
    cover: async ({ query }) => {
      const { title = '', author = '' } = query
      const year = /^-?\d{1,4}$/.test(query.year ?? '') ? Number(query.year) : undefined
      const body = coverSvg({ title: title.slice(0, 300), author: author.slice(0, 300), year })
      return { status: 200, body, headers: drawn }
    },
    style: serveFile(assets.style, assets),
    script: serveFile(assets.script, assets),
    htmx: serveFile(assets.htmx, assets),
    icon: serveFile(assets.icon, assets),
  }
}
