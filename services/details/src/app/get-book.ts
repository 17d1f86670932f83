import { AppError } from '@bookinfo/errors'
import type { RatedBook } from '../domain/book.ts'
import type { BookStore } from '../ports.ts'

type Needs = { books: Pick<BookStore, 'find'> }

/** One book; rejects with `notFound` when there is none of this id. */
export const getBook =
  ({ books }: Needs) =>
  async (id: string): Promise<RatedBook> => {
    const book = await books.find(id)
    if (book === undefined) throw new AppError('notFound', 'detail not found')
    return book
  }
