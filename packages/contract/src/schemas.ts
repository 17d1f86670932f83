import Type, { type TSchema, type TString } from 'typebox'

/** NUL and lone surrogates cannot be stored as text by every backend, so the door refuses them. */
const unstorable = '[\\u0000\\p{Surrogate}]'

/** Text that a person must give: not blank, storable, at most `maxLength` characters. `title` names it in error messages. */
export const Text = (title: string, maxLength: number): TString =>
  Type.String({ title, minLength: 1, maxLength, pattern: '\\S', not: { pattern: unstorable } })

/** Text that may be empty; storable, at most `maxLength` characters. */
export const OptionalText = (title: string, maxLength: number): TString =>
  Type.String({ title, maxLength, not: { pattern: unstorable } })

/** An opaque identifier, as in a path. */
export const Id = (title: string): TString => Text(title, 200)

/** The caller's own name for a write, so that a repeat is recognised. An empty one counts as absent. */
export const IdempotencyKeyField = Type.Optional(OptionalText('idempotency_key', 300))

/** Every failure's body. */
export const ErrorReply = Type.Object({ error: Type.String() })

/** An RFC 3339 time in UTC. */
export const Timestamp = (title: string): TString => Type.String({ title, format: 'date-time' })

/** A page number and size in a query string; the texts are read as integers. */
export const pageQuery = (sizeDefault: number, sizeMax: number): { page: TSchema; page_size: TSchema } => ({
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1, title: 'page' })),
  page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: sizeMax, default: sizeDefault, title: 'page_size' })),
})
