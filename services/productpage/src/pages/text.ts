const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The first whole character of a text, in any script. */
export const firstCharacter = (text: string): string =>
  ([...graphemes.segment(text.trim())][0]?.segment ?? '').toLocaleUpperCase('en')

/** Up to two initials of a name. */
export const initials = (name: string): string =>
  name.trim().split(/\s+/).slice(0, 2).map(firstCharacter).join('').toLocaleUpperCase('en')

/** A year as readers write it: before the common era with its letters. */
export const formatYear = (year: number): string => (year < 0 ? `${-year} BC` : String(year))

/** A count with its word. */
export const plural = (count: number, word: string): string =>
  `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`

/** A title apart from the series that catalogues write behind it: "Allegiant (Divergent, #3)". */
export const splitSeries = (title: string): { name: string; series: string | undefined } => {
  const [, name, series] = /^(.*\S)\s*\(([^()]*#[^()]*)\)$/.exec(title) ?? []
  return name === undefined ? { name: title, series: undefined } : { name, series }
}

/** The authors in few words: catalogues name translators and illustrators too. */
export const shortAuthors = (author: string): string => {
  const [first = '', second, ...others] = author.split(/,\s+(?![JS]r\b)/)
  if (second === undefined) return first
  return others.length > 0 ? `${first} and others` : `${first}, ${second}`
}

const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })

/** A language's name where the catalogue has a code for it. */
export const languageName = (language: string): string => {
  if (!/^[a-z]{2,3}(-[a-z]{2})?$/i.test(language)) return language
  return languages.of(language) ?? language
}

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

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
const minute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** The day of something. */
export const exactDate = (time: Date): string => date.format(time)

/** The minute of something, with its time zone. */
export const exactTime = (time: Date): string => `${minute.format(time)} UTC`
