import { AppError } from '@bookinfo/errors'

/** The data of an event as scripts see it: an object, or null; anything else is refused. */
export const dataObject = (data: string): Record<string, unknown> | null => {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    throw new AppError('invalid', 'the data of the event is not JSON')
  }
  if (typeof value !== 'object' || Array.isArray(value))
    throw new AppError('invalid', 'the data of the event is not an object')
  return value as Record<string, unknown> | null
}
