import { type Pool, query } from '@bookinfo/database'
import type { Entry } from '../port.ts'
import type { Journal, Piece } from './journal.ts'

const repeatsMax = 10_000

/** What this process knows to be noted of a partition, without a gap. */
type Known = { from: number; upto: number; repeats: Set<number> }

/**
 * Notes pieces, one at a time for each log: readers of the same records in this process share one statement, because the later ones
 * find that theirs are noted.
 */
export const noteRecords = (pool: Pool): Pick<Journal, 'note' | 'noteAgain'> => {
  const known = new Map<string, Known>()
  const turns = new Map<string, Promise<unknown>>()

  const note = async (log: string, piece: Piece, trusts: boolean): Promise<Entry[]> => {
    const name = `${piece.partition} ${log}`
    const before = known.get(name)
    if (trusts && before && piece.from >= before.from && piece.upto <= before.upto)
      return withoutRepeats(piece, before.repeats)
    const repeats = await store(pool, log, piece)
    if (before === undefined || piece.from > before.upto + 1 || before.repeats.size > repeatsMax)
      known.set(name, { from: piece.from, upto: piece.upto, repeats })
    else if (piece.from >= before.from) {
      before.upto = Math.max(before.upto, piece.upto)
      for (const position of repeats) before.repeats.add(position)
    }
    return withoutRepeats(piece, repeats)
  }

  const inTurn = (log: string, piece: Piece, trusts: boolean): Promise<Entry[]> => {
    const last = turns.get(log) ?? Promise.resolve()
    const turn = last.catch(() => {}).then(() => note(log, piece, trusts))
    turns.set(log, turn)
    return turn
  }
  return {
    note: (log, piece) => inTurn(log, piece, true),
    noteAgain: (log, piece) => inTurn(log, piece, false),
  }
}

const withoutRepeats = ({ entries }: Piece, repeats: ReadonlySet<number>): Entry[] =>
  entries.filter(({ position }) => !repeats.has(position))

const noteSql = 'SELECT repeated FROM journal_note($1, $2, $3, $4, $5, $6, $7, $8)'

const store = async (pool: Pool, log: string, piece: Piece): Promise<Set<number>> => {
  const { partition, from, upto, entries } = piece
  const { rows } = await query<{ repeated: string }>(pool, 'journal.note', noteSql, [
    log,
    partition,
    from,
    upto,
    entries.map(({ position }) => position),
    entries.map(({ id }) => id),
    entries.map(({ subject }) => subject),
    entries.map(({ origin }) => origin),
  ])
  return new Set(rows.map(({ repeated }) => Number(repeated)))
}
