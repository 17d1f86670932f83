/** Text that is HTML already; everything else is escaped when it enters a template. */
export type Html = { readonly html: string }

export type HtmlValue = string | number | bigint | boolean | null | undefined | Html | readonly HtmlValue[]

const special = /[&<>"'`]/g
const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/** Escapes text for an element's content and for quoted attributes. */
export const escape = (text: string): string => text.replace(special, (character) => escapes[character] as string)

/** Builds HTML from a template: every value is escaped unless it is HTML itself; null, undefined and false leave nothing. */
export const html = (strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html => {
  let text = strings[0] as string
  for (let index = 0; index < values.length; index += 1) text += render(values[index]) + strings[index + 1]
  return { html: text }
}

/** Marks text as HTML: only for what we made ourselves. */
export const raw = (text: string): Html => ({ html: text })

/** The text of a value as it stands in a page. */
export const render = (value: HtmlValue): string => {
  if (value === null || value === undefined || value === false || value === true) return ''
  if (typeof value === 'string') return escape(value)
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if ('html' in value) return value.html
  return value.map(render).join('')
}
