import { type Html, html } from '@bookinfo/html'

export type PagerModel = {
  label: string
  page: number
  totalPages: number
  href(page: number): string
  /** More attributes of the links, such as what htmx needs. */
  attributes?: (page: number) => Html
}

/** Links to the pages before and after, and to those around; nothing when there is one page. */
export const renderPager = (model: PagerModel): Html | undefined => {
  const { label, page, totalPages, href, attributes } = model
  if (totalPages <= 1) return undefined
  const link = (to: number, text: Html, more: Html) =>
    html`<a href="${href(to)}"${more}${attributes && html` ${attributes(to)}`}>${text}</a>`
  return html`<nav class="pager" aria-label="${label}">${page > 1 ? link(page - 1, html`« Prev`, html` rel="prev"`) : html`<span class="ended" aria-hidden="true">« Prev</span>`}
<ol>${pagesAround(page, totalPages).map((to) => html`<li>${to === undefined ? html`<span aria-hidden="true">…</span>` : link(to, html`<span class="visually-hidden">Page </span>${to}`, to === page ? html` aria-current="page"` : html``)}</li>`)}</ol>
<span class="at">Page ${page} of ${totalPages}</span>${page < totalPages ? link(page + 1, html`Next »`, html` rel="next"`) : html`<span class="ended" aria-hidden="true">Next »</span>`}</nav>`
}

/** The first and last page and those beside this one; undefined stands for a gap. */
const pagesAround = (page: number, totalPages: number): (number | undefined)[] => {
  const near = [1, page - 1, page, page + 1, totalPages].filter((one) => one >= 1 && one <= totalPages)
  const pages = [...new Set(near)].toSorted((a, b) => a - b)
  return pages.flatMap((one, index) => {
    const gap = one - (pages[index - 1] ?? one - 1)
    return gap === 1 ? [one] : gap === 2 ? [one - 1, one] : [undefined, one]
  })
}
