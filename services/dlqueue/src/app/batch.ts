import { describeError } from '@bookinfo/errors'
import type { Letter } from '../domain.ts'
import type { LetterFilter, LetterStore } from '../ports.ts'

export type ItemResult = { id: string; ok: boolean; status?: Letter['status']; error?: string }

const inParallel = 32
const pageMax = 500

/** Does something to many letters side by side; one that fails says why and stops nothing. */
export const forEachLetter = async (
  ids: readonly string[],
  work: (id: string) => Promise<Letter>,
): Promise<ItemResult[]> => {
  const results: ItemResult[] = Array(ids.length)
  let next = 0
  const worker = async () => {
    while (next < ids.length) {
      const index = next++
      const id = ids[index] as string
      results[index] = await work(id).then(
        ({ status }) => ({ id, ok: true, status }),
        (error) => ({ id, ok: false, error: describeError(error) }),
      )
    }
  }
  await Promise.all(Array.from({ length: Math.min(inParallel, ids.length) }, worker))
  return results
}

/** The ids that a filter names, at most `limit`. */
export const selectIds = async (letters: LetterStore, filter: LetterFilter, limit: number): Promise<string[]> => {
  const ids: string[] = []
  while (ids.length < limit) {
    const page = await letters.list(filter, { offset: ids.length, limit: Math.min(pageMax, limit - ids.length) })
    ids.push(...page.letters.map(({ id }) => id))
    if (page.letters.length === 0) break
  }
  return ids
}
