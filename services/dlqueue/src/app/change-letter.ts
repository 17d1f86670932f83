import { AppError } from '@bookinfo/errors'
import { beginReplay, type Letter, replayed, replayFailed, reset, resolve } from '../domain.ts'
import type { LetterStore, ReplayGateway } from '../ports.ts'
import type { DlqTelemetry } from '../telemetry.ts'

type Needs = { letters: LetterStore; telemetry: DlqTelemetry; now: () => Date }

/** One letter; `notFound` when there is none of this id. */
export const getLetter =
  ({ letters }: Pick<Needs, 'letters'>) =>
  async (id: string): Promise<Letter> => {
    const letter = await letters.find(id)
    if (letter === undefined) throw new AppError('notFound', 'event not found')
    return letter
  }

const store = async (letters: LetterStore, letter: Letter): Promise<Letter> => {
  if (await letters.replace(letter)) return letter
  throw new AppError('conflict', `invalid status transition: letter ${letter.id} was changed by somebody else just now`)
}

/** Sends a letter's event again. Of several callers at once one sends, the others are told so. */
export const replayLetter =
  ({ letters, telemetry, now, replays }: Needs & { replays: ReplayGateway }) =>
  async (id: string): Promise<Letter> => {
    const taken = await store(letters, beginReplay(await getLetter({ letters })(id), now()))
    const startMs = performance.now()
    try {
      const replayEventId = await replays.send(taken)
      const letter = replayed(taken, { replayEventId, now: now() })
      // The event may have failed again already; then that change stands and this one is late.
      const isStored = await letters.replace(letter)
      telemetry.replayed(letter, { tookMs: performance.now() - startMs })
      return isStored ? letter : await getLetter({ letters })(id)
    } catch (error) {
      await letters.replace(replayFailed(taken, now()))
      throw error
    }
  }

/** Closes a letter by hand or because its event was applied. */
export const resolveLetter =
  ({ letters, telemetry, now }: Needs) =>
  async (id: string, { by }: { by: string }): Promise<Letter> => {
    const letter = await store(letters, resolve(await getLetter({ letters })(id), { by, now: now() }))
    telemetry.resolved(letter)
    return letter
  }

/** Gives a poisoned letter its replays back. */
export const resetLetter =
  ({ letters, now }: Pick<Needs, 'letters' | 'now'>) =>
  async (id: string): Promise<Letter> =>
    store(letters, reset(await getLetter({ letters })(id), now()))
