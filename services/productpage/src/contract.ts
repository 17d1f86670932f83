import { defineRoute, defineService, Id, OptionalText } from '@bookinfo/contract'
import Type from 'typebox'

const media = (contentMediaType: string) => Type.Unsafe<string>({ type: 'string', contentMediaType })
const Html = media('text/html')
const byId = Type.Object({ id: Id('id') })

/** Query parameters of pages are forgiving: what is no number means the first page. */
const page = Type.Optional(Type.String())

const ids = (title: string) => Type.Optional(Type.Array(Id(title), { maxItems: 100, title }))

/** A static file is kept for ever under its version, and asked for again without one. */
const staticFile = (path: string, { summary, type }: { summary: string; type: string }) =>
  defineRoute({
    method: 'GET',
    path,
    summary,
    query: Type.Object({ v: Type.Optional(Type.String()) }),
    reply: { 200: media(type), 304: null },
  })

const RatingForm = Type.Object({
  product_id: Type.Optional(Type.String()),
  reviewer: Type.Optional(Type.String()),
  stars: Type.Optional(Type.String()),
  text: Type.Optional(Type.String()),
  review_id: Type.Optional(Type.String()),
})

export const productpage = defineService({
  name: 'productpage',
  summary: 'The pages that readers see',
  routes: {
    catalogue: defineRoute({
      method: 'GET',
      path: '/',
      summary: 'The catalogue',
      query: Type.Object({ q: Type.Optional(OptionalText('q', 200)), sort: Type.Optional(Type.String()), page }),
      reply: { 200: Html },
    }),
    book: defineRoute({
      method: 'GET',
      path: '/products/:id',
      summary: 'A book with its reviews',
      params: byId,
      query: Type.Object({ page, notice: Type.Optional(Type.String()) }),
      reply: { 200: Html },
    }),
    product: defineRoute({
      method: 'GET',
      path: '/v1/products/:id',
      summary: 'A book with its reviews, as JSON',
      params: byId,
      reply: { 200: Type.Object({ detail: Type.Unknown(), reviews: Type.Array(Type.Unknown()) }) },
      failures: { 404: 'product not found' },
    }),
    detailsFragment: defineRoute({
      method: 'GET',
      path: '/partials/details/:id',
      summary: 'The facts of a book',
      params: byId,
      reply: { 200: Html },
    }),
    reviewsFragment: defineRoute({
      method: 'GET',
      path: '/partials/reviews/:id',
      summary: 'A page of reviews',
      params: byId,
      query: Type.Object({ page }),
      reply: { 200: Html },
    }),
    reviewsNews: defineRoute({
      method: 'GET',
      path: '/partials/reviews/:id/news',
      summary: 'What became of reviews on their way, as changes of the page that shows them',
      params: byId,
      query: Type.Object({
        page,
        tries: Type.Optional(Type.String()),
        coming: ids('coming'),
        going: ids('going'),
      }),
      reply: { 200: Html },
    }),
    submit: defineRoute({
      method: 'POST',
      path: '/partials/rating',
      summary: 'Rate and review a book',
      body: RatingForm,
      takesForms: true,
      reply: { 200: Html, 422: Html, 502: Html },
    }),
    deleteReview: defineRoute({
      method: 'POST',
      path: '/partials/reviews/:id/delete',
      summary: 'Delete a review',
      params: byId,
      query: Type.Object({ product_id: Type.Optional(Type.String()), page }),
      body: Type.Object({}, { bodyOptional: true }),
      takesForms: true,
      reply: { 200: Html, 204: null, 303: Html, 502: Html },
    }),
    cover: defineRoute({
      method: 'GET',
      path: '/covers/:id',
      summary: 'A drawn cover',
      params: byId,
      query: Type.Object({
        title: Type.Optional(Type.String()),
        author: Type.Optional(Type.String()),
        year: Type.Optional(Type.String()),
      }),
      reply: { 200: media('image/svg+xml') },
    }),
    style: staticFile('/static/styles.css', { summary: 'Styles', type: 'text/css' }),
    script: staticFile('/static/app.js', { summary: 'Script', type: 'text/javascript' }),
    htmx: staticFile('/static/htmx.min.js', { summary: 'htmx', type: 'text/javascript' }),
    icon: staticFile('/static/icon.svg', { summary: 'The icon', type: 'image/svg+xml' }),
  },
  events: [],
})
