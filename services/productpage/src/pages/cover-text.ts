import { type Html, html } from '@bookinfo/html'

/** Where a text stands on a cover, in the cover's own units. */
export type Box = {
  x: number
  y: number
  width: number
  height: number
  anchor?: 'start' | 'middle'
  /** Which edge of the box the text keeps to when it does not fill it. */
  keepsTo?: 'top' | 'middle' | 'bottom'
}

export type Lettering = { sizes: readonly number[]; family: string; weight?: number; fill: string }

const leading = 1.14
const charactersMax = 300
// Estimates are for a narrow face; some systems only have wider ones.
const widestFont = 1.14
const square = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]|\p{Extended_Pictographic}/u

/** A text in its box at the largest size at which it fits without cutting a word; what is left over ends in an ellipsis. */
export const letter = (
  text: string,
  box: Box,
  { sizes, family, weight = 400, fill }: Lettering,
): { drawn: Html; bottom: number } => {
  const { size, lines } = fit(text.slice(0, charactersMax), box, sizes)
  const isRightToLeft = /^[\s\p{P}\d]*[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(text)
  const isCentred = box.anchor === 'middle'
  const x = isCentred ? box.x + box.width / 2 : isRightToLeft ? box.x + box.width : box.x
  const free = box.height - lines.length * size * leading
  const shift = box.keepsTo === 'bottom' ? free : box.keepsTo === 'middle' ? free / 2 : 0
  const baseline = (index: number) => Math.round(box.y + shift + size * 0.92 + index * size * leading)
  const drawn = html`<text font-family="${family}" font-size="${size}" font-weight="${weight}" fill="${fill}"${isCentred && html` text-anchor="middle"`}${isRightToLeft && html` direction="rtl"`}>${lines.map((line, index) => html`<tspan x="${x}" y="${baseline(index)}">${line}</tspan>`)}</text>`
  return { drawn, bottom: box.y + shift + lines.length * size * leading }
}

const fit = (text: string, { width, height }: Box, sizes: readonly number[]): { size: number; lines: string[] } => {
  const tries = sizes.map((size) => {
    const room = width / size / widestFont
    return { size, lines: wrap(text, room), linesMax: Math.max(1, Math.floor(height / (size * leading))), room }
  })
  const whole = tries.find(({ lines, linesMax, room }) => lines.length <= linesMax && !cutsWords(text, room))
  const chosen = whole ?? tries.find(({ lines, linesMax }) => lines.length <= linesMax)
  if (chosen !== undefined) return chosen
  const { size, lines, linesMax } = tries.at(-1) as (typeof tries)[number]
  const kept = lines.slice(0, linesMax)
  kept[linesMax - 1] = `${kept[linesMax - 1]?.slice(0, -1)}…`
  return { size, lines: kept }
}

const wrap = (text: string, room: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap((one) => pieces(one, room))) {
    if (line !== '' && measure(`${line} ${word}`) > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].filter((one) => one !== '')
}

/** Scripts without spaces may be cut anywhere. */
const cutsWords = (text: string, room: number): boolean =>
  text.split(/\s+/).some((word) => measure(word) > room && !square.test(word))

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
    if (square.test(character)) sum += 1.05
    else if (/[MWmw@]/.test(character)) sum += 0.92
    else if (/\p{Lu}/u.test(character)) sum += 0.7
    else if (/[iljtf.,:;'!| ]/.test(character)) sum += 0.33
    else sum += 0.56
  }
  return sum
}
