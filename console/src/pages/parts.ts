import { type Html, html } from '@bookinfo/html'

/** States have a sign, a word and a colour, so that none of them is needed alone. */
const signs: Record<string, { sign: string; tone: 'fine' | 'waiting' | 'failing' | 'dead' | 'plain' }> = {
  running: { sign: '●', tone: 'fine' },
  starting: { sign: '◌', tone: 'waiting' },
  stopped: { sign: '■', tone: 'failing' },
  applied: { sign: '●', tone: 'fine' },
  filtered: { sign: '○', tone: 'plain' },
  superseded: { sign: '○', tone: 'plain' },
  held: { sign: '◌', tone: 'waiting' },
  parked: { sign: '◆', tone: 'failing' },
  dead: { sign: '✕', tone: 'dead' },
  pending: { sign: '◆', tone: 'failing' },
  replaying: { sign: '◌', tone: 'waiting' },
  replayed: { sign: '◌', tone: 'waiting' },
  resolved: { sign: '●', tone: 'fine' },
  poisoned: { sign: '✕', tone: 'dead' },
  idle: { sign: '●', tone: 'fine' },
  working: { sign: '◌', tone: 'waiting' },
  'backing off': { sign: '◆', tone: 'failing' },
  balanced: { sign: '●', tone: 'fine' },
  'not balanced': { sign: '✕', tone: 'dead' },
}

export const stateOf = (state: string): Html => {
  const { sign, tone } = signs[state] ?? { sign: '○', tone: 'plain' }
  return html`<span class="${tone}"><span aria-hidden="true">${sign}</span> ${state}</span>`
}

/** A number that leads to the list behind it; nothing to see is pale. */
export const linkedNumber = (value: number, href: string): Html =>
  html`<a href="${href}"${value === 0 && html` class="none"`}>${value.toLocaleString('en')}</a>`

/** An id that leads to what it names and can be copied. */
export const copyable = (id: string, href: string): Html =>
  html`<span class="id"><a href="${href}"><code>${id}</code></a><button type="button" class="copy" data-copy="${id}" aria-label="Copy ${id}">⧉</button></span>`

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const

/** How long ago, with the exact time on hover and in the focus. */
export const ago = (time: string): Html => {
  const seconds = Math.round((Date.now() - new Date(time).getTime()) / 1_000)
  const unit = units.find(([, size]) => Math.abs(seconds) >= size)
  const text = unit === undefined ? `${Math.abs(seconds)} s` : `${Math.floor(Math.abs(seconds) / unit[1])} ${unit[0]}`
  return html`<time datetime="${time}" title="${time}" tabindex="0">${seconds < 0 ? `in ${text}` : `${text} ago`}</time>`
}

export type Action = {
  action: string
  fields: Record<string, string>
  /** What the button says, and what it is called where several look alike. */
  label: string
  name: string
  /** What it will do, and to how many; asked before it is done. */
  question?: string
}

/** A button that does something, after a question when it is not harmless. Works without scripts. */
export const actionButton = ({ action, fields, label, name, question }: Action): Html => {
  const hidden = html`<input type="hidden" name="action" value="${action}">${Object.entries(fields).map(
    ([field, value]) => html`<input type="hidden" name="${field}" value="${value}">`,
  )}`
  if (question === undefined)
    return html`<form method="post">${hidden}<button aria-label="${name}">${label}</button></form>`
  const id = `ask-${action}-${Object.values(fields)
    .join('-')
    .replace(/[^\w-]/g, '_')}`
  return html`<button type="button" popovertarget="${id}" aria-label="${name}">${label}…</button>
<form method="post" popover role="dialog" class="question" id="${id}" aria-labelledby="${id}-text">${hidden}<p id="${id}-text">${question}</p><p class="row"><button class="primary" type="submit">${name}</button><button type="button" popovertarget="${id}" popovertargetaction="hide">Cancel</button></p></form>`
}

export type Column = { name: string; isNumber?: boolean; isHidden?: boolean }

/** A table that scrolls by itself where the window is narrow. */
export const table = (caption: string, columns: readonly Column[], rows: readonly Html[], id?: string): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><thead><tr>${columns.map(
    ({ name, isNumber, isHidden }) =>
      html`<th scope="col"${isNumber && html` class="number"`}>${isHidden ? html`<span class="visually-hidden">${name}</span>` : name}</th>`,
  )}</tr></thead><tbody${id && html` id="${id}" data-live`}>${rows}</tbody></table></div>`
