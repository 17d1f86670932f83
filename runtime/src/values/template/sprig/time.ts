const months = 'January February March April May June July August September October November December'.split(' ')
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** A time of day and date as a place on earth sees it. */
type Clock = {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  milliseconds: number
  weekday: number
  offsetMinutes: number
  zone: string
}

const formats = new Map<string, Intl.DateTimeFormat>()
const formatsMax = 600

const formatOf = (zone: string): Intl.DateTimeFormat => {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      timeZoneName: 'short',
    })
    if (formats.size < formatsMax) formats.set(zone, format)
  }
  return format
}

/** Go's name for where Argo's containers are. */
const knownZone = (zone: string): string => {
  if (zone === 'Local' || zone === '') return 'UTC'
  try {
    formatOf(zone)
    return zone
  } catch {
    return 'UTC'
  }
}

const clockIn = (time: Date, zone: string): Clock => {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  )
  const [year, month, day] = [Number(parts.year), Number(parts.month), Number(parts.day)]
  const [hour, minute, second] = [Number(parts.hour), Number(parts.minute), Number(parts.second)]
  const asUtc = new Date(0)
  asUtc.setUTCFullYear(year, month - 1, day)
  asUtc.setUTCHours(hour, minute, second)
  const offsetMinutes = Math.round((asUtc.getTime() - time.getTime()) / 60_000)
  const weekday = asUtc.getUTCDay()
  return {
    year,
    month,
    day,
    hour,
    minute,
    second,
    milliseconds: time.getUTCMilliseconds(),
    weekday,
    offsetMinutes,
    zone: String(parts.timeZoneName),
  }
}

const layoutPattern =
  /January|Jan|Monday|Mon|MST|2006|__2|_2|002|01|02|03|04|05|06|15|PM|pm|Z07:00:00|Z070000|Z07:00|Z0700|Z07|-07:00:00|-07:00|-0700|-07|[.,]0+(?!\d)|[.,]9+(?!\d)|[12345]/g

const two = (number: number): string => String(number).padStart(2, '0')

