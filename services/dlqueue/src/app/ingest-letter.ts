import { AppError } from '@bookinfo/errors'
import { failedAgain, type Letter } from '../domain.ts'
import type { LetterStore } from '../ports.ts'
import type { DlqTelemetry } from '../telemetry.ts'

type Needs = { letters: LetterStore; telemetry: DlqTelemetry; now: () => Date }

const triesMax = 10

/** Keeps a failed event. The same failure delivered again changes nothing; a replay that failed finds its letter and counts. */
export const ingestLetter =
  ({ letters, telemetry, now }: Needs) =>
  async (letter: Letter, { deadLetterId }: { deadLetterId: string | undefined }): Promise<Letter> => {
    for (let tries = 0; tries < triesMax; tries += 1) {
      const known = deadLetterId ? await letters.find(deadLetterId) : undefined
      if (known === undefined) {
        const stored = await letters.addOnce(letter)
        telemetry.ingested(stored.letter, { isDuplicate: !stored.isNew })
        return stored.letter
      }
      if (known.status === 'resolved') {
        telemetry.ignored(known)
        return known
      }
      const changed = failedAgain(known, { failure: letter.failure, now: now() })
      if (changed === known || (await letters.replace(changed))) {
        telemetry.ingested(changed, { isDuplicate: true })
        return changed
      }
    }
    throw new AppError('unavailable', `letter ${deadLetterId} changes too fast; try again`)
  }
