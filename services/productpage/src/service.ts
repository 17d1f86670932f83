import { randomUUID } from 'node:crypto'
import { errorCodes } from '@bookinfo/errors'
import { render, html } from '@bookinfo/html'
import { createKit, createService, type ErrorRenderer, type Overrides, type Service } from '@bookinfo/server'
import { readAssets } from './adapters/assets.ts'
import { createBackend } from './adapters/backend.ts'
import { createHandlers } from './adapters/http.ts'
import { createMemoryPending } from './adapters/memory-pending.ts'
import { openRedisPending } from './adapters/redis-pending.ts'
import { createOwnReviews } from './app/own-reviews.ts'
import { readReviewNews } from './app/review-news.ts'
import { showReviews } from './app/show-reviews.ts'
import { submitReview } from './app/submit-review.ts'
import type { ProductpageConfig } from './config.ts'
import { productpage as definition } from './contract.ts'
import { renderProblem } from './pages/layout.ts'

const replyHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  // Browsers name the origin of a form only when the page may say where it is.
  'referrer-policy': 'same-origin',
}

/** Puts the pages together. */
export const createProductpage = async (config: ProductpageConfig, overrides: Overrides = {}): Promise<Service> => {
  const { now = () => new Date(), newId = randomUUID } = overrides
  const kit = await createKit(config.service, overrides)
  const assets = await readAssets()
  const backend = createBackend(config.urls, { operatorToken: config.service.operatorToken })
  const pending =
    config.redisUrl === undefined ? createMemoryPending({ now }) : await openRedisPending({ url: config.redisUrl })
  return createService({
    kit,
    definition,
    handlers: createHandlers({
      backend,
      pending,
      assets,
      show: showReviews({ backend, pending }),
      readNews: readReviewNews({ backend, pending }),
      submit: submitReview({ backend, pending, now, newId }),
      own: createOwnReviews({ secret: config.cookieSecret }),
      operatorToken: config.service.operatorToken,
      now,
      newId,
    }),
    renderError: errorRenderer(assets.version),
    replyHeaders,
    resources: [backend, pending],
  })
}

const errorRenderer =
  (assets: string): ErrorRenderer =>
  (error, { url, headers }) => {
    if (url.startsWith('/v1/')) return undefined
    const { status } = errorCodes[error.code]
    const message = describeProblem(status, error.message)
    if (url.startsWith('/partials/') && !String(headers.accept ?? '').includes('text/html')) {
      return {
        contentType: 'text/html; charset=utf-8',
        body: render(html`<p class="error" role="alert">${message}</p>`),
      }
    }
    const retryHref = status >= 500 && !url.startsWith('/partials/') ? url : undefined
    return { contentType: 'text/html; charset=utf-8', body: renderProblem({ status, message, assets, retryHref }) }
  }

/** What a reader is told; our own words stay for what a reader can mend. */
const describeProblem = (status: number, message: string): string => {
  if (status === 404) return 'There is nothing at this address. The link may be wrong, or the book may have gone.'
  if (status === 500) return 'Something went wrong on our side. Please try again.'
  return `${message[0]?.toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`
}
