import { AppError } from '@bookinfo/errors'
import { compileJq as compile } from './jq/evaluate.ts'
import type { Json } from './jq/values.ts'

/** What a jq program makes of the data of an event: its first output. */
export type JqScript = (data: Record<string, unknown>) => unknown

/**
 * Compiles a jq program; throws `invalid` for a mistake in it, as the program does when it fails or gives nothing. It sees no
 * environment and no files, and takes no more than a bounded number of steps.
 */
export const compileJq = (program: string): JqScript => {
  const run = attempt(() => compile(program))
  return (data) =>
    attempt(() => {
      const { value, done } = run(data as Json).next()
      if (done) throw new AppError('invalid', 'jq: the program gives no output')
      return value
    })
}

const attempt = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid', error instanceof RangeError ? 'jq: the program goes too deep' : messageOf(error))
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
