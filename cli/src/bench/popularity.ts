import { join } from 'node:path'
import { readCatalogue } from '@bookinfo/ingestion/service'

/** 10,000 real books. */
export const catalogueFile = join(import.meta.dirname, '..', '..', '..', 'data', 'books.csv')

/** What readers do: which book they rate, and with how many stars. */
export type Popularity = { draw(): { productId: string; stars: number } }

/** Real books; the n-th most rated one is drawn in proportion to 1/n (Zipf), with stars in the proportions of its real ones. */
export const readPopularity = async ({ books }: { books: number }): Promise<Popularity> => {
  const all = await readCatalogue(catalogueFile, { limit: books })
  const ranked = all.map((book) => ({ ...book, total: sum(book.stars) })).toSorted((a, b) => b.total - a.total)
  const weights = cumulative(ranked.map((_, index) => 1 / (index + 1)))
  const stars = ranked.map((book) => cumulative(book.stars))
  return {
    draw: () => {
      const rank = pick(weights)
      return { productId: `book-${rank}`, stars: pick(stars[rank] as number[]) + 1 }
    },
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

const cumulative = (weights: readonly number[]): number[] => {
  let total = 0
  return weights.map((weight) => (total += weight))
}

/** The first place whose cumulative weight is above a random share of the whole. */
const pick = (weights: readonly number[]): number => {
  const drawn = Math.random() * (weights.at(-1) ?? 0)
  let [low, high] = [0, weights.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((weights[middle] as number) > drawn) high = middle
    else low = middle + 1
  }
  return low
}
