import type { Value } from '../../go-json.ts'
import { type Functions, takes } from '../functions.ts'
import { formatTime, parseTime } from './time.ts'

const unitsMs: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}

/** A Go duration such as `-1h30m` in milliseconds; undefined when it is none. */
const durationMs = (text: string): number | undefined => {
  if (/^[+-]?0$/.test(text)) return 0
  if (!/^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined
  const parts = text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)
  const sum = Array.from(parts, ([, size, unit]) => Number(size) * (unitsMs[unit as string] as number)).reduce(
    (a, b) => a + b,
    0,
  )
  return text.startsWith('-') ? -sum : sum
}

/** Seconds as Go prints a duration. */
const durationText = (seconds: number): string => {
  const size = Math.abs(seconds)
  const [hours, minutes, rest] = [Math.floor(size / 3_600), Math.floor(size / 60) % 60, size % 60]
  const head = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : ''
  return `${seconds < 0 ? '-' : ''}${head}${rest}s`
}

const timeOf = (value: Value): Date => {
  if (value instanceof Date) return value
  return typeof value === 'bigint' ? new Date(Number(value) * 1_000) : new Date()
}

const zeroTime = new Date('0001-01-01T00:00:00Z')

const parsed = (layout: string, text: string): Date => {
  const time = parseTime(layout, text)
  if (time === undefined) throw new Error(`parsing time "${text}" as "${layout}"`)
  return time
}

const modify = (duration: string, time: Date): Date => {
  const addedMs = durationMs(duration)
  return addedMs === undefined ? time : new Date(time.getTime() + addedMs)
}

const mustModify = (duration: string, time: Date): Date => {
  if (durationMs(duration) === undefined) throw new Error(`time: invalid duration "${duration}"`)
  return modify(duration, time)
}

const roundUnits: [string, number][] = [
  ['y', 365 * 86_400],
  ['mo', 30 * 86_400],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
]

const roughly = (value: Value): string => {
  let seconds = 0
  if (typeof value === 'string') seconds = Math.abs(durationMs(value) ?? 0) / 1_000
  else if (typeof value === 'bigint') seconds = Math.abs(Number(value)) / 1e9
  else if (value instanceof Date) seconds = Math.abs(Date.now() - value.getTime()) / 1_000
  const unit = roundUnits.find(([, size]) => seconds > size)
  return unit === undefined ? '0s' : `${Math.floor(seconds / unit[1])}${unit[0]}`
}

const inZone = takes('sas', (layout: string, time: Value, zone: string) => formatTime(timeOf(time), layout, zone))
const dateModify = takes('st', modify)
const mustDateModify = takes('st', mustModify)

export const dateFunctions: Functions = {
  now: takes('', () => new Date()),
  date: takes('sa', (layout: string, time: Value) => formatTime(timeOf(time), layout, 'UTC')),
  dateInZone: inZone,
  date_in_zone: inZone,
  htmlDate: takes('a', (time: Value) => formatTime(timeOf(time), '2006-01-02', 'UTC')),
  htmlDateInZone: takes('as', (time: Value, zone: string) => formatTime(timeOf(time), '2006-01-02', zone)),
  toDate: takes('ss', (layout: string, text: string) => parseTime(layout, text) ?? zeroTime),
  mustToDate: takes('ss', parsed),
  dateModify,
  date_modify: dateModify,
  mustDateModify,
  must_date_modify: mustDateModify,
  unixEpoch: takes('t', (time: Date) => String(Math.floor(time.getTime() / 1_000))),
  ago: takes('a', (time: Value) => durationText(Math.round((Date.now() - timeOf(time).getTime()) / 1_000))),
  duration: takes('a', (seconds: Value) => {
    if (typeof seconds === 'bigint') return durationText(Number(seconds))
    return durationText(typeof seconds === 'string' && /^[+-]?\d+$/.test(seconds) ? Number(seconds) : 0)
  }),
  durationRound: takes('a', roughly),
}
