import type { PendingReview, PendingStore } from '../ports.ts'

export const pendingMaxMs = 3_600_000
export const pendingPerBookMax = 50

type Book = { pending: PendingReview[]; deleting: Map<string, number> }

/** What is on its way, kept in this process. */
export const createMemoryPending = ({ now }: { now: () => Date }): PendingStore => {
  const books = new Map<string, Book>()
  const open = (productId: string): Book => {
    const book = books.get(productId) ?? { pending: [], deleting: new Map() }
    books.set(productId, book)
    return book
  }
  const isFresh = (atMs: number) => now().getTime() - atMs < pendingMaxMs
  return {
    add: async (productId, review) => {
      const book = open(productId)
      book.pending = [review, ...book.pending.filter(({ id }) => id !== review.id)].slice(0, pendingPerBookMax)
    },
    markDeleting: async (productId, reviewId) => void open(productId).deleting.set(reviewId, now().getTime()),
    list: async (productId) => {
      const book = books.get(productId)
      if (book === undefined) return { pending: [], deleting: [] }
      const deleting = [...book.deleting].filter(([, atMs]) => isFresh(atMs)).map(([id]) => id)
      return {
        pending: book.pending.filter(({ at }) => isFresh(at.getTime())),
        deleting: deleting.slice(-pendingPerBookMax),
      }
    },
    settle: async (productId, reviewIds) => {
      const book = books.get(productId)
      if (book === undefined) return
      book.pending = book.pending.filter(({ id }) => !reviewIds.includes(id))
      for (const id of reviewIds) book.deleting.delete(id)
      if (book.pending.length === 0 && book.deleting.size === 0) books.delete(productId)
    },
    close: async () => books.clear(),
  }
}
