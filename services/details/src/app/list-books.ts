import { type Sort, wordsOf } from '../domain/catalogue.ts'
import type { BookStore, CataloguePage } from '../ports.ts'

type Needs = { books: Pick<BookStore, 'page'> }
type Input = { search: string; sort: Sort; page: number; pageSize: number }

/** A page of the catalogue, of the books that hold every word of the search. */
export const listBooks =
  ({ books }: Needs) =>
  ({ search, sort, page, pageSize }: Input): Promise<CataloguePage> =>
    books.page({ words: wordsOf(search), sort, offset: (page - 1) * pageSize, limit: pageSize })
