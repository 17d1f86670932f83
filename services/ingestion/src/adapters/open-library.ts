import { AppError } from '@bookinfo/errors'
import { validator } from '@bookinfo/contract'
import { createHttpClient, pathOf } from '@bookinfo/server'
import Type, { type Static } from 'typebox'
import type { BookSource, SourceBook } from '../ports.ts'

const timeoutMs = 30_000
const fields = 'title,author_name,isbn,first_publish_year,subject,number_of_pages_median,publisher,language'

const Texts = Type.Optional(Type.Array(Type.String()))
const Document = Type.Object({
  title: Type.Optional(Type.String()),
  author_name: Texts,
  isbn: Texts,
  first_publish_year: Type.Optional(Type.Integer()),
  number_of_pages_median: Type.Optional(Type.Integer()),
  publisher: Texts,
  language: Texts,
})
type Document = Static<typeof Document>

const answer = validator(Type.Object({ docs: Type.Array(Document, { maxItems: 1_000 }) }))

/** Open Library's search (openlibrary.org/dev/docs/api/search). */
export const createOpenLibrary = ({ baseUrl }: { baseUrl: string }): BookSource & { close(): Promise<void> } => {
  const client = createHttpClient({ name: 'Open Library', baseUrl, timeoutMs })
  return {
    search: async (query, { limit }) => {
      const path = pathOf('/search.json', {}, { q: query, limit, fields })
      const reply = await client.call({
        method: 'GET',
        path,
        headers: { 'user-agent': 'event-driven-bookinfo (ingestion)' },
      })
      if (reply.status !== 200) throw new AppError('badGateway', `Open Library answered ${reply.status}`)
      const found: unknown = parse(reply.text)
      if (!answer.check(found))
        throw new AppError('badGateway', `Open Library answered something else: ${answer.problems(found)[0]}`)
      return found.docs.map(toBook)
    },
    close: () => client.close(),
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('badGateway', 'Open Library answered with something that is not JSON', { cause })
  }
}

const toBook = (document: Document): SourceBook => ({
  title: document.title,
  authors: document.author_name ?? [],
  isbn: document.isbn?.find((isbn) => isbn.length === 13) ?? document.isbn?.[0],
  year: document.first_publish_year,
  pages: document.number_of_pages_median,
  publisher: document.publisher?.[0],
  language: document.language?.[0]?.toUpperCase(),
})
