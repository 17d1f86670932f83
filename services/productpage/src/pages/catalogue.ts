import type { Detail } from '@bookinfo/details/contract'
import { type Html, html } from '@bookinfo/html'
import { renderLayout } from './layout.ts'
import { showStars } from './stars.ts'
import { formatYear, plural } from './text.ts'

export type CatalogueModel = {
  books: readonly Detail[]
  total: number
  page: number
  totalPages: number
  q: string
  sort: string
  assets: string
  isUnavailable: boolean
}

const sorts = [
  ['title', 'Title'],
  ['rating', 'Best rated'],
  ['newest', 'Newest'],
] as const

/** The catalogue as a page. */
export const renderCatalogue = (model: CatalogueModel): string =>
  renderLayout({
    title: model.q ? `Search: ${model.q}` : 'Products',
    q: model.q,
    assets: model.assets,
    content: content(model),
  })

const content = (model: CatalogueModel): Html => html`
<div class="heading"><h1>Products</h1><p class="soft" role="status">${summary(model)}</p>
<nav class="sorts" aria-label="Sort by">${sorts.map(
  ([value, label]) =>
    html`<a href="${address({ ...model, sort: value, page: 1 })}"${model.sort === value && html` aria-current="true"`}>${label}</a>`,
)}</nav></div>
${model.isUnavailable ? unavailable : model.books.length === 0 ? empty(model) : html`<ul class="books">${model.books.map(card)}</ul>`}
${model.totalPages > 1 && pager(model)}`

const summary = ({ isUnavailable, total, q }: CatalogueModel): string =>
  isUnavailable ? '' : q ? `${plural(total, 'book')} for “${q}”` : plural(total, 'book')

const unavailable = html`<section class="problem"><p><strong>The catalogue cannot be read right now.</strong> Nothing is lost; please try again in a moment.</p><p><a href="/">Try again</a></p></section>`

const empty = ({ q }: CatalogueModel): Html =>
  q
    ? html`<section class="problem"><p>No book matches “${q}”.</p><p><a href="/">Browse all books</a></p></section>`
    : html`<section class="problem"><p>No products yet. Books appear here as they arrive.</p><p><a href="/">Look again</a></p></section>`

const card = (book: Detail): Html => html`<li><a class="book" href="/products/${encodeURIComponent(book.id)}">
<img src="${coverAddress(book)}" alt="" width="240" height="360" loading="lazy">
<span class="title">${book.title}</span><span class="author">${book.author}</span>
<span class="meta">${book.rating_count > 0 ? html`${showStars(book.average)} <span>${book.average.toFixed(1)} (${book.rating_count})</span>` : html`<span>Not rated yet</span>`}</span></a></li>`

/** Where a book's drawn cover is. */
const coverAddress = ({ id, title, author, year }: Pick<Detail, 'id' | 'title' | 'author' | 'year'>): string =>
  `/covers/${encodeURIComponent(id)}?${new URLSearchParams({ title: title.slice(0, 200), author: author.slice(0, 120), ...(year && { year: formatYear(year) }) })}`

const pager = (model: CatalogueModel): Html => html`<nav class="pager" aria-label="Pages">
${model.page > 1 && html`<a rel="prev" href="${address({ ...model, page: model.page - 1 })}">« Prev</a>`}
<span>Page ${model.page} of ${model.totalPages}</span>
${model.page < model.totalPages && html`<a rel="next" href="${address({ ...model, page: model.page + 1 })}">Next »</a>`}</nav>`

const address = ({ q, sort, page }: Pick<CatalogueModel, 'q' | 'sort' | 'page'>): string => {
  const query = new URLSearchParams({
    ...(q && { q }),
    ...(sort !== 'title' && { sort }),
    ...(page > 1 && { page: String(page) }),
  })
  return query.size === 0 ? '/' : `/?${query}`
}
