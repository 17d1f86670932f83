import { AppError } from '@bookinfo/errors'

export type Env = Record<string, string | undefined>

/**
 * Reads settings from an environment, collecting every problem, so that a wrong set-up is reported at once and whole.
 * An empty text counts as unset. Call `check()` after the last read: it throws `invalid` with all problems.
 */
export type EnvReader = {
  text(name: string, fallback: string): string
  optional(name: string): string | undefined
  required(name: string, why?: string): string
  integer(name: string, range: { fallback: number; min: number; max: number }): number
  choice<const Choice extends string>(name: string, options: { choices: readonly Choice[]; fallback: Choice }): Choice
  flag(name: string, fallback: boolean): boolean
  list(name: string, fallback: readonly string[]): string[]
  durationMs(name: string, fallback: string): number
  check(): void
}

/** Opens a reader on an environment; nothing else in the system looks at `process.env`. */
export const readEnv = (env: Env): EnvReader => {
  const problems: string[] = []
  const get = (name: string) => env[name] || undefined
  const problem = <T>(text: string, value: T): T => {
    problems.push(text)
    return value
  }
  return {
    text: (name, fallback) => get(name) ?? fallback,
    optional: get,
    required: (name, why) => get(name) ?? problem(why ?? `${name} environment variable is required`, ''),
    integer: (name, { fallback, min, max }) => {
      const text = get(name)
      if (text === undefined) return fallback
      const number = Number(text)
      if (Number.isInteger(number) && number >= min && number <= max) return number
      return problem(`${name} must be an integer between ${min} and ${max}, got "${text}"`, fallback)
    },
    choice: (name, { choices, fallback }) => {
      const text = get(name)
      if (text === undefined) return fallback
      const choice = choices.find((one) => one === text.toLowerCase())
      return choice ?? problem(`${name} must be one of ${choices.join(', ')}, got "${text}"`, fallback)
    },
    flag: (name, fallback) => {
      const text = get(name)?.toLowerCase()
      if (text === undefined) return fallback
      if (text === 'true' || text === 'false') return text === 'true'
      return problem(`${name} must be true or false, got "${text}"`, fallback)
    },
    list: (name, fallback) => {
      const text = get(name)
      if (text === undefined) return [...fallback]
      return text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '')
    },
    durationMs: (name, fallback) => {
      const text = get(name) ?? fallback
      return parseDurationMs(text) ?? problem(`${name} must be a duration such as 5m or 1m30s, got "${text}"`, 0)
    },
    check: () => {
      if (problems.length > 0) throw new AppError('invalid', `configuration: ${problems.join('; ')}`)
    },
  }
}

const unitMs: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** A Go duration (`1h2m3.5s`) in milliseconds; undefined when it is none or negative. */
export const parseDurationMs = (text: string): number | undefined => {
  if (text === '0') return 0
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit as string] as number),
    0,
  )
}
