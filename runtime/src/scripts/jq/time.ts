import { fail } from './lexer.ts'
import { isNumber, type Json } from './values.ts'

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = 'January February March April May June July August September October November December'.split(' ')
const dayMs = 86_400_000

/** Seconds since 1970 as jq's "broken down time": year, month from 0, day, hours, minutes, seconds, day of the week, day of the year. */
export const breakDown = (seconds: number): Json => {
  const time = new Date(seconds * 1_000)
  if (Number.isNaN(time.getTime())) return fail('this time is too far away')
  const fraction = Math.round((seconds - Math.floor(seconds)) * 1e6) / 1e6
  const newYear = Date.UTC(time.getUTCFullYear(), 0, 1)
  return [
    time.getUTCFullYear(),
    time.getUTCMonth(),
    time.getUTCDate(),
    time.getUTCHours(),
    time.getUTCMinutes(),
    time.getUTCSeconds() + fraction,
    time.getUTCDay(),
    Math.floor((time.getTime() - newYear) / dayMs),
  ]
}

export const putTogether = (parts: readonly Json[]): number => {
  if (parts.length < 6 || !parts.every(isNumber)) return fail('a broken down time needs six numbers')
  const [year, month, day, hours, minutes, seconds] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return Date.UTC(year, month, day, hours, minutes) / 1_000 + seconds
}

const two = (number: number): string => String(number).padStart(2, '0')

const directives: Record<string, (time: Date) => string> = {
  Y: (time) => String(time.getUTCFullYear()),
  C: (time) => two(Math.floor(time.getUTCFullYear() / 100)),
  y: (time) => two(time.getUTCFullYear() % 100),
  m: (time) => two(time.getUTCMonth() + 1),
  d: (time) => two(time.getUTCDate()),
  e: (time) => String(time.getUTCDate()).padStart(2),
  H: (time) => two(time.getUTCHours()),
  I: (time) => two(time.getUTCHours() % 12 || 12),
  M: (time) => two(time.getUTCMinutes()),
  S: (time) => two(time.getUTCSeconds()),
  p: (time) => (time.getUTCHours() < 12 ? 'AM' : 'PM'),
  A: (time) => days[time.getUTCDay()] as string,
  a: (time) => (days[time.getUTCDay()] as string).slice(0, 3),
  B: (time) => months[time.getUTCMonth()] as string,
  b: (time) => (months[time.getUTCMonth()] as string).slice(0, 3),
  h: (time) => (months[time.getUTCMonth()] as string).slice(0, 3),
  j: (time) =>
    String(Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / dayMs) + 1).padStart(3, '0'),
  u: (time) => String(time.getUTCDay() || 7),
  w: (time) => String(time.getUTCDay()),
  s: (time) => String(Math.floor(time.getTime() / 1_000)),
  Z: () => 'UTC',
  z: () => '+0000',
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
}
const groups: Record<string, string> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
  c: '%a %b %e %H:%M:%S %Y',
  r: '%I:%M:%S %p',
}

const expanded = (format: string): string => format.replace(/%([FTRDcr])/g, (_, name: string) => groups[name] as string)

export const formatTime = (input: Json, format: string): string => {
  const seconds = isNumber(input) ? Number(input) : Array.isArray(input) ? putTogether(input) : fail('this is no time')
  const time = new Date(seconds * 1_000)
  if (Number.isNaN(time.getTime())) return fail('this time is too far away')
  return expanded(format).replace(/%(.)/gs, (all, name: string) => directives[name]?.(time) ?? all)
}

const readers: Record<
  string,
  [
    string,
    (
      text: string,
    ) => Partial<Record<'year' | 'month' | 'day' | 'hours' | 'minutes' | 'seconds' | 'offset' | 'epoch', number>>,
  ]
> = {
  Y: ['[+-]?\\d{1,4}', (text) => ({ year: Number(text) })],
  m: ['\\d{1,2}', (text) => ({ month: Number(text) - 1 })],
  d: ['\\d{1,2}', (text) => ({ day: Number(text) })],
  e: [' ?\\d{1,2}', (text) => ({ day: Number(text) })],
  H: ['\\d{1,2}', (text) => ({ hours: Number(text) })],
  M: ['\\d{1,2}', (text) => ({ minutes: Number(text) })],
  S: ['\\d{1,2}(?:\\.\\d+)?', (text) => ({ seconds: Number(text) })],
  s: ['\\d+', (text) => ({ epoch: Number(text) })],
  y: ['\\d{2}', (text) => ({ year: Number(text) + (Number(text) < 69 ? 2_000 : 1_900) })],
  B: [months.join('|'), (text) => ({ month: months.indexOf(text) })],
  b: [
    months.map((name) => name.slice(0, 3)).join('|'),
    (text) => ({ month: months.findIndex((name) => name.startsWith(text)) }),
  ],
  A: [days.join('|'), () => ({})],
  a: [days.map((name) => name.slice(0, 3)).join('|'), () => ({})],
  Z: ['[A-Za-z]+', () => ({})],
  z: ['Z|[+-]\\d{2}:?\\d{2}', () => ({})],
}

/** Reads a time by a format; the result is broken down. */
export const parseTime = (text: string, format: string): Json => {
  const fields: string[] = []
  const pattern = expanded(format)
    .split(/(%.)/s)
    .map((part) => {
      const reader = part.startsWith('%') ? readers[part.slice(1)] : undefined
      if (reader === undefined) return (part === '%%' ? '%' : part).replace(/[$()*+.?[\\\]^{|}/]/g, '\\$&')
      fields.push(part.slice(1))
      return `(${reader[0]})`
    })
    .join('')
  const found = new RegExp(`^${pattern}$`).exec(text)
  if (found === null) return fail(`${JSON.stringify(text)} is not a time like ${format}`)
  const parts = Object.assign(
    { year: 1900, month: 0, day: 1, hours: 0, minutes: 0, seconds: 0, epoch: Number.NaN },
    ...fields.map((field, index) => readers[field]?.[1](found[index + 1] as string)),
  )
  if (!Number.isNaN(parts.epoch)) return breakDown(parts.epoch)
  return breakDown(Date.UTC(parts.year, parts.month, parts.day, parts.hours, parts.minutes) / 1_000 + parts.seconds)
}
