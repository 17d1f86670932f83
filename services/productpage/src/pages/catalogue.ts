import type { Detail } from '@bookinfo/details/contract'
import { type Html, html } from '@bookinfo/html'
import { renderLayout } from './layout.ts'
import { renderPager } from './pager.ts'
import { showStars } from './stars.ts'
import { plural, shortAuthors, splitSeries } from './text.ts'

export type CatalogueModel = {
  books: readonly Detail[]
  total: number
  page: number
  totalPages: number
  q: string
  sort: string
  assets: string
}

const sorts = [
  ['title', 'Title'],
  ['rating', 'Best rated'],
  ['newest', 'Newest'],
] as const

/** The catalogue as a page. */
export const renderCatalogue = (model: CatalogueModel): string =>
  renderLayout({
    title: titleOf(model),
    search: { q: model.q, sort: model.sort, isLive: true },
    assets: model.assets,
    content: content(model),
  })

const titleOf = ({ q, page }: CatalogueModel): string =>
  `${q ? `Search: ${q}` : 'Books'}${page > 1 ? `, page ${page}` : ''}`

const content = (model: CatalogueModel): Html => html`
<div class="heading"><h1>Products</h1><p class="soft" id="found" role="status">${found(model)}</p>
<nav class="sorts" id="sorts" aria-label="Sort by">${sorts.map(
  ([value, label]) =>
    html`<a href="${catalogueAddress({ ...model, sort: value, page: 1 })}"${model.sort === value && html` aria-current="true"`}>${label}</a>`,
)}</nav></div>
<div id="results">${model.books.length === 0 ? empty(model) : html`<ul class="books">${model.books.map(card)}</ul>`}
${renderPager({ label: 'Pages of books', page: model.page, totalPages: model.books.length === 0 ? 1 : model.totalPages, href: (page) => catalogueAddress({ ...model, page }) })}</div>`

const found = ({ total, q }: CatalogueModel): string =>
  q ? `${plural(total, 'book')} for “${q}”` : plural(total, 'book')

const empty = (model: CatalogueModel): Html => {
  const { q, total, totalPages, page } = model
  if (total > 0) {
    return html`<section class="empty"><h2>There is no page ${page.toLocaleString('en')}</h2><p>The last one is page ${totalPages.toLocaleString('en')}.</p>
<p class="ways"><a class="button primary" href="${catalogueAddress({ ...model, page: totalPages })}">Go to the last page</a> <a class="button" href="${catalogueAddress({ ...model, page: 1 })}">Go to the first</a></p></section>`
  }
  return q
    ? html`<section class="empty"><h2>No book matches “${q}”</h2><p>Titles and authors are searched. Fewer words find more, and part of a word is enough.</p>
<p class="ways"><a class="button primary" href="/">Browse all books</a> <a class="button" href="/?sort=rating">See the best rated</a></p></section>`
    : html`<section class="empty"><h2>The shelves are still empty</h2><p>Books appear here as they arrive.</p><p class="ways"><a class="button primary" href="/">Look again</a></p></section>`
}

const card = (book: Detail): Html => {
  const { name, series } = splitSeries(book.title)
  return html`<li><a class="book" href="/products/${encodeURIComponent(book.id)}"><img src="${coverAddress(book)}" alt="" width="240" height="360" loading="lazy">
<span class="title" dir="auto">${name}</span>${series && html`<span class="series" dir="auto">${series}</span>`}<span class="author" dir="auto">${shortAuthors(book.author)}</span>
<span class="meta">${book.rating_count > 0 ? html`${showStars(book.average)} <span>${book.average.toFixed(1)} <span class="soft">(${book.rating_count.toLocaleString('en')})</span></span>` : html`<span class="soft">Not rated yet</span>`}</span></a></li>`
}

/** Where a book's drawn cover is. */
const coverAddress = ({ id, title, author, year }: Pick<Detail, 'id' | 'title' | 'author' | 'year'>): string =>
  `/covers/${encodeURIComponent(id)}?${new URLSearchParams({ title: title.slice(0, 200), author: author.slice(0, 120), ...(year && { year: String(year) }) })}`

/** The address of a page of the catalogue; what is usual is left out. */
export const catalogueAddress = ({ q, sort, page }: Pick<CatalogueModel, 'q' | 'sort' | 'page'>): string => {
  const query = new URLSearchParams({
    ...(q && { q }),
    ...(sort !== 'title' && { sort }),
    ...(page > 1 && { page: String(page) }),
  })
  return query.size === 0 ? '/' : `/?${query}`
}
