/** Every way an operation can fail, with its HTTP status and whether trying again can help. */
export const errorCodes = {
  invalid: { status: 400, isRetryable: false },
  unauthorized: { status: 401, isRetryable: false },
  forbidden: { status: 403, isRetryable: false },
  notFound: { status: 404, isRetryable: false },
  methodNotAllowed: { status: 405, isRetryable: false },
  conflict: { status: 409, isRetryable: false },
  tooLarge: { status: 413, isRetryable: false },
  unprocessable: { status: 422, isRetryable: false },
  tooManyRequests: { status: 429, isRetryable: true },
  internal: { status: 500, isRetryable: true },
  badGateway: { status: 502, isRetryable: true },
  unavailable: { status: 503, isRetryable: true },
  timeout: { status: 504, isRetryable: true },
} as const

export type ErrorCode = keyof typeof errorCodes

type Options = { cause?: unknown; headers?: Record<string, string> }

/** A failure with a meaning. The message says what was attempted, with ids; clients see it unless the status is 500. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  /** Headers for the reply that reports it, such as `Retry-After`. */
  readonly headers: Record<string, string>

  constructor(code: ErrorCode, message: string, { cause, headers = {} }: Options = {}) {
    super(message, cause === undefined ? {} : { cause })
    this.code = code
    this.headers = headers
  }
}

/** Gives anything thrown a code; what nobody gave a meaning is `internal`. */
export const toAppError = (thrown: unknown): AppError =>
  thrown instanceof AppError ? thrown : new AppError('internal', 'internal error', { cause: thrown })

/** The message of anything thrown, with the messages of its causes, for logs only. */
export const describeError = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown)
  const own = thrown.message || thrown.name
  return thrown.cause === undefined ? own : `${own}: ${describeError(thrown.cause)}`
}
