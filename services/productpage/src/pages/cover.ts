import { createHash } from 'node:crypto'
import { type Html, html, render } from '@bookinfo/html'
import { formatYear } from './text.ts'

type Palette = { ground: string; ink: string; accent: string }
type Layout = (palette: Palette, seed: number) => Html

const width = 240
const height = 360
const marginX = 22
// Estimates are for a narrow serif; some systems only have wider ones.
const widestFont = 1.14

const palettes: readonly Palette[] = [
  { ground: '#e8590c', ink: '#fff8ee', accent: '#1b1b1b' },
  { ground: '#0b5d57', ink: '#f3efe2', accent: '#e0a83a' },
  { ground: '#1f3a68', ink: '#f4f1e8', accent: '#d9683c' },
  { ground: '#f1e4c3', ink: '#2b2320', accent: '#a3302a' },
  { ground: '#7a1f2b', ink: '#f8ecdc', accent: '#e6b450' },
  { ground: '#26302b', ink: '#efe9da', accent: '#8fb39a' },
  { ground: '#d8b13c', ink: '#221d12', accent: '#8a2c1d' },
  { ground: '#3d2b56', ink: '#f5eefb', accent: '#e59a6f' },
  { ground: '#c9d6d3', ink: '#17312f', accent: '#b2452f' },
  { ground: '#154c79', ink: '#fdf6e3', accent: '#f2c14e' },
]

const layouts: readonly Layout[] = [
  ({ accent }) =>
    html`<rect x="0" y="210" width="240" height="12" fill="${accent}"/><rect x="0" y="228" width="240" height="3" fill="${accent}"/>`,
  ({ accent }) =>
    html`<circle cx="120" cy="262" r="58" fill="${accent}"/><circle cx="120" cy="262" r="36" fill="none" stroke="#fff" stroke-opacity=".35" stroke-width="2"/>`,
  ({ accent }) => html`<path d="M0 360V250L240 190V360Z" fill="${accent}"/>`,
  ({ accent }) =>
    html`${[0, 1, 2, 3, 4].map((row) => html`<rect x="22" y="${232 + row * 20}" width="${196 - row * 28}" height="8" fill="${accent}"/>`)}`,
  ({ accent }, seed) =>
    html`${[0, 1, 2, 3, 4, 5].map((at) => html`<circle cx="${40 + ((seed >> at) % 7) * 26}" cy="${222 + ((seed >> (at + 3)) % 5) * 22}" r="${6 + ((seed >> at) % 4) * 5}" fill="${accent}" fill-opacity=".8"/>`)}`,
  ({ accent }) =>
    html`<rect x="10" y="10" width="220" height="340" fill="none" stroke="${accent}" stroke-width="3"/><rect x="16" y="16" width="208" height="328" fill="none" stroke="${accent}"/>`,
  ({ accent }) =>
    html`<path d="M120 200L190 316H50Z" fill="${accent}"/><path d="M120 240L162 316H78Z" fill="#000" fill-opacity=".18"/>`,
  ({ accent }) =>
    html`<path d="M0 290C60 250 90 330 150 290S230 260 240 280V360H0Z" fill="${accent}"/><path d="M0 318C60 288 110 348 240 306V360H0Z" fill="#000" fill-opacity=".2"/>`,
  ({ accent }) =>
    html`<rect x="0" y="0" width="14" height="360" fill="${accent}"/><rect x="22" y="300" width="60" height="4" fill="${accent}"/>`,
  ({ accent }) =>
    html`${[0, 1, 2, 3].map((at) => html`<circle cx="120" cy="278" r="${18 + at * 15}" fill="none" stroke="${accent}" stroke-width="4"/>`)}`,
  ({ accent }) =>
    html`${[0, 1, 2, 3, 4, 5, 6, 7].map((at) => html`<rect x="${22 + at * 25}" y="${300 - (at % 4) * 18}" width="14" height="${44 + (at % 4) * 18}" fill="${accent}"/>`)}`,
  ({ accent }) => html`<path d="M0 210H240V236L120 262L0 236Z" fill="${accent}"/>`,
]

