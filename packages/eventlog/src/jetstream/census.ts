import type { Journal } from '../journal/journal.ts'
import type { Reader } from './reader.ts'
import type { OpenStream } from './stream.ts'

const pieceMax = 1_000
const limitMs = 60_000

/**
 * Notes what a log holds after the journal's head, as far as it goes now: what no feed of this process has read yet, and what a crash of
 * the database undid.
 */
export const noteRest = async (needs: {
  log: string
  journal: Journal
  stream: OpenStream
  openReader: (after: number) => Reader
}): Promise<void> => {
  const { log, journal, stream, openReader } = needs
  const { upto, isEmpty } = stream
  const [head] = await journal.heads(log, [0])
  let noted = head?.position ?? 0
  if (noted >= upto) return
  // What retention removed cannot be noted any more: the gap counts as read.
  if (isEmpty) return void (await journal.noteAgain(log, { partition: 0, from: noted + 1, upto, entries: [] }))
  const reader = openReader(noted)
  const signal = AbortSignal.timeout(limitMs)
  try {
    while (noted < upto && !signal.aborted) {
      const entries = await reader.next({ max: pieceMax, signal })
      const last = entries.at(-1)?.position ?? noted
      await journal.noteAgain(log, { partition: 0, from: noted + 1, upto: last, entries })
      noted = last
    }
  } finally {
    await reader.close()
  }
}
