import type { Attempt } from '../state/types.ts'

const headerMaxBytes = 8_192
const attemptsMax = 20
const errorMaxCharacters = 300

/** What went wrong, for the header `Sluice-Failure` of a dlqTrigger's request: base64url of JSON, at most 8 KiB. */
export const failureHeader = (attempts: readonly Attempt[]): string => {
  const last = attempts.at(-1)
  const shown = attempts.slice(-attemptsMax).map(({ at, durationMs, status, error }) => ({
    at,
    duration_ms: durationMs,
    status,
    error: error?.slice(0, errorMaxCharacters) ?? null,
  }))
  const failure = {
    status: last?.status ?? null,
    error: last?.error?.slice(0, errorMaxCharacters) ?? null,
    attempts: shown,
  }
  const encode = () => Buffer.from(JSON.stringify(failure)).toString('base64url')
  while (encode().length > headerMaxBytes && failure.attempts.length > 0) failure.attempts.shift()
  return encode()
}