const offsetText = (minutes: number, separator: string): string => {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${separator}${two(size % 60)}`
}

/** A time in Go's layout, as a zone sees it. */
export const formatTime = (time: Date, layout: string, zone: string): string => {
  const clock = clockIn(time, knownZone(zone))
  return layout.replaceAll(layoutPattern, (token) => partOf(clock, token))
}

const partOf = (clock: Clock, token: string): string => {
  const { year, month, day, hour, minute, second, milliseconds, weekday, offsetMinutes, zone } = clock
  const hour12 = hour % 12 || 12
  switch (token) {
    case 'January':
      return months[month - 1] ?? ''
    case 'Jan':
      return (months[month - 1] ?? '').slice(0, 3)
    case 'Monday':
      return days[weekday] ?? ''
    case 'Mon':
      return (days[weekday] ?? '').slice(0, 3)
    case 'MST':
      return /^GMT[+-]/.test(zone) ? offsetText(offsetMinutes, '').replace(/00$/, '') : zone
    case '2006':
      return String(year).padStart(4, '0')
    case '06':
      return two(year % 100)
    case '01':
      return two(month)
    case '1':
      return String(month)
    case '02':
      return two(day)
    case '_2':
      return String(day).padStart(2, ' ')
    case '2':
      return String(day)
    case '002':
      return String(dayOfYear(clock)).padStart(3, '0')
    case '__2':
      return String(dayOfYear(clock)).padStart(3, ' ')
    case '15':
      return two(hour)
    case '03':
      return two(hour12)
    case '3':
      return String(hour12)
    case '04':
      return two(minute)
    case '4':
      return String(minute)
    case '05':
      return two(second)
    case '5':
      return String(second)
    case 'PM':
      return hour < 12 ? 'AM' : 'PM'
    case 'pm':
      return hour < 12 ? 'am' : 'pm'
    default:
      return token[0] === '.' || token[0] === ',' ? fraction(token, milliseconds) : offset(token, offsetMinutes)
  }
}

const dayOfYear = ({ year, month, day }: Clock): number =>
  Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1

const fraction = (token: string, milliseconds: number): string => {
  const digits = String(milliseconds)
    .padStart(3, '0')
    .padEnd(9, '0')
    .slice(0, token.length - 1)
  if (token[1] === '0') return token[0] + digits
  const short = digits.replace(/0+$/, '')
  return short === '' ? '' : token[0] + short
}

const offset = (token: string, minutes: number): string => {
  if (token[0] === 'Z' && minutes === 0) return 'Z'
  const text = offsetText(minutes, token.includes(':') ? ':' : '')
  return token.endsWith('07')
    ? text.slice(0, 3)
    : /:00:00$|0000$/.test(token)
      ? `${text}${token.includes(':') ? ':00' : '00'}`
      : text
}

const readers: Record<string, string> = {
  January: months.join('|'),
  Jan: months.map((name) => name.slice(0, 3)).join('|'),
  Monday: days.join('|'),
  Mon: days.map((name) => name.slice(0, 3)).join('|'),
  MST: '[A-Z]{3,4}|[+-]\\d{2,4}',
  2006: '\\d{4}',
  PM: 'AM|PM',
  pm: 'am|pm',
  _2: ' ?\\d{1,2}',
  __2: ' {0,2}\\d{1,3}',
  '002': '\\d{3}',
}

const readerOf = (token: string): string => {
  if (readers[token] !== undefined) return readers[token]
  if (/^[.,]/.test(token)) return `[.,]\\d{${token.length - 1}}`
  if (token[0] === 'Z') return token.includes(':') ? 'Z|[+-]\\d\\d:\\d\\d' : 'Z|[+-]\\d\\d(?:\\d\\d)?'
  if (token[0] === '-') return token.includes(':') ? '[+-]\\d\\d:\\d\\d' : '[+-]\\d\\d(?:\\d\\d)?'
  return token.length === 2 ? '\\d{2}' : '\\d{1,2}'
}

/** Reads a time in Go's layout, in UTC unless it says otherwise; undefined when it does not fit. */
export const parseTime = (layout: string, text: string): Date | undefined => {
  const tokens: string[] = []
  let pattern = ''
  let at = 0
  for (const match of layout.matchAll(layoutPattern)) {
    const [token] = match
    pattern += escape(layout.slice(at, match.index))
    at = match.index + token.length
    if (/^[.,]9/.test(token)) pattern += '(?:[.,]\\d+)?'
    else {
      tokens.push(token)
      pattern += `(${readerOf(token)})`
      // Seconds may carry a fraction that the layout does not name.
      if (/^0?5$/.test(token) && !/^[.,][09]/.test(layout.slice(at))) pattern += '(?:[.,](?:\\d+))?'
    }
  }
  const found = new RegExp(`^${pattern}${escape(layout.slice(at))}$`, 'i').exec(text)
  return found === null ? undefined : timeOf(tokens, found.slice(1), /[.,](\d{1,9})/.exec(text)?.[1])
}

const escape = (text: string): string => text.replaceAll(/[\\.+*?()|[\]{}^$/]/g, '\\$&')

const timeOf = (
  tokens: readonly string[],
  values: readonly string[],
  decimals: string | undefined,
): Date | undefined => {
  const of = (...names: string[]): string | undefined => {
    const at = tokens.findIndex((token) => names.includes(token))
    return at < 0 ? undefined : values[at]
  }
  const number = (otherwise: number, ...names: string[]) => Number(of(...names) ?? otherwise)
  const named = (list: readonly string[], ...names: string[]): number | undefined => {
    const value = of(...names)
      ?.slice(0, 3)
      .toLowerCase()
    return value === undefined ? undefined : list.findIndex((one) => one.slice(0, 3).toLowerCase() === value) + 1
  }
  const short = of('06')
  const year = short === undefined ? number(0, '2006') : Number(short) + (Number(short) >= 69 ? 1_900 : 2_000)
  const month = named(months, 'January', 'Jan') ?? number(1, '01', '1')
  const day = number(1, '02', '2', '_2')
  const half = of('PM', 'pm')?.toLowerCase()
  const hour12 = of('03', '3')
  const hour = hour12 === undefined ? number(0, '15') : (Number(hour12) % 12) + (half === 'pm' ? 12 : 0)
  const [minute, second] = [number(0, '04', '4'), number(0, '05', '5')]
  const milliseconds = tokens.some((token) => /^0?5$/.test(token))
    ? Math.floor(Number(`0.${decimals ?? 0}`) * 1_000)
    : 0
  const time = new Date(0)
  time.setUTCFullYear(year, month - 1, day)
  time.setUTCHours(hour, minute, second, milliseconds)
  const isReal = time.getUTCDate() === day && month <= 12 && hour <= 23 && minute <= 59 && second <= 59
  return isReal ? new Date(time.getTime() - offsetOf(tokens, values) * 60_000) : undefined
}

const offsetOf = (tokens: readonly string[], values: readonly string[]): number => {
  const at = tokens.findIndex((token) => /^[Z-]0?7/.test(token) || /^Z07|^-07/.test(token))
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(values[at] ?? '')
  if (match === null) return 0
  const [, sign, hours, minutes = '0'] = match
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/** A time as Go prints it by itself. */
export const goTime = (time: Date): string => formatTime(time, '2006-01-02 15:04:05.999999999 -0700 MST', 'UTC')
