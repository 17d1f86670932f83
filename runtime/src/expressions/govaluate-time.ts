const day = '\\d{4}-\\d{2}-\\d{2}'
const clock = '\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d+)?'
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const weekday = '(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)'
const zone = '(?:Z|[+-]\\d{4})'

/** The layouts that govaluate tries on every string literal, in its order. */
const layouts: [RegExp, (text: string) => string][] = [
  [new RegExp(`^${weekday} ${month} [ \\d]?\\d ${clock} \\d{4}$`), (text) => `${text} UTC`],
  [
    new RegExp(`^${weekday} ${month} [ \\d]?\\d ${clock} [A-Z]{3,4} \\d{4}$`),
    (text) => text.replace(/ [A-Z]{3,4} (\d{4})$/, ' $1 UTC'),
  ],
  [
    new RegExp(`^${weekday} ${month} \\d{2} ${clock} [+-]\\d{4} \\d{4}$`),
    (text) => text.replace(/ ([+-]\d{4}) (\d{4})$/, ' $2 $1'),
  ],
  [new RegExp(`^${day}T${clock}(?:Z|[+-]\\d{2}:\\d{2})$`), (text) => text],
  [new RegExp(`^${day}$`), (text) => text],
  [new RegExp(`^${day} \\d{2}:\\d{2}$`), (text) => `${text.replace(' ', 'T')}Z`],
  [new RegExp(`^${day} ${clock}$`), (text) => `${text.replace(' ', 'T')}Z`],
  [new RegExp(`^${day} ${clock}[+-]\\d{2}:\\d{2}$`), (text) => text.replace(' ', 'T')],
  [new RegExp(`^${day}T\\d{2}${zone}$`), (text) => text.replace(/T(\d{2})/, 'T$1:00')],
  [new RegExp(`^${day}T\\d{2}:\\d{2}${zone}$`), (text) => text],
  [new RegExp(`^${day}T${clock}${zone}$`), (text) => text],
]

const kitchen = /^(\d{1,2}):(\d{2})(AM|PM)$/
const yearZeroSeconds = -62_167_219_200

/** Seconds since 1970 when govaluate would read the text as a time, else undefined. Times without a zone are in UTC. */
export const parseGovaluateTime = (text: string): number | undefined => {
  const [, hours, minutes, half] = kitchen.exec(text) ?? []
  if (hours !== undefined && Number(hours) >= 1 && Number(hours) <= 12 && Number(minutes) < 60)
    return yearZeroSeconds + ((Number(hours) % 12) + (half === 'PM' ? 12 : 0)) * 3_600 + Number(minutes) * 60
  for (const [layout, readable] of layouts) {
    if (!layout.test(text) || !isRealDay(text)) continue
    const time = Date.parse(readable(text).replace(',', '.'))
    if (!Number.isNaN(time)) return Math.floor(time / 1_000)
  }
  return undefined
}

/** JavaScript reads February 31st as March 3rd; Go refuses it. */
const isRealDay = (text: string): boolean => {
  const [, year, monthNumber, date] = /^(\d{4})-(\d{2})-(\d{2})/.exec(text) ?? []
  if (year === undefined) return true
  return Number(date) >= 1 && Number(date) <= new Date(Date.UTC(Number(year), Number(monthNumber), 0)).getUTCDate()
}
