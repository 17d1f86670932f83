import { defineEvent, defineRoute, defineService, Text } from '@bookinfo/contract'
import Type, { type Static } from 'typebox'

/** A book as a catalogue lists it; what is not known is absent. */
export const FoundBook = Type.Object({
  title: Type.String(),
  author: Type.String(),
  year: Type.Optional(Type.Integer()),
  type: Type.String(),
  pages: Type.Optional(Type.Integer()),
  publisher: Type.Optional(Type.String()),
  language: Type.Optional(Type.String()),
  isbn_10: Type.Optional(Type.String()),
  isbn_13: Type.Optional(Type.String()),
  idempotency_key: Type.String(),
})
export type FoundBook = Static<typeof FoundBook>

export const bookFound = defineEvent({
  type: 'com.bookinfo.ingestion.book-added',
  topic: 'raw_books_details',
  summary: 'A catalogue lists a book',
  data: FoundBook,
  key: (book) => book.isbn_13 ?? book.isbn_10 ?? '',
})

export const CycleResult = Type.Object({
  books_found: Type.Integer(),
  events_published: Type.Integer(),
  errors: Type.Integer(),
  duration_ms: Type.Number(),
})
export type CycleResult = Static<typeof CycleResult>

const Trigger = Type.Object(
  { queries: Type.Optional(Type.Array(Text('query', 200), { title: 'queries', maxItems: 50 })) },
  { bodyOptional: true },
)

export const ingestion = defineService({
  name: 'ingestion',
  summary: 'Finds books in catalogues and publishes them',
  routes: {
    trigger: defineRoute({
      method: 'POST',
      path: '/v1/ingestion/trigger',
      summary: 'Run one cycle now',
      body: Trigger,
      reply: { 200: CycleResult },
      failures: { 409: 'a cycle is running, or there is nothing to search for' },
    }),
    status: defineRoute({
      method: 'GET',
      path: '/v1/ingestion/status',
      summary: 'Whether a cycle is running, and what the last one found',
      reply: {
        200: Type.Object({
          state: Type.Unsafe<'idle' | 'running'>({ type: 'string', enum: ['idle', 'running'] }),
          last_run_at: Type.Optional(Type.String()),
          last_result: Type.Optional(CycleResult),
        }),
      },
    }),
  },
  events: [bookFound],
})
