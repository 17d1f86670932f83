import { AppError } from '@bookinfo/errors'
import type { CloudEvent } from '../event.ts'
import type { TimeFilter } from '../manifest/types.ts'
import type { GroupVerdict } from './filter.ts'

/** Whether the event's own time lies between two times of day, the end excluded; an end before the start is the next day's. */
export const passesTime = ({ start, stop, timezone }: TimeFilter, { time }: CloudEvent): GroupVerdict => {
  try {
    const [from, until] = [secondsOfDay(start), secondsOfDay(stop)]
    const at = secondsIn(time, timezone || 'UTC')
    const pass = from < until ? at >= from && at < until : at >= from || at < until
    return { pass, reason: `time is ${pass ? 'inside' : 'outside'} ${start} to ${stop}` }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { pass: false, error: `time filter: ${message}`, reason: message }
  }
}

const secondsOfDay = (text: string): number => {
  const match = /^(\d{1,2}):(\d{2}):(\d{2}(?:[.,]\d+)?)$/.exec(text)
  if (match === null) throw new AppError('invalid', `"${text}" is not a time of day such as 09:30:00`)
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part.replace(',', '.')))
  if (hours > 23 || minutes > 59 || seconds >= 60) throw new AppError('invalid', `"${text}" is not a time of day`)
  return hours * 3_600 + minutes * 60 + seconds
}

/** The time of day somewhere, with the fraction of a second that the event's time has. */
const secondsIn = (time: string, timeZone: string): number => {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(time))
  return secondsOfDay(`${clock}${/\.\d+/.exec(time)?.[0] ?? ''}`)
}
