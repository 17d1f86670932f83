import { createHash } from 'node:crypto'
import type { CatalogueBook } from '../ports.ts'
import type { RatingSample } from './load-catalogue.ts'

const firstNames = [
  'Ada',
  'Ben',
  'Chidi',
  'Dana',
  'Elif',
  'Farid',
  'Grace',
  'Hugo',
  'Ines',
  'Jun',
  'Kaya',
  'Liam',
  'Mina',
  'Noor',
  'Olga',
  'Paulo',
]
const lastNames = [
  'Archer',
  'Bauer',
  'Chen',
  'Diaz',
  'Evans',
  'Fischer',
  'Garcia',
  'Haddad',
  'Ito',
  'Jansen',
  'Kim',
  'Lopez',
  'Moreau',
  'Novak',
  'Okafor',
  'Patel',
]

/** About `count` ratings in the proportions of the book's real ones; the same every time, because the ISBN decides. */
export const sampleStars = ({ isbn, stars }: CatalogueBook, count: number): RatingSample[] => {
  const total = stars.reduce((sum, many) => sum + many, 0)
  if (isbn === undefined || isbn === '' || total === 0) return []
  return Array.from({ length: count }, (_, index) => {
    const bytes = createHash('sha256').update(`${isbn}/${index}`).digest()
    const drawn = (bytes.readUInt32BE(0) / 0x1_0000_0000) * total
    const reviewer = `${pick(firstNames, bytes, 4)} ${pick(lastNames, bytes, 5)}`
    return { isbn, reviewer, stars: starsAt(stars, drawn), idempotencyKey: `catalogue-${isbn}-${index}` }
  })
}

const pick = (list: readonly string[], bytes: Buffer, at: number): string =>
  list[(bytes[at] as number) % list.length] as string

const starsAt = (stars: readonly number[], drawn: number): number => {
  let below = 0
  for (const [index, many] of stars.entries()) {
    below += many
    if (drawn < below) return index + 1
  }
  return stars.length
}
