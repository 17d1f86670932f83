const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Up to two initials of a name, whole characters in any script. */
export const initials = (name: string): string =>
  name
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...graphemes.segment(word)][0]?.segment ?? '')
    .join('')
    .toLocaleUpperCase('en')

/** A year as readers write it: before the common era with its letters. */
export const formatYear = (year: number): string => (year < 0 ? `${-year} BC` : String(year))

/** A count with its word. */
export const plural = (count: number, word: string): string =>
  `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** How long ago something was, in the largest fitting unit. */
export const relativeTime = (time: Date, now: Date): string => {
  const seconds = Math.max(0, (now.getTime() - time.getTime()) / 1_000)
  const unit = units.find(([, size]) => seconds >= size)
  return unit === undefined ? 'just now' : relative.format(-Math.floor(seconds / unit[1]), unit[0])
}