/** A drawn cover: layout and colours are picked by the book, the text is fitted. The same book always gets the same cover. */
export const coverSvg = ({
  title,
  author,
  year,
}: {
  title: string
  author: string
  year?: number | undefined
}): string => {
  const seed = createHash('sha256').update(`${title}\u001f${author}`).digest().readUInt32BE(0)
  const palette = palettes[seed % palettes.length] as Palette
  const layout = layouts[(seed >>> 8) % layouts.length] as Layout
  const name = fit(title, { sizes: [30, 26, 22, 19, 16], linesMax: 5 })
  const by = fit(author, { sizes: [14, 12], linesMax: 2 })
  return render(
    html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${`Cover of ${title.slice(0, 120)}`}"><rect width="${width}" height="${height}" fill="${palette.ground}"/>${layout(palette, seed)}<g fill="${palette.ink}" font-family="Iowan Old Style, Palatino Linotype, Palatino, Georgia, serif" direction="${direction(title)}"><text font-size="${name.size}" font-weight="700">${lines(name, 56)}</text><text font-size="${by.size}" font-family="system-ui, sans-serif">${lines(by, 56 + name.lines.length * name.size * 1.15 + 8)}</text>${year !== undefined && html`<text x="${marginX}" y="${height - 22}" font-size="12" font-family="system-ui, sans-serif">${formatYear(year)}</text>`}</g></svg>`,
  )
}

type Fitted = { size: number; lines: string[]; x: number }

const lines = ({ lines: texts, size, x }: Fitted, top: number): Html[] =>
  texts.map((line, index) => html`<tspan x="${x}" y="${Math.round(top + index * size * 1.15)}">${line}</tspan>`)

const direction = (text: string): 'rtl' | 'ltr' =>
  /^[\s\p{P}\d]*[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(text) ? 'rtl' : 'ltr'

/** The largest size at which the text fits into the lines; what is left over ends in an ellipsis. */
const fit = (text: string, { sizes, linesMax }: { sizes: readonly number[]; linesMax: number }): Fitted => {
  const x = direction(text) === 'rtl' ? width - marginX : marginX
  for (const size of sizes) {
    const wrapped = wrap(text, size)
    if (wrapped.length <= linesMax) return { size, lines: wrapped, x }
  }
  const size = sizes.at(-1) as number
  const [kept, last] = [wrap(text, size).slice(0, linesMax), linesMax - 1]
  kept[last] = `${(kept[last] as string).slice(0, -1)}…`
  return { size, lines: kept, x }
}

const wrap = (text: string, size: number): string[] => {
  const room = (width - 2 * marginX) / size / widestFont
  const wrapped: string[] = []
  let line = ''
  for (const word of text
    .slice(0, 300)
    .split(/\s+/)
    .flatMap((one) => pieces(one, room))) {
    if (line !== '' && measure(`${line} ${word}`) > room) {
      wrapped.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...wrapped, line].filter((one) => one !== '')
}

/** A word that is wider than a line is cut, as scripts without spaces are. */
const pieces = (word: string, room: number): string[] => {
  const cut: string[] = []
  let piece = ''
  for (const character of word) {
    if (piece !== '' && measure(piece + character) > room) {
      cut.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...cut, piece]
}

/** Estimated width in ems: wide scripts are square, capitals broad, thin letters narrow. */
const measure = (text: string): number => {
  let sum = 0
  for (const character of text) {
    if (/[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]|\p{Extended_Pictographic}/u.test(character)) sum += 1.05
    else if (/[MWmw@]/.test(character)) sum += 0.92
    else if (/\p{Lu}/u.test(character)) sum += 0.7
    else if (/[iljtf.,:;'!| ]/.test(character)) sum += 0.33
    else sum += 0.56
  }
  return sum
}
